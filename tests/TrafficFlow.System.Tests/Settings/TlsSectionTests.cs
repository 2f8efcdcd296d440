using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Security;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>remoting.tls: a node that nobody would let in does not start, and says all of why.</summary>
public sealed class TlsSectionTests : IAsyncLifetime
{
    private readonly SettingsFolder _folder = new();
    private CertificateAuthority _ca = null!;

    public async ValueTask InitializeAsync() => _ca = await CertificateAuthority.CreateAsync();

    [Fact]
    public async Task Good_files_are_read_relative_to_the_settings()
    {
        Copy(await _ca.NodeAsync("n1", "n1.example"));

        var tls = NodeSettings.Load(Config("n1.example")).Remoting.Tls!;

        Assert.Equal(Path.Combine(_folder.Path, "tls", "node.key"), tls.Key);
    }

    [Theory]
    [InlineData("10.0.0.1", "")]
    [InlineData("n1.example", "")]
    [InlineData("0.0.0.0", "")]
    [InlineData("127.0.0.1", "\"127.0.0.1:4053\"")]
    [InlineData("localhost", "\"localhost:4054\"")]
    public void A_node_with_peers_needs_it_on_this_machine_too(string hostname, string seeds)
    {
        var problem = Only(Config(hostname, tls: "", seeds));

        Assert.Equal("trafficflow.node.remoting.tls", problem.Key);
        Assert.StartsWith("is missing: nodes speak mutual TLS or not at all", problem.Text);
        Assert.Contains("deploy/ca.sh", problem.Remedy);
        Assert.Contains("remove remoting where the node has no peers", problem.Remedy);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("localhost")]
    public void A_node_of_this_machine_without_seeds_has_no_peers_as_in_the_files_of_older_versions(string hostname)
    {
        var settings = NodeSettings.Load(Config(hostname, tls: ""));

        Assert.True(settings.Remoting is { Tls: null, IsFormerSingle: true });
        Assert.Contains("port 4053 is not opened", Assert.Single(NodeDefinition.From(settings, TimeProvider.System).Notes));
    }

    [Theory]
    [InlineData("server", true)]
    [InlineData("roadside, server", true)]
    [InlineData("roadside", false)]
    [InlineData("subscriber", false)]
    public void Remoting_itself_is_needed_by_those_that_cannot_be_alone(string roles, bool canBeAlone)
    {
        _folder.Write("a.conf", SettingsFolder.GoodSite);
        var file = _folder.Write("node.conf", $$"""trafficflow.node { roles = [{{roles}}], sites = ["a.conf"], data-directory = "data" }""");

        if (canBeAlone) Assert.Same(RemotingSettings.NoPeers, NodeSettings.Load(file).Remoting);
        else Assert.StartsWith("is missing, so that this node would never meet a server", Only(file).Text);
    }

    [Fact]
    public void Files_that_are_missing_are_told_together() =>
        Assert.Equal(
            ["ca", "certificate", "key", "pins"],
            Problems(Config("n1.example")).Where(p => p.Text.StartsWith("there is no file", StringComparison.Ordinal)).Select(p => p.Key.Split('.')[^1]));

    [Fact]
    public async Task An_expired_certificate_for_another_host_with_an_open_key_is_told_with_all_three()
    {
        Copy(await _ca.NodeAsync("n1", "n1.example", "--days", "-1"));
        File.SetUnixFileMode(Path.Combine(_folder.Path, "tls", "node.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Assert.Collection(
            Problems(Config("n2.example")),
            p => Assert.Contains("can be read or changed by other accounts", p.Text),
            p => Assert.Contains("has expired on", p.Text),
            p => Assert.Contains("is for n1.example and not for n2.example", p.Text));
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_told()
    {
        Copy(await _ca.NodeAsync("n1", "n1.example"));
        File.Copy(Path.Combine(await _ca.NodeAsync("n2", "n2.example"), "node.key"), Path.Combine(_folder.Path, "tls", "node.key"), overwrite: true);

        Assert.Contains("is not the key of", Only(Config("n1.example")).Text);
    }

    [Fact]
    public async Task A_certificate_of_another_ca_is_told()
    {
        using var other = await CertificateAuthority.CreateAsync();
        Copy(await _ca.NodeAsync("n1", "n1.example"));
        File.Copy(Path.Combine(other.Folder, "ca.crt"), Path.Combine(_folder.Path, "tls", "ca.crt"), overwrite: true);

        Assert.Contains("(wrong CA)", Only(Config("n1.example")).Text);
    }

    [Fact]
    public async Task A_certificate_that_begins_tomorrow_is_told()
    {
        Copy(await _ca.NodeAsync("n1", "n1.example", "--not-before", "tomorrow"));

        Assert.Contains("is not valid before", Only(Config("n1.example")).Text);
    }

    [Fact]
    public async Task A_node_that_was_revoked_is_told()
    {
        await _ca.NodeAsync("n1", "n1.example");
        await _ca.RevokeAsync("n1");
        Copy(_ca.Node("n1"));

        Assert.Equal("trafficflow.node.remoting.tls.pins", Only(Config("n1.example")).Key);
    }

    [Theory]
    [InlineData("ca.crt", "holds no certificate in PEM form")]
    [InlineData("node.crt", "holds no certificate in PEM form")]
    [InlineData("node.key", "holds no elliptic-curve key in PEM form")]
    [InlineData("pins.txt", "line 1 does not begin with a SHA-256 fingerprint")]
    public async Task A_file_that_is_something_else_is_told(string name, string said)
    {
        Copy(await _ca.NodeAsync("n1", "n1.example"));
        _folder.Write($"tls/{name}", "minutes of a meeting\n");

        Assert.Contains(Problems(Config("n1.example")), p => p.Text.Contains(said, StringComparison.Ordinal));
    }

    private SettingsProblem Only(string config) => Assert.Single(Problems(config));

    private static IReadOnlyList<SettingsProblem> Problems(string config) => Assert.Throws<SettingsException>(() => NodeSettings.Load(config)).Problems;

    private void Copy(string certificates)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tls"));
        foreach (var file in Directory.GetFiles(certificates)) File.Copy(file, Path.Combine(_folder.Path, "tls", Path.GetFileName(file)), overwrite: true);
    }

    private string Config(string hostname, string tls = """tls { ca = "tls/ca.crt", certificate = "tls/node.crt", key = "tls/node.key", pins = "tls/pins.txt" }""", string seeds = "") =>
        _folder.Write("node.conf", $$"""
            trafficflow.node {
              roles = [server], data-directory = "data"
              remoting { hostname = "{{hostname}}", seed-nodes = [{{seeds}}], {{tls}} }
            }

            """);

    public ValueTask DisposeAsync()
    {
        _ca.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
