using TrafficFlow.Benchmarks.Scale;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Outage;

/// <summary>
/// What the aggregators' journal says of cameras whose truth nobody knows. A camera numbers what it reports; a crossing is for one
/// approach, a report of coverage for each: a number that nobody has is lost, one that an approach has twice is doubled.
/// </summary>
/// <param name="Gaps">Holes in what a camera watched, over cameras and the approaches that they feed.</param>
internal sealed record VideoEvidence(long Gaps, long Lost, long Doubled)
{
    /// <param name="rows">Of all approaches of the cameras' sites, from the beginning.</param>
    /// <param name="stored">What each camera's outbox held when the servers came back: all of it must be there.</param>
    /// <param name="span">Must have been watched without a break.</param>
    public static VideoEvidence Of(IReadOnlyList<CountedRow> rows, IReadOnlyDictionary<string, LogPosition> stored, Interval span)
    {
        var evidence = new VideoEvidence(0, 0, 0);
        foreach (var (camera, upTo) in stored)
        {
            var own = rows.Where(r => r.Counted.Camera.Value == camera && r.Counted.HighWater.Epoch == upTo.Epoch).ToList();
            var there = own.SelectMany(r => r.Counted.Entries).Select(e => e.Sequence).Where(s => s <= upTo.Sequence).ToHashSet();
            evidence = evidence with { Lost = evidence.Lost + upTo.Sequence - there.Count };
            foreach (var approach in own.GroupBy(r => r.PersistenceId))
            {
                var entries = approach.SelectMany(r => r.Counted.Entries).ToList();
                var watched = IntervalSet.Of(entries.OfType<CoverageEntry>().Select(c => new Interval(c.Coverage.From, c.Coverage.To)));
                if (!watched.Covers(span)) Console.Error.WriteLine($"GAP: {approach.Key} knows that {camera} watched {watched}, of {span}");
                evidence = evidence with
                {
                    Gaps = evidence.Gaps + (watched.Covers(span) ? 0 : Math.Max(1, watched.Within(span).Intervals.Length - 1)),
                    Doubled = evidence.Doubled + entries.Count - entries.Select(e => e.Sequence).Distinct().Count(),
                };
            }
        }

        return evidence;
    }
}
