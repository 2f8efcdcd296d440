using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Live;

/// <summary>What one stream of an approach carried over a span.</summary>
/// <param name="Count">Null where nobody watched: missing, not zero.</param>
/// <param name="PerHour">Over the observed time, vehicles per hour; null where that is too short to say (below a quarter of a minute).</param>
/// <param name="HeavyShare">Heavy goods and buses of all whose class is known, 0..1; null without such.</param>
public sealed record StreamFlow(ApproachId Approach, Movement Movement, int? Count, double? PerHour, double? HeavyShare, double? SpaceMeanSpeedKmh);

/// <summary>One approach over a span.</summary>
/// <param name="Coverage">Share of the span that was watched, 0..1.</param>
public sealed record ApproachFlow(ApproachId Approach, ImmutableArray<StreamFlow> Streams, TimeSpan Observed, double Coverage, BinQuality Quality, QueueSums? Queue)
{
    public StreamFlow? Entering => Streams.FirstOrDefault(s => s.Movement == Movement.Entering);
}

/// <summary>Adds up bins of one length, as a page shows them.</summary>
public static class JunctionFlows
{
    private static readonly TimeSpan TooShort = TimeSpan.FromSeconds(15);

    /// <param name="bins">Of the approach, in any order, none twice; those of the span that are not there were not watched.</param>
    /// <param name="movements">That are to be shown, whether any vehicle took them or not.</param>
    public static ApproachFlow Of(ApproachId approach, Interval span, IReadOnlyCollection<FlowBin> bins, IReadOnlyList<Movement> movements)
    {
        var observed = TimeSpan.FromTicks(bins.Sum(b => b.Observed.Ticks));
        var coverage = span.Length > TimeSpan.Zero ? Math.Clamp(observed / span.Length, 0, 1) : 0;
        var quality = observed <= TimeSpan.Zero ? BinQuality.Blind
            : bins.Any(b => b.Quality == BinQuality.Degraded) ? BinQuality.Degraded
            : coverage >= 0.99 ? BinQuality.Complete
            : BinQuality.Partial;
        var queues = bins.Where(b => b.Queue is not null).Select(b => b.Queue!.Value).ToList();
        return new ApproachFlow(
            approach,
            [.. movements.Select(m => Stream(approach, m, bins, observed))],
            observed,
            coverage,
            quality,
            queues.Count > 0 ? queues.Aggregate((a, b) => a + b) : null);
    }

    private static StreamFlow Stream(ApproachId approach, Movement movement, IReadOnlyCollection<FlowBin> bins, TimeSpan observed)
    {
        var rows = bins.SelectMany(b => b.Rows).Where(r => r.Movement == movement).ToList();
        var sums = rows.Aggregate(default(FlowSums), (sum, r) => sum + r.Sums);
        int? count = observed <= TimeSpan.Zero && rows.Count == 0 ? null : sums.Count;
        return new StreamFlow(
            approach,
            movement,
            count,
            count is { } vehicles && observed >= TooShort ? vehicles / observed.TotalHours : null,
            rows.Where(r => r.Class != VehicleClass.Unclassified).Sum(r => r.Sums.Count) is var classified and > 0
                ? (double)rows.Where(r => r.Class is VehicleClass.HeavyGoods or VehicleClass.Bus).Sum(r => r.Sums.Count) / classified
                : null,
            sums.SpaceMeanSpeedKmh);
    }
}
