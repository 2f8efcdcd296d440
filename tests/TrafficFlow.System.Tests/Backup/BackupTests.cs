using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Backup;

/// <summary>Backups of running nodes whose truth is known, restored elsewhere.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class BackupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly Interval Hour = new(ReplaySource.Default.Start, ReplaySource.Default.Start.AddHours(1));

    [Fact]
    public async Task Both_the_node_that_runs_on_and_the_one_that_is_restored_elsewhere_count_exactly_the_truth()
    {
        using var node = new NodeFolder(Replay(speed: 120));
        using var other = new NodeFolder(Replay(speed: 120));
        var backup = Path.Combine(node.Path, "backup");
        await using (var running = node.Run())
        {
            await running.UntilAsync(() => node.Events("batch-counted") > 40, Patience, "some batches were counted");
            var taken = await TrafficflowProcess.RunAsync("backup", backup, "--config", node.Config);
            Assert.True(taken.Code == ExitCodes.Done, taken.Error);
            Assert.Contains("Backup of ", taken.Output);
            Assert.Equal(0, node.Events("lateness-passed"));
            await CountToTheEndAsync(running, node);
        }

        var restored = await TrafficflowProcess.RunAsync("restore", backup, "--data", other.Data);
        Assert.True(restored.Code == ExitCodes.Done, restored.Error);
        Assert.InRange(other.Events("batch-counted"), 40, node.Events("batch-counted"));
        Assert.True(node.Events("%") > other.Events("%"));
        await using (var running = other.Run()) await CountToTheEndAsync(running, other);

        await ReplayComparison.AssertTrueAsync(node, Hour);
        await ReplayComparison.AssertTrueAsync(other, Hour);

        var again = await TrafficflowProcess.RunAsync("restore", backup, "--data", Path.Combine(other.Path, "third"));
        Assert.Equal(ExitCodes.Done, again.Code);
        Assert.Contains("this backup was restored before", again.Error);
    }

    [Fact]
    public async Task A_server_that_is_restored_asks_the_outboxes_that_went_on_for_what_it_has_lost()
    {
        using var ca = await CertificateAuthority.CreateAsync();
        using var node = new NodeFolder(Replay(speed: 120));
        var port = Tools.FreePort();
        var server = node.Write("server.conf", Config("server", "data", "127.0.0.1", port, port, await ca.NodeAsync("server", "127.0.0.1"), ca));
        var roadside = node.Write("roadside.conf", Config("roadside", "roadside-data", "127.0.0.2", Tools.FreePort(), port, await ca.RoadsideAsync("roadside", "127.0.0.2", "replay"), ca));
        var backup = Path.Combine(node.Path, "backup");

        await using var cameras = TrafficflowProcess.Start("run", "--config", roadside);
        await using (var first = TrafficflowProcess.Start("run", "--config", server))
        {
            await first.UntilAsync(() => node.Events("batch-counted") > 20, Patience, "some batches were counted");
            var taken = await TrafficflowProcess.RunAsync("backup", backup, "--config", server);
            Assert.True(taken.Code == ExitCodes.Done, taken.Error);
            Assert.Contains("node.key (a secret", taken.Output);
            Assert.DoesNotContain(Directory.GetFiles(backup, "*", SearchOption.AllDirectories), f => f.EndsWith(".key", StringComparison.Ordinal));
            var before = node.Events("batch-counted");
            await first.UntilAsync(() => node.Events("batch-counted") > before + 20, Patience, "the server counted on");
            await first.KillAsync();
        }

        Directory.Delete(node.Data, recursive: true);
        var restored = await TrafficflowProcess.RunAsync("restore", backup, "--data", node.Data);
        Assert.True(restored.Code == ExitCodes.Done, restored.Error);
        await using (var second = TrafficflowProcess.Start("run", "--config", server)) await CountToTheEndAsync(second, node);
        Assert.Contains("are sent again. Was its journal damaged, or restored from a backup?", cameras.Error);
        Assert.DoesNotContain("ALARM", cameras.Error);
        await ReplayComparison.AssertTrueAsync(node, Hour);
    }

    private static async Task CountToTheEndAsync(TrafficflowProcess running, NodeFolder node)
    {
        await running.UntilAsync(() => node.Events("lateness-passed") == 5, Patience, "the last bins of four approaches and of no approach were closed");
        running.Terminate();
        Assert.Equal(ExitCodes.Done, (await running.WaitAsync(Patience)).Code);
    }

    private static string Config(string role, string data, string host, int port, int seed, string tls, CertificateAuthority ca) => $$"""
        trafficflow.node {
          roles = [{{role}}]
          sites = ["site.conf"]
          data-directory = "{{data}}"
          remoting {
            hostname = "{{host}}", port = {{port}}, seed-nodes = ["127.0.0.1:{{seed}}"]
            tls { ca = "{{tls}}/ca.crt", certificate = "{{tls}}/node.crt", key = "{{tls}}/node.key", pins = "{{ca.Pins}}" }
          }
        }

        """;

    private static string Replay(int speed)
    {
        const string Shipped = "seed=1&speed=10";
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "replay.conf"));
        Assert.Contains(Shipped, text);
        return text.Replace(Shipped, $"seed=3&speed={speed}&hours=1.01&phase=500");
    }
}
