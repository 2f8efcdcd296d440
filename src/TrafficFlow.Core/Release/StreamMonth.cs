namespace TrafficFlow.Core.Release;

/// <summary>Which monthly counts of one stream are hidden, its days being told already.</summary>
internal sealed class StreamMonth
{
    private readonly IReadOnlyList<StreamDay> _days;
    private readonly bool[] _hidden;

    public StreamMonth(IReadOnlyList<StreamDay> days, int categories, int threshold)
    {
        _days = days;
        Counts = [.. Enumerable.Range(0, categories).Select(c => days.Sum(d => d.Counts[c]))];
        int?[] rests = [.. Enumerable.Range(0, categories).Select(c => days.Any(d => d.IsHidden(c)) ? days.Where(d => d.IsHidden(c)).Sum(d => d.Rest(c)) : null)];
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
