using System.Net;
using TrafficFlow.Core.Custody;
using Xunit;

namespace TrafficFlow.Core.Tests.Custody;

public sealed class LinkJudgeTests
{
    private static readonly TrustedNetwork[] s_networks = [Network("vpn", "10.20.0.0/16", NetworkKind.Vpn), Network("cabinet", "fd12:3456:789a::/48", NetworkKind.Isolated)];

    [Theory]
    [InlineData("../clips/a.mp4")]
    [InlineData("/dev/video0")]
    [InlineData("synthetic:north?seed=7")]
    [InlineData("replay:simulation")]
    public void What_crosses_no_network_needs_none(string source)
    {
        Assert.Null(LinkJudge.HostToResolve(source));
        Assert.Equal(LinkStanding.NotNeeded, LinkJudge.Judge(source, [], []).Standing);
    }

    [Theory]
    [InlineData("https://viewer:s3cret@cam1.example/axis-cgi/media.cgi?x=1")]
    [InlineData("RTSPS://viewer:s3cret@cam1.example/x")]
    public void An_encrypted_address_needs_no_network(string source)
    {
        Assert.Null(LinkJudge.HostToResolve(source));
        var verdict = LinkJudge.Judge(source, [], []);
        Assert.Equal((LinkStanding.Encrypted, "cam1.example"), (verdict.Standing, verdict.Host));
        Assert.DoesNotContain("s3cret", verdict.Text);
    }

    [Theory]
    [InlineData("10.20.3.4", LinkStanding.WithinNetwork)]
    [InlineData("10.21.3.4", LinkStanding.Open)]
    [InlineData("fd12:3456:789a:1::5", LinkStanding.WithinNetwork)]
    [InlineData("fd12:3456:789b:1::5", LinkStanding.Open)]
    [InlineData("::ffff:10.20.3.4", LinkStanding.WithinNetwork)]
    [InlineData("::ffff:10.21.3.4", LinkStanding.Open)]
    [InlineData("10.20.3.4 fd12:3456:789a::1", LinkStanding.WithinNetwork)]
    [InlineData("10.20.3.4 192.0.2.1", LinkStanding.Open)]
    [InlineData("10.20.3.4 2001:db8::1", LinkStanding.Open)]
    [InlineData("127.0.0.1 ::1", LinkStanding.WithinMachine)]
    [InlineData("127.0.0.1 192.0.2.1", LinkStanding.Open)]
    [InlineData("", LinkStanding.Unknown)]
    public void In_the_clear_every_address_must_lie_in_a_named_network(string addresses, LinkStanding standing)
    {
        const string Source = "rtsp://viewer:s3cret@cam1.example:554/axis";
        Assert.Equal("cam1.example", LinkJudge.HostToResolve(Source));

        var verdict = LinkJudge.Judge(Source, [.. addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)], s_networks);

        Assert.Equal(standing, verdict.Standing);
        Assert.Equal(standing is LinkStanding.WithinNetwork or LinkStanding.WithinMachine, verdict.IsGood);
        Assert.DoesNotContain("s3cret", verdict.Text);
        Assert.DoesNotContain("viewer", verdict.Text);
    }

    [Fact]
    public void A_verdict_names_the_network_and_who_has_said_so()
    {
        var text = LinkJudge.Judge("rtsp://10.20.3.4/axis", [IPAddress.Parse("10.20.3.4")], s_networks).Text;

        Assert.Equal("rtsp://10.20.3.4: in the clear, within vpn (10.20.0.0/16, VPN, said by 鋼管 太郎 on 2027-03-15)", text);
    }

    [Fact]
    public void What_lies_outside_is_named_with_what_to_do()
    {
        var text = LinkJudge.Judge("http://cam1.example/mjpg", [IPAddress.Parse("10.20.3.4"), IPAddress.Parse("203.0.113.9")], s_networks).Text;

        Assert.StartsWith("http://cam1.example (203.0.113.9): in the clear, and no network of the site file holds it; take https://", text);
    }

    [Theory]
    [InlineData("rtsp://[fd12:3456:789a::5]:554/axis", "fd12:3456:789a::5")]
    [InlineData("rtsp://user:p%40ss@[::1]/axis", "::1")]
    [InlineData("http://cam1.example?x=@", "cam1.example")]
    [InlineData("rtsp://cam1.example/a@b", "cam1.example")]
    public void The_host_is_found_in_every_form_of_an_address(string source, string host) => Assert.Equal(host, LinkJudge.HostToResolve(source));

    [Theory]
    [InlineData("10.20.0.0/16", "")]
    [InlineData("fd00::/8", "is wider than /16, which no VPN and no isolated network is")]
    [InlineData("0.0.0.0/0", "is wider than /8, which no VPN and no isolated network is")]
    [InlineData("10.20.3.4/16", "is no network: bits are set behind its mask")]
    [InlineData("10.20.0.0", "is no network")]
    [InlineData("10.20.0.0/33", "is no network")]
    [InlineData("cam1.example/24", "is no network")]
    public void A_network_is_read_strictly(string text, string expected)
    {
        Assert.Equal(expected.Length == 0, TrustedNetwork.TryParseRange(text, out _, out var problem));
        Assert.Equal(expected, problem);
    }

    private static TrustedNetwork Network(string name, string range, NetworkKind kind) => new(name, IPNetwork.Parse(range), kind, "鋼管 太郎", new DateOnly(2027, 3, 15));
}
