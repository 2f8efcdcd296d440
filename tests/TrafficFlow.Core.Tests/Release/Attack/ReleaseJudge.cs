namespace TrafficFlow.Core.Tests.Release.Attack;

/// <summary>A cell below the threshold, and what the outsider found out about it.</summary>
internal sealed record AttackedCell(string Name, int Count, int Total, double Low, double High)
{
    /// <summary>Cannot be told from any count from 0 to threshold - 1, or to the public total of its period where that is lower.</summary>
    public bool IsProtected(int threshold) => Low <= 1e-4 && High >= Math.Min(threshold - 1, Total) - 1e-4;

    public override string ToString() => $"{Name}: {Count} of {Total}, found within [{Low:0.###}, {High:0.###}]";
}

/// <summary>Attacks cells of one stream that are below the threshold where anybody came: all, or a sample of each kind.</summary>
internal static class ReleaseJudge
{
    /// <param name="most">Cells of each kind (hour, day, month, shorter bins); 0 for all.</param>
    public static IReadOnlyList<AttackedCell> Attack(StreamFacts facts, StreamTruth truth, int threshold, int most, Random random, CancellationToken cancellation = default)
    {
        using var attack = new StreamAttack(facts);
        var categories = Enumerable.Range(0, RandomMonth.Categories).ToList();
        var hours = new List<Func<AttackedCell>>();
        var (days, months, parts) = (new List<Func<AttackedCell>>(), new List<Func<AttackedCell>>(), new List<Func<AttackedCell>>());
        foreach (var c in categories)
        {
            for (var d = 0; d < facts.Days.Count; d++)
            {
                var day = d;
                for (var h = 0; h < facts.Days[d].Hours.Count; h++)
                {
                    var hour = h;
                    if (truth.Hours[d][h][c] < threshold && facts.Days[d].Hours[h].Total > 0) hours.Add(() => Cell($"hour {day}.{hour} class {c}", truth.Hours[day][hour][c], facts.Days[day].Hours[hour].Total, attack.Hour(day, hour, c)));
                }

                if (truth.Hours[d].Sum(x => x[c]) is var n && n < threshold && facts.Days[d].Total > 0) days.Add(() => Cell($"day {day} class {c}", n, facts.Days[day].Total, attack.Day(day, c)));
            }

            if (truth.Hours.Sum(x => x.Sum(y => y[c])) is var all && all < threshold) months.Add(() => Cell($"month class {c}", all, facts.Total, attack.Month(c)));
            foreach (var ((d, h), groups) in truth.Groups)
            {
                var split = truth.Parts[(d, h)];
                foreach (var group in groups)
                {
                    var (count, total) = (group.Sum(p => split[p][c]), group.Sum(p => split[p].Sum()));
                    if (count < threshold && total > 0) parts.Add(() => Cell($"parts {group[0]}+{group.Length} of {d}.{h} class {c}", count, total, attack.Parts(d, h, c, group)));
                }
            }
        }

        return [.. new[] { hours, days, months, parts }.SelectMany(Sample).Select(attacked => attacked())];

        IEnumerable<Func<AttackedCell>> Sample(List<Func<AttackedCell>> kind)
        {
            var chosen = kind.ToArray();
            if (most > 0) random.Shuffle(chosen);
            return chosen.Take(most > 0 ? most : chosen.Length).TakeWhile(_ => !cancellation.IsCancellationRequested);
        }

        static AttackedCell Cell(string name, int count, int total, (double Low, double High) bounds) => new(name, count, total, bounds.Low, bounds.High);
    }
}
