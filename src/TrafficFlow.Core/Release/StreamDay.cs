namespace TrafficFlow.Core.Release;

/// <summary>Which daily counts of one stream are hidden, its hours being told already.</summary>
internal sealed class StreamDay
{
    private readonly int[] _counts;
    private readonly bool[] _hidden;

    public StreamDay(IReadOnlyList<StreamHour> hours, int categories, int threshold)
    {
        Hours = hours;
        Total = hours.Sum(h => h.Total);
        _counts = [.. Enumerable.Range(0, categories).Select(c => hours.Sum(h => h.Counts[c]))];
        var rests = Enumerable.Range(0, categories).Select(Rest).ToArray();
        _hidden = Suppression.Choose(rests, hidden => new StreamTables([this], [hidden], null, threshold).AreProtected());
    }

    public IReadOnlyList<StreamHour> Hours { get; }

    public int Total { get; }

    public IReadOnlyList<int> Counts => _counts;

    public bool IsHidden(int category) => _hidden[category];

    internal bool[] Hidden => _hidden;

    /// <summary>Vehicles in hidden hours: what the day's count would add to what is known; null where no hour is hidden.</summary>
    internal int? Rest(int category)
    {
        var hidden = Hours.Where(h => h.IsHidden(category)).ToList();
        return hidden.Count == 0 ? null : hidden.Sum(h => h.Counts[category]);
    }
}

/// <summary>Which monthly counts of one stream are hidden, its days being told already.</summary>
internal sealed class StreamMonth
{
    private readonly bool[] _hidden;

    public StreamMonth(IReadOnlyList<StreamDay> days, int categories, int threshold)
    {
        Counts = [.. Enumerable.Range(0, categories).Select(c => days.Sum(d => d.Counts[c]))];
        var rests = Enumerable.Range(0, categories).Select(c => days.Where(d => d.IsHidden(c)).Select(d => d.Rest(c)).Aggregate((int?)null, (a, b) => (a ?? 0) + b)).ToArray();
        bool[][] told = [.. days.Select(d => d.Hidden)];
        _hidden = Suppression.Choose(rests, hidden => new StreamTables(days, told, hidden, threshold).AreProtected());
    }

    public IReadOnlyList<int> Counts { get; }

    public bool IsHidden(int category) => _hidden[category];
}

/// <summary>Chooses which sums over time are told.</summary>
internal static class Suppression
{
    /// <summary>
    /// Begins with all told and hides the one with the smallest rest until the tables are protected. It ends: with none told, an outsider
    /// knows no more than before.
    /// </summary>
    /// <param name="rests">By category, what the sum would add to what is known; null where it is known already.</param>
    public static bool[] Choose(int?[] rests, Func<bool[], bool> areProtected)
    {
        var hidden = new bool[rests.Length];
        while (!areProtected(hidden) && Smallest(rests, hidden) is { } next) hidden[next] = true;
        return hidden;
    }

    private static int? Smallest(int?[] rests, bool[] hidden) =>
        Enumerable.Range(0, rests.Length).Where(c => rests[c] is not null && !hidden[c]).Select(c => (int?)c).MinBy(c => rests[c!.Value]);
}
