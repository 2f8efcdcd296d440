using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Security;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>A node without peers cannot be spoken to by other accounts of its machine: it listens nowhere but on its socket.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class NoPortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_without_peers_counts_and_opens_no_port(bool isWrittenAsOnce)
    {
        var port = Tools.FreePort();
        using var node = new NodeFolder(
            NodeFolder.Live, "camera.coverage-interval = 1s", isWrittenAsOnce ? $$"""remoting { hostname = "127.0.0.1", port = {{port}}, seed-nodes = [] }""" : "");
        await using var running = node.Run();
        await running.UntilAsync(() => node.Events("batch-counted") > 0, Patience, "something was counted");

        Assert.Empty(ListeningPorts.Of(running.Id));
        var cluster = await TrafficflowProcess.RunAsync("ctl", "--data", node.Data, "cluster", "show");
        Assert.Contains($"127.0.0.1:{(isWrittenAsOnce ? port : 4053)}", cluster.Output);
        if (isWrittenAsOnce) Assert.Single(running.Error.Split('\n'), l => l.Contains($"this node has no peers: port {port} is not opened", StringComparison.Ordinal));
        running.Terminate();
        Assert.Equal(ExitCodes.Done, (await running.WaitAsync(Patience)).Code);
    }

    [Fact]
    public async Task A_node_that_others_join_through_listens_on_its_port_alone()
    {
        using var certificates = new TestCertificates();
        var (tls, port) = (certificates.Node("server"), Tools.FreePort());
        using var node = new NodeFolder(NodeFolder.Live, remoting: $$"""
            remoting { port = {{port}}, tls { ca = "{{tls.Ca}}", certificate = "{{tls.Certificate}}", key = "{{tls.Key}}", pins = "{{tls.Pins}}" } }
            """);
        await using var running = node.Run();
        await running.UntilAsync(() => node.Events("epoch-opened") > 0, Patience, "the camera was opened");

        Assert.Equal([port], ListeningPorts.Of(running.Id));
    }
}
