using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Settings;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Replay;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

/// <summary>What a node of replay cameras has in its tables, against what the cameras played.</summary>
internal static class ReplayComparison
{
    public static ReplayTruth Truth(NodeFolder node) => new(SiteSettings.Load(node.SiteFile).Site, new ReplayScripts().Script);

    /// <summary>Every bin of every approach and duration in the span is the truth.</summary>
    public static async Task AssertTrueAsync(NodeFolder node, Interval span)
    {
        var truth = Truth(node);
        await using var stored = await StoredCounts.OpenAsync(node);
        foreach (var approach in JunctionLayout.Approaches)
            foreach (var duration in BinDuration.All)
            {
                var found = await stored.BinsAsync(approach, duration, span);
                Assert.Equal(truth.Bins(approach, duration, span).Select(Text), found.Select(Text));
            }

        Assert.True(truth.Counts(span).Values.Sum() > 3000);
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
