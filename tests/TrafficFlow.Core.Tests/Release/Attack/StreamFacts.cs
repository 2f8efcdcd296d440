using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;

namespace TrafficFlow.Core.Tests.Release.Attack;

/// <summary>What an outsider knows of one hour of one stream.</summary>
/// <param name="Total">Of the vehicles of which the classes were made.</param>
/// <param name="Told">By class; null where it is not told.</param>
/// <param name="Parts">Totals of a partition of the hour: its minutes, and what revisions added to its quarters. Null: he does not look.</param>
internal sealed record HourFacts(int Total, IReadOnlyList<int?> Told, IReadOnlyList<int>? Parts);

internal sealed record DayFacts(IReadOnlyList<HourFacts> Hours, IReadOnlyList<int?> Told)
{
    public int Total => Hours.Sum(h => h.Total);
}

/// <summary>All that an outsider knows of one stream in one month.</summary>
internal sealed record StreamFacts(IReadOnlyList<DayFacts> Days, IReadOnlyList<int?> Told)
{
    public int Total => Days.Sum(d => d.Total);
}

/// <summary>What he may not find out: true counts by class of each hour, and of each part of the hours that have parts; groups are the shorter bins.</summary>
internal sealed record StreamTruth(int[][][] Hours, IReadOnlyDictionary<(int Day, int Hour), int[][]> Parts, IReadOnlyDictionary<(int Day, int Hour), int[][]> Groups)
{
    /// <summary>Facts of one stream as they can be read in its released tables, and the truth behind them.</summary>
    /// <param name="minutesOf">Of how many hours the minutes are looked at.</param>
    public static (StreamFacts Facts, StreamTruth Truth) Of(RandomMonth month, ReleasedMonth released, FlowRelease release, int stream, int minutesOf, Random random)
    {
        var movement = month.Movements[stream];
        var history = month.Revisions.ToLookup(r => r.Bin.Key.Start);
        var (days, hours) = (new List<DayFacts>(), new List<int[][]>());
        var (parts, groups) = (new Dictionary<(int, int), int[][]>(), new Dictionary<(int, int), int[][]>());
        var looked = Enumerable.Range(0, minutesOf).Select(_ => (Day: random.Next(RandomMonth.Days), Hour: random.Next(24))).ToHashSet();
        for (var d = 0; d < released.Days.Length; d++)
        {
            var (facts, truth) = (new List<HourFacts>(), new List<int[]>());
            for (var h = 0; h < released.Days[d].Hours.Length; h++)
            {
                var table = released.Days[d].Hours[h];
                var starts = Enumerable.Range(0, 4).Select(q => table.Span.From.AddMinutes(15 * q)).ToList();
                var settled = starts.Select(s => history[s].Where(r => r.ClosedAt <= table.DetailAsOf).MaxBy(r => r.Bin.Revision)?.Bin).ToList();
                // The outsider adds up what he was told of each revision.
                var total = settled.Sum(b => b is null ? 0 : release.Totals(month.Approach, b).Cell(movement)!.Count ?? 0);
                var counts = Counts(settled, movement);
                int[][]? split = null;
                if (looked.Contains((d, h)) && settled.TrueForAll(b => b is not null) && total > 0) split = Split(month, stream, movement, table, settled!, groups, (d, h));
                if (split is not null) parts[(d, h)] = split;
                facts.Add(new HourFacts(total, Told(table, movement), split?.Select(p => p.Sum()).ToArray()));
                truth.Add(counts);
            }

            days.Add(new DayFacts(facts, Told(released.Days[d].Day, movement)));
            hours.Add([.. truth]);
        }

        return (new StreamFacts(days, Told(released.Month, movement)), new StreamTruth([.. hours], parts, groups));
    }

    /// <summary>The same truth where every cell below the threshold, and nothing else, is hidden.</summary>
    public StreamFacts HideOnlySmall(StreamFacts facts, int threshold)
    {
        int?[] Tell(IEnumerable<int[]> counts) => [.. Enumerable.Range(0, RandomMonth.Categories).Select(c => counts.Sum(x => x[c]) is var n && n >= threshold ? n : (int?)null)];
        return new StreamFacts(
            [.. facts.Days.Select((day, d) => new DayFacts([.. day.Hours.Select((hour, h) => hour with { Told = Tell([Hours[d][h]]) })], Tell(Hours[d])))],
            Tell(Hours.SelectMany(d => d)));
    }

    private static int?[] Told(ReleasedTable table, Movement movement) => [.. VehicleClassNames.All.Select(c => table.Cell(movement, c)!.Count)];

    private static int[] Counts(IEnumerable<FlowBin?> bins, Movement movement) =>
        [.. VehicleClassNames.All.Select(c => bins.Sum(b => b?.Rows.Where(r => r.Movement == movement && r.Class == c).Sum(r => r.Sums.Count) ?? 0))];

    /// <summary>60 minutes and, of each quarter, what its revisions added; groups are the minutes, 5 minutes and quarters.</summary>
    private static int[][] Split(
        RandomMonth month, int stream, Movement movement, ReleasedTable table, IReadOnlyList<FlowBin> settled, Dictionary<(int, int), int[][]> groups, (int, int) hour)
    {
        var first = (int)(table.Span.From - RandomMonth.Start).TotalMinutes;
        var parts = Enumerable.Range(first, 60).Select(t => month.Minute(stream, t)).ToList();
        var added = settled.Select((b, q) => Counts([b], movement).Select((n, c) => n - parts.Skip(15 * q).Take(15).Sum(p => p[c])).ToArray()).ToList();
        parts.AddRange(added);
        groups[hour] =
        [
            .. Enumerable.Range(0, 64).Select(p => new[] { p }),
            .. Enumerable.Range(0, 12).Select(f => Enumerable.Range(5 * f, 5).ToArray()),
            .. Enumerable.Range(0, 4).Select(q => (int[])[.. Enumerable.Range(15 * q, 15), 60 + q]),
        ];
        return [.. parts];
    }
}
