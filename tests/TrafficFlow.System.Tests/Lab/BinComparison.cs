using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>The latest revision of a closed bin, as a reader of the tables sees it.</summary>
internal sealed record StoredBin(
    ApproachId Approach, BinDuration Duration, DateTimeOffset Start, DateTimeOffset End, TimeSpan Observed, IReadOnlyDictionary<(Movement Movement, VehicleClass Class), long> Counts);

/// <summary>What the tables hold against what is true.</summary>
/// <param name="Lost">Vehicles that the tables lack, summed over streams and bins of one minute.</param>
/// <param name="Doubled">Vehicles that the tables have too many, summed likewise.</param>
/// <param name="CoverageLost">Time that was watched and does not show, over bins of one minute.</param>
/// <param name="WrongHour">Vehicles that the bins of one hour have too many or too few.</param>
/// <param name="Wrong">Bins of any duration that differ or are absent.</param>
/// <param name="Differences">The first of them, for people.</param>
internal sealed record BinComparison(TimeSpan Span, int Bins, long Vehicles, long Lost, long Doubled, TimeSpan CoverageLost, long WrongHour, int Wrong, IReadOnlyList<string> Differences)
{
    private const int Named = 40;

    public bool IsEqual => Wrong == 0;

    /// <summary>Event time up to which every approach has closed its bins of one minute; null where one has none.</summary>
    public static DateTimeOffset? ClosedThrough(IEnumerable<StoredBin> stored, IReadOnlyList<ApproachId> approaches)
    {
        var ends = stored.Where(b => b.Duration == BinDuration.OneMinute).GroupBy(b => b.Approach).ToDictionary(g => g.Key, g => g.Max(b => b.End));
        return approaches.All(ends.ContainsKey) ? approaches.Min(a => ends[a]) : null;
    }

    /// <summary>Every bin that lies in the span.</summary>
    public static BinComparison Of(IEnumerable<StoredBin> stored, ReplayTruth truth, IReadOnlyList<ApproachId> approaches, Interval span)
    {
        var found = stored.ToDictionary(b => (b.Approach, b.Duration, b.Start));
        var (bins, vehicles, lost, doubled, wrongHour, wrong) = (0, 0L, 0L, 0L, 0L, 0);
        var coverage = TimeSpan.Zero;
        var differences = new List<string>();
        foreach (var expected in Expected(truth, approaches, span))
        {
            bins++;
            var bin = found.GetValueOrDefault((expected.Approach, expected.Duration, expected.Bin.From));
            var missing = expected.Observed - (bin?.Observed ?? TimeSpan.Zero);
            var streams = Streams(expected, bin).Where(s => s.True != s.Found).ToList();
            if (expected.Duration == BinDuration.Hour) wrongHour += streams.Sum(s => Math.Abs(s.True - s.Found));
            if (expected.Duration == BinDuration.OneMinute)
            {
                vehicles += expected.Counts.Values.Sum();
                lost += streams.Sum(s => Math.Max(0, s.True - s.Found));
                doubled += streams.Sum(s => Math.Max(0, s.Found - s.True));
                if (missing > TimeSpan.Zero) coverage += missing;
            }

            if (bin is not null && streams.Count == 0 && missing == TimeSpan.Zero) continue;
            wrong++;
            if (differences.Count < Named) differences.Add(Name(expected, bin, streams, missing));
        }

        return new BinComparison(span.Length, bins, vehicles, lost, doubled, coverage, wrongHour, wrong, differences);
    }

    private static IEnumerable<TrueBin> Expected(ReplayTruth truth, IReadOnlyList<ApproachId> approaches, Interval span) =>
        from approach in approaches
        from duration in BinDuration.All
        from bin in truth.Bins(approach, duration, span)
        where bin.Bin.From >= span.From && bin.Bin.To <= span.To
        select bin;

    private static IEnumerable<(Movement Movement, VehicleClass Class, long True, long Found)> Streams(TrueBin expected, StoredBin? bin)
    {
        var right = expected.Counts.GroupBy(c => (c.Key.Movement, c.Key.Class)).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));
        var counts = bin?.Counts ?? new Dictionary<(Movement, VehicleClass), long>();
        return right.Keys.Union(counts.Keys).Select(k => (k.Movement, k.Class, right.GetValueOrDefault(k), counts.GetValueOrDefault(k)));
    }

    private static string Name(TrueBin expected, StoredBin? bin, List<(Movement Movement, VehicleClass Class, long True, long Found)> streams, TimeSpan missing)
    {
        var what = bin is null
            ? ["is absent"]
            : streams.Select(s => $"{s.Movement} {s.Class}: {s.Found} of {s.True}").Concat(missing == TimeSpan.Zero ? [] : [$"{missing.TotalSeconds:0.###} s of watching are missing"]);
        return string.Create(CultureInfo.InvariantCulture, $"{expected.Approach} {expected.Duration} {expected.Bin.From.UtcDateTime:MM-dd HH:mm}: {string.Join(", ", what)}");
    }
}
