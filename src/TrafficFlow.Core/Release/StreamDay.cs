namespace TrafficFlow.Core.Release;

/// <summary>Which daily counts of one stream are hidden, its hours being told already.</summary>
internal sealed class StreamDay
{
    private readonly int[] _counts;
    private readonly int?[] _rests;
    private readonly bool[] _hidden;

    public StreamDay(IReadOnlyList<StreamHour> hours, int categories, int threshold)
    {
        Hours = hours;
        Total = hours.Sum(h => h.Total);
        _counts = [.. Enumerable.Range(0, categories).Select(c => hours.Sum(h => h.Counts[c]))];
        _rests = [.. Enumerable.Range(0, categories).Select(HiddenIn)];
        _hidden = Suppression.Choose(_rests, threshold, hidden => new StreamTables([this], [hidden], null, threshold, Counts, Total).AreProtected());
    }

    public IReadOnlyList<StreamHour> Hours { get; }

    public int Total { get; }

    public IReadOnlyList<int> Counts => _counts;

    public bool IsHidden(int category) => _hidden[category];

    internal bool[] Hidden => _hidden;

    /// <inheritdoc cref="StreamHour.Tell"/>
    public (int? Count, int AtLeast) Tell(int category) =>
        _hidden[category] ? (null, Hours.Sum(h => h.Tell(category).AtLeast)) : (_counts[category], _counts[category]);

    /// <summary>Vehicles in hidden hours: what the day's count would add to what is known; null where no hour is hidden.</summary>
    internal int? Rest(int category) => _rests[category];

    private int? HiddenIn(int category)
    {
        var hidden = Hours.Where(h => h.IsHidden(category)).ToList();
        return hidden.Count == 0 ? null : hidden.Sum(h => h.Counts[category]);
    }
}

/// <summary>Which monthly counts of one stream are hidden, its days being told already.</summary>
internal sealed class StreamMonth
{
    private readonly IReadOnlyList<StreamDay> _days;
    private readonly bool[] _hidden;

    public StreamMonth(IReadOnlyList<StreamDay> days, int categories, int threshold)
    {
        _days = days;
        Counts = [.. Enumerable.Range(0, categories).Select(c => days.Sum(d => d.Counts[c]))];
        var rests = Enumerable.Range(0, categories).Select(c => days.Where(d => d.IsHidden(c)).Select(d => d.Rest(c)).Aggregate((int?)null, (a, b) => (a ?? 0) + b)).ToArray();
        // Where a day's counts are all told, the month adds nothing to what is known of it.
        IReadOnlyList<StreamDay> open = [.. days.Where(d => d.Hidden.Contains(true))];
        bool[][] told = [.. open.Select(d => d.Hidden)];
        _hidden = Suppression.Choose(rests, threshold, hidden => new StreamTables(open, told, hidden, threshold, Counts, days.Sum(d => d.Total)).AreProtected());
    }

    public IReadOnlyList<int> Counts { get; }

    public bool IsHidden(int category) => _hidden[category];

    /// <inheritdoc cref="StreamHour.Tell"/>
    public (int? Count, int AtLeast) Tell(int category) =>
        _hidden[category] ? (null, _days.Sum(d => d.Tell(category).AtLeast)) : (Counts[category], Counts[category]);
}

/// <summary>Chooses which sums over time are told.</summary>
internal static class Suppression
{
    /// <summary>
    /// Hides what would add less than the threshold, and of the others as few as protect the tables, of those the ones with the fewest
    /// vehicles. With none told an outsider knows no more than before: so there is an answer.
    /// </summary>
    /// <param name="rests">By category, what the sum would add to what is known; null where it is known already.</param>
    public static bool[] Choose(int?[] rests, int threshold, Func<bool[], bool> areProtected)
    {
        bool[] small = [.. rests.Select(r => r < threshold)];
        List<int> others = [.. Enumerable.Range(0, rests.Length).Where(c => rests[c] >= threshold)];
        return Enumerable.Range(0, 1 << others.Count)
            .OrderBy(set => int.PopCount(set)).ThenBy(set => others.Where((_, i) => (set >> i & 1) == 1).Sum(c => rests[c]))
            .Select(set => small.Select((isSmall, c) => isSmall || (others.IndexOf(c) is >= 0 and var i && (set >> i & 1) == 1)).ToArray())
            .FirstOrDefault(areProtected)
            ?? throw new InvalidOperationException("a table is not protected though all of it is hidden; nothing of it may be released");
    }
}
