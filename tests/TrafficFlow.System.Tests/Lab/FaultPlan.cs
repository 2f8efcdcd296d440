namespace TrafficFlow.SystemTests.Lab;

/// <summary>Draws faults by a seed: the same seed gives the same faults. Pure.</summary>
internal static class FaultPlan
{
    private const double OverlapShare = 0.2;
    private static readonly TimeSpan LongestShort = TimeSpan.FromSeconds(3);

    private static readonly IReadOnlyList<(FaultKind Kind, int Weight, double From, double To)> Kinds =
    [
        (FaultKind.KillRoadside, 18, 0, 3),
        (FaultKind.KillServer, 18, 0, 4),
        (FaultKind.KillBothServers, 6, 0, 4),
        (FaultKind.KillDatabase, 12, 0, 5),
        (FaultKind.KillEverything, 4, 0, 3),
        (FaultKind.StopRoadside, 5, 0, 2),
        (FaultKind.StopServer, 8, 0, 3),
        (FaultKind.CutBriefly, 12, 1, 1),
        (FaultKind.Cut, 8, 2, 30),
        (FaultKind.CutToServers, 5, 2, 15),
        (FaultKind.CutFromServers, 5, 2, 15),
        (FaultKind.SlowLink, 10, 3, 15),
        (FaultKind.CutBetweenServers, 5, 1, 20),
        (FaultKind.CutServerFromDatabase, 5, 1, 15),
        (FaultKind.FlapRoadside, 5, 4, 20),
        (FaultKind.ClockForward, 5, 2, 8),
        (FaultKind.ClockBack, 5, 2, 8),
        (FaultKind.ClockSlow, 4, 2, 8),
        (FaultKind.RestartDatabase, 6, 1, 5),
        (FaultKind.RoadsideDiskFull, 5, 2, 6),
        (FaultKind.DatabaseDiskFull, 3, 2, 6),
        (FaultKind.CorruptRoadsideRow, 4, 0, 1),
        (FaultKind.CorruptServerRow, 4, 0, 1),
        (FaultKind.DamageSnapshot, 4, 0, 1),
    ];

    /// <param name="longCut">With one cut of ten minutes.</param>
    /// <param name="pauses">The longest pause between faults.</param>
    /// <param name="only">Of these kinds; none for all.</param>
    public static IReadOnlyList<PlannedFault> Draw(int seed, int faults, bool longCut, TimeSpan pauses, params IReadOnlyList<FaultKind> only)
    {
        var chance = new Random(seed);
        // Every kind once before any twice, as far as they fit.
        var kinds = Kinds.Select(k => k.Kind).Where(k => only.Count == 0 || only.Contains(k)).ToArray();
        chance.Shuffle(kinds);
        var drawn = kinds.Take(faults - (longCut ? 1 : 0)).ToList();
        while (drawn.Count < faults - (longCut ? 1 : 0)) drawn.Add(Weighted(chance, kinds));
        if (longCut) drawn.Add(FaultKind.CutLong);
        var order = drawn.ToArray();
        chance.Shuffle(order);
        return [.. order.Select((kind, i) => Draw(i + 1, kind, chance, pauses))];
    }

    /// <summary>The same, and none lasts longer than a few seconds: for a run of a minute.</summary>
    public static IReadOnlyList<PlannedFault> DrawShort(int seed, int faults, TimeSpan pauses, params IReadOnlyList<FaultKind> only) =>
        [.. Draw(seed, faults, longCut: false, pauses, only).Select(f => f with { Lasts = f.Lasts < LongestShort ? f.Lasts : LongestShort })];

    private static PlannedFault Draw(int number, FaultKind kind, Random chance, TimeSpan pauses)
    {
        var (from, to) = kind == FaultKind.CutLong ? (600, 600) : Kinds.Where(k => k.Kind == kind).Select(k => (k.From, k.To)).Single();
        // Short ones are likelier, and one in four of those that may be is shorter than anything can notice.
        var share = Math.Pow(chance.NextDouble(), 2);
        if (from == 0 && chance.Next(4) == 0) share = 0;
        return new PlannedFault(
            number,
            kind,
            chance.Next(2),
            pauses * chance.NextDouble(),
            TimeSpan.FromMilliseconds(Math.Round(1000 * (from + ((to - from) * share)))),
            number > 1 && chance.NextDouble() < OverlapShare);
    }

    private static FaultKind Weighted(Random chance, FaultKind[] among)
    {
        var weighted = Kinds.Where(k => among.Contains(k.Kind)).ToList();
        var at = chance.Next(weighted.Sum(k => k.Weight));
        foreach (var (kind, weight, _, _) in weighted)
        {
            if ((at -= weight) < 0) return kind;
        }

        throw new InvalidOperationException("the weights do not add up");
    }
}
