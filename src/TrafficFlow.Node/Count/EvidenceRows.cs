using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Why;

namespace TrafficFlow.Node.Count;

/// <summary>evidence.jsonl: for each row of crossings.csv, in the same order, why it was counted.</summary>
internal static class EvidenceRows
{
    public static IEnumerable<EvidenceDocument> Of(CountSummary summary)
    {
        var movements = new MovementMapper(summary.Camera);
        var degraded = summary.Tally.Degraded;
        return summary.Tally.InOrder().Select((c, i) => Of(summary, movements, degraded, c, i + 1));
    }

    private static EvidenceDocument Of(CountSummary summary, MovementMapper movements, IntervalSet degraded, Crossing crossing, int row) => new()
    {
        Id = CountedEvidence.IdOf(crossing.Camera, row).ToString(),
        Site = summary.Site.Id.Value,
        Zone = summary.Site.TimeZone.Id,
        Counted = movements.Count(crossing) is { } vehicle ? [EvidenceDocuments.Part(vehicle, null)] : [],
        Crossing = EvidenceDocuments.Of(crossing, summary.Camera),
        MadeBy = EvidenceDocuments.Of(summary.Provenance),
        Watched = Watched(summary.Watched, degraded, crossing.Time),
        Video = (summary.Files.LastOrDefault(f => f.Start <= crossing.Time) ?? summary.Files[0]).Name,
    };

    private static WatchedPart? Watched(IntervalSet watched, IntervalSet degraded, DateTimeOffset time) =>
        Around(degraded, time) is { } doubtful ? new WatchedPart(doubtful.From, doubtful.To, "degraded")
        : Around(watched, time) is { } sure ? new WatchedPart(sure.From, sure.To, "watching") : null;

    private static Interval? Around(IntervalSet set, DateTimeOffset time)
    {
        foreach (var interval in set.Intervals)
        {
            if (interval.From <= time && time < interval.To) return interval;
        }

        return null;
    }
}
