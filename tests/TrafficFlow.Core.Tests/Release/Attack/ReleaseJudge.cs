namespace TrafficFlow.Core.Tests.Release.Attack;

/// <summary>A cell below the threshold, and what the outsider found out about it.</summary>
internal sealed record AttackedCell(string Name, int Count, int Total, (double Low, double High) Bounds)
{
    public double Low => Bounds.Low;

    public double High => Bounds.High;

    /// <summary>Cannot be told from any count from 0 to threshold - 1, or to the public total of its period where that is lower.</summary>
    public bool IsProtected(int threshold) => Low <= 1e-4 && High >= Math.Min(threshold - 1, Total) - 1e-4;

    public override string ToString() => $"{Name}: {Count} of {Total}, found within [{Low:0.###}, {High:0.###}]";
}

/// <summary>Attacks cells of one stream that are below the threshold where anybody came: all, or a sample of each kind.</summary>
internal static class ReleaseJudge
{
    /// <param name="most">Cells of each kind (hour, day, month, shorter bins); 0 for all.</param>
    public static IReadOnlyList<AttackedCell> Attack(
        StreamFacts facts, StreamTruth truth, int threshold, int most, Random random, CancellationToken cancellation = default)
    {
        using var attack = new StreamAttack(facts);
        var (hours, days, months, parts) = (new List<Func<AttackedCell>>(), new List<Func<AttackedCell>>(), new List<Func<AttackedCell>>(), new List<Func<AttackedCell>>());
        foreach (var c in Enumerable.Range(0, RandomMonth.Categories))
        {
            foreach (var d in Enumerable.Range(0, facts.Days.Count))
            {
                foreach (var h in Enumerable.Range(0, facts.Days[d].Hours.Count))
                    Add(hours, $"hour {d}.{h} class {c}", truth.Hours[d][h][c], facts.Days[d].Hours[h].Total, () => attack.Hour(d, h, c));
                Add(days, $"day {d} class {c}", truth.Hours[d].Sum(x => x[c]), facts.Days[d].Total, () => attack.Day(d, c));
            }

            Add(months, $"month class {c}", truth.Hours.Sum(x => x.Sum(y => y[c])), facts.Total, () => attack.Month(c));
            foreach (var ((d, h), groups) in truth.Groups)
            {
                var split = truth.Parts[(d, h)];
                foreach (var group in groups)
                {
                    var name = $"parts {group[0]}+{group.Length} of {d}.{h} class {c}";
                    Add(parts, name, group.Sum(p => split[p][c]), group.Sum(p => split[p].Sum()), () => attack.Parts(d, h, c, group));
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

        void Add(List<Func<AttackedCell>> kind, string name, int count, int total, Func<(double Low, double High)> bounds)
        {
            if (count < threshold && total > 0) kind.Add(() => new AttackedCell(name, count, total, bounds()));
        }
    }
}
