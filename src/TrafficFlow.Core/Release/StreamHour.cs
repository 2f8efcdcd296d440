namespace TrafficFlow.Core.Release;

/// <summary>
/// Which categories (classes) of one stream are hidden in one hour. What an outsider knows of the hour is the total, the shown
/// counts, and so the sum of the hidden ones. All below the threshold are hidden, zeros too, and the smallest of the others with them until
/// at least two share a hidden sum of at least the threshold: each of them can then be anything from 0 to that sum. Where the total itself is
/// below the threshold all are hidden, and each can be anything from 0 to the total.
/// </summary>
/// <remarks>
/// Shorter bins of the hour have public totals too. In one of m vehicles of N, a category with n in the hour has at least m + n - N: so one that
/// dominates an hour shows in a short bin though nothing was told of that. n is shown, or n's least value may be known, only where this does not
/// exceed zero in any part of a quarter in which it is small: <see cref="MustFall"/>.
/// </remarks>
internal sealed class StreamHour
{
    private readonly bool[] _hidden;
    private readonly int[] _counts;
    private readonly int[] _mustFall;
    private readonly int _threshold;

    /// <param name="quarters">Counts by category of each quarter of the hour.</param>
    public StreamHour(IReadOnlyList<int[]> quarters, int threshold)
    {
        _threshold = threshold;
        var categories = quarters[0].Length;
        _counts = [.. Enumerable.Range(0, categories).Select(c => quarters.Sum(q => q[c]))];
        Total = _counts.Sum();
        _mustFall = [.. Enumerable.Range(0, categories).Select(c => Fall(quarters, c))];
        _hidden = new bool[categories];
        if (Total > 0) Hide();
    }

    public int Categories => _counts.Length;

    /// <summary>Public.</summary>
    public int Total { get; }

    public IReadOnlyList<int> Counts => _counts;

    public bool IsHidden(int category) => _hidden[category];

    /// <returns>The count, null where it is hidden, and what is known of it in any case.</returns>
    public (int? Count, int AtLeast) Tell(int category) => _hidden[category] ? (null, 0) : (_counts[category], _counts[category]);

    /// <summary>By how much the attacker must find a hidden count possibly lower than it is.</summary>
    public int MustFall(int category) => _mustFall[category];

    /// <summary>By how much it must possibly be higher.</summary>
    public int MustRise(int category) => Math.Max(0, Math.Min(_threshold - 1, Total) - _counts[category]);

    private int Fall(IReadOnlyList<int[]> quarters, int category)
    {
        var count = _counts[category];
        if (count < _threshold) return count;
        var others = Total - count;
        // Any part of a quarter, a minute as well as what a revision added, has at most so many of the category and at most the others of the quarter.
        return quarters.Max(q => Math.Max(0, Math.Min(_threshold - 1, q[category]) - (others - (q.Sum() - q[category]))));
    }

    private void Hide()
    {
        for (var c = 0; c < Categories; c++) _hidden[c] = _counts[c] < _threshold || _mustFall[c] > 0;
        while (_hidden.Contains(true) && _hidden.Contains(false) && !IsEnough())
            _hidden[Enumerable.Range(0, Categories).Where(c => !_hidden[c]).MinBy(c => _counts[c])] = true;
    }

    private bool IsEnough()
    {
        var hidden = Enumerable.Range(0, Categories).Where(c => _hidden[c]).ToList();
        return hidden.Count >= 2 && hidden.Sum(c => _counts[c]) >= _threshold;
    }
}
