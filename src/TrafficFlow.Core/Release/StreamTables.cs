namespace TrafficFlow.Core.Release;

/// <summary>
/// All released tables of one stream, hours, days and perhaps the month, as the outsider's system of equations: a network root -> category
/// -> its day -> its hour, whose hours take a known number. A cell below the threshold is protected where it can be anything from 0 to threshold - 1,
/// or to the public total of its period where that is lower.
/// </summary>
internal sealed class StreamTables
{
    private readonly ResidualNetwork _network = new();
    private readonly List<(int Edge, int Fall, int Rise)> _sensitive = [];
    private readonly int _threshold;

    /// <param name="days">Those of which anything is open.</param>
    /// <param name="hiddenDays">For each day, which categories' daily counts are hidden.</param>
    /// <param name="hiddenMonth">Which categories' monthly counts are hidden; null where no month is told.</param>
    /// <param name="counts">Of the whole period, by category.</param>
    /// <param name="total">The same, of all.</param>
    public StreamTables(
        IReadOnlyList<StreamDay> days, IReadOnlyList<bool[]> hiddenDays, bool[]? hiddenMonth, int threshold, IReadOnlyList<int> counts, int total)
    {
        _threshold = threshold;
        var root = _network.AddNode();
        for (var c = 0; c < counts.Count; c++)
        {
            var node = _network.AddNode();
            var hidden = days.Sum(d => d.Rest(c) ?? 0);
            var edge = _network.AddEdge(root, node, hidden, isFixed: hiddenMonth is { } told && !told[c]);
            if (hiddenMonth?[c] == true) AddSensitive(edge, counts[c], total);
        }

        for (var d = 0; d < days.Count; d++) AddDay(days[d], hiddenDays[d]);
    }

    public bool AreProtected() => _sensitive.TrueForAll(s => _network.CanFall(s.Edge, s.Fall) && _network.CanRise(s.Edge, s.Rise));

    private void AddDay(StreamDay day, bool[] hidden)
    {
        var hours = day.Hours.Select(_ => _network.AddNode()).ToArray();
        for (var c = 0; c < hidden.Length; c++)
        {
            if (day.Rest(c) is not { } rest) continue;
            var node = _network.AddNode();
            var edge = _network.AddEdge(1 + c, node, rest, isFixed: !hidden[c]);
            if (hidden[c]) AddSensitive(edge, day.Counts[c], day.Total);
            for (var h = 0; h < hours.Length; h++)
            {
                var hour = day.Hours[h];
                if (!hour.IsHidden(c)) continue;
                var cell = _network.AddEdge(node, hours[h], hour.Counts[c], isFixed: false);
                _sensitive.Add((cell, hour.MustFall(c), hour.MustRise(c)));
            }
        }
    }

    private void AddSensitive(int edge, int count, int total)
    {
        if (count < _threshold) _sensitive.Add((edge, count, Math.Max(0, Math.Min(_threshold - 1, total) - count)));
    }
}
