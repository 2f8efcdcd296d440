using System.Text.Json;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>What a node that is well says.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RunLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_node_says_that_it_is_up_in_json_and_in_a_private_file_and_changes_levels_when_it_is_told_to()
    {
        using var node = new NodeFolder(NodeFolder.Live, "camera { open-timeout = 120s }", akka: "trafficflow.log { format = json, file { path = \"log/node.log\" } }");
        await using var process = node.Run();

        await process.SayAsync("Commands: trafficflow ctl --data", Patience);

        var told = process.Error.Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToList();
        var up = Assert.Single(told, t => t.GetProperty("message").GetString()!.Contains(" is up: roadside and server; sites live; data ", StringComparison.Ordinal));
        Assert.Equal(("info", "node", node.Data), (up.GetProperty("level").GetString(), up.GetProperty("area").GetString(), up.GetProperty("values").GetProperty("Data").GetString()));
        Assert.Contains(told, t => t.GetProperty("values").TryGetProperty("Camera", out var camera) && camera.GetString() == "cam1");
        var file = Path.Combine(node.Data, "log", "node.log");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains(" is up: roadside and server", await File.ReadAllTextAsync(file));

        var changed = await TrafficflowProcess.RunAsync("ctl", "--config", node.Config, "log", "level", "delivery", "debug");
        Assert.True(changed.Code == ExitCodes.Done, changed.Error);
        Assert.Matches("delivery +debug", changed.Output);
        var wrong = await TrafficflowProcess.RunAsync("ctl", "--config", node.Config, "log", "level", "delivery", "debgu");
        Assert.Equal(ExitCodes.Failed, wrong.Code);
        Assert.Contains("did you mean debug?", wrong.Error);

        var check = await TrafficflowProcess.RunAsync("run", "--check", "--config", node.Config);
        Assert.Contains($"this node runs already, process {process.Id}", check.Output);

        process.Terminate();
        var ended = await process.WaitAsync(Patience);
        Assert.Equal(ExitCodes.Done, ended.Code);
        Assert.Contains("The node stops", ended.Error);
    }

    [Fact]
    public async Task A_quiet_node_that_is_well_says_nothing_and_both_ways_at_once_are_refused()
    {
        using var node = new NodeFolder(NodeFolder.Live, "camera { open-timeout = 120s }");
        await using (var process = node.Run("--quiet"))
        {
            await process.UntilAsync(() => node.Events("entries-stored") > 0, Patience, "a vehicle was stored");
            process.Terminate();
            Assert.DoesNotContain("INF", (await process.WaitAsync(Patience)).Error);
        }

        // Its lines go to this test, though the variable came down from some service.
        var inherited = TrafficflowProcess.Command("run", "--config", node.Config);
        inherited.Environment["JOURNAL_STREAM"] = "9:4711";
        await using (var process = TrafficflowProcess.Start(inherited))
        {
            await process.SayAsync("INF", Patience);
            Assert.DoesNotContain("<6>", process.Error);
        }

        var refused = await TrafficflowProcess.RunAsync("run", "--quiet", "--verbose", "--config", node.Config);
        Assert.Equal(ExitCodes.BadUsage, refused.Code);
    }
}
