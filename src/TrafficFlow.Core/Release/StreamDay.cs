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
