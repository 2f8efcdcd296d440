using System.Security.Cryptography.X509Certificates;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Actors.Tests.Tls;

/// <summary>What a certificate says that its node may be.</summary>
public sealed class PeerIdentityTests
{
    [Theory]
    [InlineData("trafficflow://server/s1", PeerRole.Server, "s1", "", "")]
    [InlineData("trafficflow://roadside/r1?site=a&site=b&camera=c1", PeerRole.Roadside, "r1", "a,b", "c1")]
    [InlineData("trafficflow://subscriber/analyst.x", PeerRole.Subscriber, "analyst.x", "", "")]
    public void It_is_read(string uri, PeerRole role, string name, string sites, string cameras)
    {
        var identity = PeerIdentity.Parse(uri)!;

        Assert.Equal((role, name, sites, cameras), (identity.Role, identity.Name, string.Join(',', identity.Sites), string.Join(',', identity.Cameras)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://server/s1")]
    [InlineData("trafficflow://server")]
    [InlineData("trafficflow://root/x")]
    [InlineData("trafficflow://0/x")]
    [InlineData("trafficflow://roadside/r1")] // of no site: nothing that it could speak for
    [InlineData("trafficflow://server/s1?site=a")]
    [InlineData("trafficflow://subscriber/s?camera=c")]
    [InlineData("trafficflow://roadside/r1?site=a&role=server")]
    [InlineData("trafficflow://roadside/r1?site=")]
    public void What_says_anything_else_is_none(string uri) => Assert.Null(PeerIdentity.Parse(uri));

    [Fact]
    public void A_cabinet_speaks_for_its_sites_and_cameras_and_a_server_for_all()
    {
        var cabinet = PeerIdentity.Parse("trafficflow://roadside/r1?site=a&camera=c1")!;
        var whole = PeerIdentity.Parse("trafficflow://roadside/r2?site=a")!;
        var server = PeerIdentity.Parse("trafficflow://server/s1")!;

        Assert.True(cabinet.HasCamera("a", "c1") && whole.HasCamera("a", "c2") && server.HasCamera("b", "c9"));
        Assert.False(cabinet.HasCamera("a", "c2") || cabinet.HasCamera("b", "c1") || whole.HasSite("b"));
        Assert.False(PeerIdentity.Parse("trafficflow://subscriber/x")!.HasSite("a"));
    }

    [Fact]
    public void The_certificate_carries_it_beside_its_hosts()
    {
        using var certificates = new TestCertificates();
        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(certificates.Node("r1", "roadside", "a").Certificate));

        Assert.Equal("roadside r1 of a", PeerIdentity.Of(certificate)?.ToString());
    }
}
