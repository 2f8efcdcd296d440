using System.Net;
using System.Net.Sockets;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Run.Preflight;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>What `run --check` finds of pages.</summary>
public sealed class PageChecksTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task A_port_and_somebody_who_can_sign_in_are_what_pages_need()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        var node = NodeDefinition.From(NodeSettings.Load(Write($"trafficflow.web.listen = \"127.0.0.1:{port}\"")), TimeProvider.System);

        var taken = Run();
        Assert.Equal(FindingState.Bad, taken["pages"].State);
        Assert.Contains("does something else use the port, is it an address of this machine? Set another trafficflow.web.listen", taken["pages"].Text);
        Assert.Equal((FindingState.Good, "none yet: the first start prints a link for the first one, once"), (taken["accounts"].State, taken["accounts"].Text));

        free.Stop();
        Directory.CreateDirectory(node.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var store = AccountStore.Over(node.DataDirectory, TimeProvider.System);
        var invitation = await store.CreateAsync("anna", [Role.Custodian], "a test");
        Assert.Equal(FindingState.Good, Run()["pages"].State);
        Assert.Equal(FindingState.Doubtful, Run()["accounts"].State);
        await store.AcceptAsync(invitation.Text, "three grey herons on a roof", null);
        Assert.Equal("1 person can sign in", Run()["accounts"].Text);

        Dictionary<string, Finding> Run() => PageChecks.Run(node, TimeProvider.System).ToDictionary(f => f.What);
    }

    [Fact]
    public void A_node_without_pages_needs_nothing_for_them() => Assert.Empty(PageChecks.Run(NodeDefinition.From(NodeSettings.Load(Write("")), TimeProvider.System), TimeProvider.System));

    private string Write(string more)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return _folder.Write("node.conf", $$"""
            trafficflow.node { roles = [roadside, server], sites = ["site.conf"], data-directory = "data" }
            {{more}}
            """);
    }

    public void Dispose() => _folder.Dispose();
}
