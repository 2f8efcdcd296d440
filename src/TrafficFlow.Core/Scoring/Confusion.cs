using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Scoring;

/// <summary>What vehicles of a judged class or size were counted as. Rows that nobody judged take no part.</summary>
/// <param name="True">Name of the class or size that the vehicle has.</param>
/// <param name="Counted">Name of what it was counted as; "missed" where it was not counted.</param>
public sealed record Confusion(string True, string Counted, int Vehicles)
{
    public const string Missed = "missed";

    public static IReadOnlyList<Confusion> OfClasses(IEnumerable<CountScore> scores) => Group(scores,
        t => t.Class?.Name(),
        c => c.Class.Name());

    public static IReadOnlyList<Confusion> OfSizes(IEnumerable<CountScore> scores) => Group(scores,
        t => t.Size == VehicleSize.Unknown ? null : t.Size.Name(),
        c => c.Size == VehicleSize.Unknown ? "unknown" : c.Size.Name());

    public static IReadOnlyList<Confusion> OfMovements(IEnumerable<CountScore> scores) => Group(scores, t => t.Movement, c => c.Movement ?? "unknown");

    public static IReadOnlyList<Confusion> OfColours(IEnumerable<CountScore> scores) => Group(scores,
        t => t.Colour == VehicleColour.Unknown ? null : t.Colour.Name(),
        c => c.Colour == VehicleColour.Unknown ? "unknown" : c.Colour.Name());

    private static List<Confusion> Group(
        IEnumerable<CountScore> scores, Func<TruthCrossing, string?> trueName, Func<CountedCrossing, string> countedName) =>
    [
        .. scores
            .SelectMany(s => s.Matched
                .Select(m => (True: trueName(m.Truth), Counted: countedName(m.Counted)))
                .Concat(s.Missed.Select(m => (True: trueName(m), Counted: Missed))))
            .Where(p => p.True is not null)
            .GroupBy(p => p)
            .Select(g => new Confusion(g.Key.True!, g.Key.Counted, g.Count()))
            .OrderBy(c => c.True, StringComparer.Ordinal)
            .ThenBy(c => c.Counted, StringComparer.Ordinal),
    ];
}
