using System.Text.Json;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>The real executable on the shipped site of replay cameras, whose truth is known.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class ReplayNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_node_that_is_killed_again_and_again_counts_exactly_the_truth()
    {
        using var node = new NodeFolder(SiteText("seed=1&speed=10", "seed=3&speed=400&hours=1.01&phase=500"));
        long counted = 0;
        for (var i = 0; i < 3; i++)
        {
            await using var victim = node.Run();
            var before = counted;
            await victim.UntilAsync(() => node.Events("batch-counted") > before + 20, Patience, "some batches were counted");
            await victim.KillAsync();
            counted = node.Events("batch-counted");
            Assert.Equal(0, node.Events("lateness-passed"));
        }

        await using (var last = node.Run())
        {
            await last.UntilAsync(() => node.Events("lateness-passed") == 5, Patience, "the last bins of four approaches and of no approach were closed");
            last.Terminate();
            Assert.Equal(ExitCodes.Done, (await last.WaitAsync(Patience)).Code);
        }

        await ReplayComparison.AssertTrueAsync(node, new Interval(ReplaySource.Default.Start, ReplaySource.Default.Start.AddHours(1)));
    }

    [Fact]
    public async Task A_watcher_is_told_the_truth()
    {
        using var node = new NodeFolder(SiteText("speed=10", "speed=100"));
        await using var running = node.Run();
        await running.UntilAsync(() => node.Events("batch-counted", "approach-%/north") > 0, Patience, "something was counted");

        var watched = await TrafficflowProcess.RunAsync("watch", "flow.replay.north", "--data", node.Data, "--json", "--messages", "12");

        Assert.Equal(ExitCodes.Done, watched.Code);
        var truth = ReplayComparison.Truth(node);
        var closed = 0;
        foreach (var line in watched.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var bin = JsonDocument.Parse(line).RootElement;
            if (!bin.GetProperty("closed").GetBoolean()) continue;
            closed++;
            var span = new Interval(bin.GetProperty("start").GetDateTimeOffset(), bin.GetProperty("end").GetDateTimeOffset());
            var duration = new BinDuration(bin.GetProperty("minutes").GetInt32());
            var expected = Assert.Single(truth.Bins(JunctionLayout.North, duration, span));
            Assert.Equal(
                expected.Counts.GroupBy(c => $"{c.Key.Movement} {c.Key.Class.Name()}").Select(g => $"{g.Key}: {g.Sum(c => c.Value)}").Order(),
                bin.GetProperty("rows").EnumerateArray()
                    .Select(r => $"{r.GetProperty("movement").GetString()} {r.GetProperty("class").GetString()}: {r.GetProperty("count").GetInt32()}").Order());
        }

        Assert.True(closed > 3, watched.Output);
    }

    private static string SiteText(string shipped, string wanted)
    {
        var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "replay.conf"));
        Assert.Contains(shipped, text);
        return text.Replace(shipped, wanted);
    }
}
