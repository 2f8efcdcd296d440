using System.Text.Json;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Node.Settings;
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

        var truth = Truth(node);
        var span = new Interval(ReplaySource.Default.Start, ReplaySource.Default.Start.AddHours(1));
        await using var stored = await StoredCounts.OpenAsync(node);
        foreach (var approach in JunctionLayout.Approaches)
            foreach (var duration in BinDuration.All)
            {
                var found = await stored.BinsAsync(approach, duration, span);
                Assert.Equal(truth.Bins(approach, duration, span).Select(Text), found.Select(Text));
            }

        Assert.True(truth.Counts(span).Values.Sum() > 3000);
    }

    [Fact]
    public async Task A_watcher_is_told_the_truth()
    {
        using var node = new NodeFolder(SiteText("speed=10", "speed=100"));
        await using var running = node.Run();
        await running.UntilAsync(() => node.Events("batch-counted", "approach-%/north") > 0, Patience, "something was counted");

        var watched = await TrafficflowProcess.RunAsync("watch", "flow.replay.north", "--node", node.Node, "--json", "--messages", "12");

        Assert.Equal(ExitCodes.Done, watched.Code);
        var truth = Truth(node);
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

    private static ReplayTruth Truth(NodeFolder node)
    {
        var scripts = new ReplayLogs();
        return new ReplayTruth(SiteSettings.Load(node.SiteFile).Site, scripts.Script);
    }

    private static string Text(TrueBin bin) => Text(bin.Bin.From, bin.Observed, bin.Counts
        .GroupBy(c => (c.Key.Movement, c.Key.Class))
        .Select(g => (g.Key.Movement, g.Key.Class, g.Sum(c => c.Value), Of(g, VehicleSize.Small), Of(g, VehicleSize.Large))));

    private static long Of(IEnumerable<KeyValuePair<ReplayStream, long>> counts, VehicleSize size) =>
        counts.Where(c => c.Key.Size == size).Sum(c => c.Value);

    private static string Text(FlowBin bin) => Text(
        bin.Key.Start, bin.Observed, bin.Rows.Select(r => (r.Movement, r.Class, (long)r.Sums.Count, (long)r.Sums.Small, (long)r.Sums.Large)));

    private static string Text(
        DateTimeOffset start, TimeSpan observed, IEnumerable<(Movement Movement, VehicleClass Class, long Count, long Small, long Large)> rows) =>
        $"{start:O} {observed} {string.Join(", ", rows.Select(r => $"{r.Movement} {r.Class} {r.Count} {r.Small} {r.Large}").Order(StringComparer.Ordinal))}";
}
