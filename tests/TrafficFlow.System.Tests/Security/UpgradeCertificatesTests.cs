using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Security;

/// <summary>The runbook of deploy/CERTIFICATES.md, "Upgrade from certificates without roles": what each step shows, and what happens out of order.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class UpgradeCertificatesTests : IAsyncLifetime
{
    private readonly TlsNodes _nodes = new();
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task Who_has_an_old_certificate_is_told_what_to_do_and_comes_in_when_it_is_done()
    {
        var old = await OldAsync("cabinet", "127.0.0.5");
        var config = _nodes.Config("cabinet", "roadside", "127.0.0.5", old);

        // Upgraded before its certificate: it does not start, and says why.
        var early = await TrafficflowProcess.RunAsync("run", "--check", "--config", config);
        Assert.Equal(ExitCodes.BadUsage, early.Code);
        Assert.Contains("certificate \"cabinet\" does not say what its node may be (no role)", early.Error);
        Assert.Contains("ca.sh renew DIR NAME --role ROLE", early.Error);

        // Not upgraded yet, and the server is: it is refused.
        Assert.False(await Stranger.DialAsync(_nodes.Port, old, "127.0.0.5"));
        await TlsNodes.RefusalAsync(_nodes.Server, "WRN Refused 127.0.0.1:", "certificate \"cabinet\" does not say what its node may be (no role)");

        // 1. The list shows it.
        Assert.Matches("cabinet +may join +no role: renew", await _nodes.Ca.RunAsync("list", _nodes.Ca.Folder));

        // 2. Renewed without saying what it is, nothing happens; with it, it is a cabinet's.
        var silent = await CertificateAuthority.TryAsync("renew", _nodes.Ca.Folder, "cabinet");
        Assert.Equal(1, silent.Code);
        Assert.Contains("was made before certificates had roles", silent.Error);
        await _nodes.Ca.RunAsync("renew", _nodes.Ca.Folder, "cabinet", "--role", "roadside", "--site", "live");
        Assert.Matches("cabinet +may join +roadside live", await _nodes.Ca.RunAsync("list", _nodes.Ca.Folder));

        // 3., 4. The pin list is the CA's own here: now it is let in, and starts.
        Assert.True(await Stranger.DialAsync(_nodes.Port, old, "127.0.0.5"));
        Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("run", "--check", "--config", config)).Code);

        // The next renewal keeps what it is.
        await _nodes.Ca.RenewAsync("cabinet");
        Assert.Matches("cabinet +may join +roadside live", await _nodes.Ca.RunAsync("list", _nodes.Ca.Folder));
    }

    [Fact]
    public async Task A_node_that_is_to_be_more_than_its_certificate_says_does_not_start()
    {
        var cabinet = await _nodes.Ca.RoadsideAsync("cab2", "127.0.0.5", "elsewhere");

        var server = await TrafficflowProcess.RunAsync("run", "--check", "--config", _nodes.Config("cab2s", "server", "127.0.0.5", cabinet));
        Assert.Equal(ExitCodes.BadUsage, server.Code);
        Assert.Contains("the certificate is that of a roadside cab2 of elsewhere, and does not let this node be server", server.Error);

        var other = await TrafficflowProcess.RunAsync("run", "--check", "--config", _nodes.Config("cab2r", "roadside", "127.0.0.5", cabinet));
        Assert.Equal(ExitCodes.BadUsage, other.Code);
        Assert.Contains("and not for site live", other.Error);
        Assert.Contains("--site elsewhere,live", other.Error);
    }

    /// <summary>As ca.sh made them before there were roles: the same script without that part.</summary>
    private async Task<string> OldAsync(string name, string host)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "deploy", "ca.sh"));
        var script = _folder.Write("old-ca.sh", text
            .Replace(",URI:$(identity)", "", StringComparison.Ordinal)
            .Replace("  put \"$scratch/authority\" \"$folder/authority\" 0644\n", "", StringComparison.Ordinal));
        await Tools.RunAsync("bash", script, "node", _nodes.Ca.Folder, name, host, "--role", "server");
        return _nodes.Ca.Node(name);
    }

    public ValueTask InitializeAsync() => _nodes.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _nodes.DisposeAsync();
        _folder.Dispose();
    }
}
