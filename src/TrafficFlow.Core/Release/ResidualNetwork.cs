namespace TrafficFlow.Core.Release;

/// <summary>
/// A flow network with the true counts as its flow. Every other flow with the same flow on fixed edges is a table that the outsider cannot
/// tell from the true one, and it can be reached from the true one by augmenting along residual paths: so <see cref="CanFall"/> and
/// <see cref="CanRise"/> give the exact bounds of his linear programme, whose corners are whole numbers on a network.
/// </summary>
internal sealed class ResidualNetwork
{
    private readonly List<(int From, int To)> _ends = [];
    private readonly List<int> _flow = [];
    private readonly List<bool> _fixed = [];
    private readonly List<List<int>> _edgesAt = [];
    private readonly Queue<int> _queue = [];
    private readonly List<(int Search, int Edge)> _cameBy = [];
    private int _search;

    public int AddNode()
    {
        _edgesAt.Add([]);
        _cameBy.Add((0, -1));
        return _edgesAt.Count - 1;
    }

    /// <param name="isFixed">Its flow is known outside.</param>
    /// <returns>The edge's number.</returns>
    public int AddEdge(int from, int to, int flow, bool isFixed)
    {
        var edge = _ends.Count;
        _ends.Add((from, to));
        _flow.Add(flow);
        _fixed.Add(isFixed);
        _edgesAt[from].Add(edge);
        _edgesAt[to].Add(edge);
        return edge;
    }

    /// <summary>Whether another table has <paramref name="by"/> less on the edge.</summary>
    public bool CanFall(int edge, int by) => by <= _flow[edge] && CanPush(edge, _ends[edge].From, _ends[edge].To, by);

    /// <summary>Whether another table has <paramref name="by"/> more on the edge.</summary>
    public bool CanRise(int edge, int by) => CanPush(edge, _ends[edge].To, _ends[edge].From, by);

    /// <summary>Whether so many units find another way than the edge; the flow is afterwards as before.</summary>
    private bool CanPush(int edge, int from, int to, int units)
    {
        var changed = new List<(int Edge, int By)>();
        while (units > 0 && Augment(edge, from, to, units, changed) is var pushed and > 0) units -= pushed;
        foreach (var (e, by) in changed) _flow[e] -= by;
        return units <= 0;
    }

    private int Augment(int without, int from, int to, int most, List<(int Edge, int By)> changed)
    {
        if (!FindPath(without, from, to)) return 0;
        var units = most;
        for (var node = to; node != from; node = Other(_cameBy[node].Edge, node))
        {
            var edge = _cameBy[node].Edge;
            if (!IsForward(edge, node)) units = Math.Min(units, _flow[edge]);
        }

        for (var node = to; node != from; node = Other(_cameBy[node].Edge, node))
        {
            var edge = _cameBy[node].Edge;
            var by = IsForward(edge, node) ? units : -units;
            _flow[edge] += by;
            changed.Add((edge, by));
        }

        return units;
    }

    private bool FindPath(int without, int from, int to)
    {
        _search++;
        _queue.Clear();
        _queue.Enqueue(from);
        while (_queue.TryDequeue(out var node))
        {
            foreach (var edge in _edgesAt[node])
            {
                if (edge == without || _fixed[edge]) continue;
                var next = Other(edge, node);
                if (next == from || _cameBy[next].Search == _search || (!IsForward(edge, next) && _flow[edge] == 0)) continue;
                _cameBy[next] = (_search, edge);
                if (next == to) return true;
                _queue.Enqueue(next);
            }
        }

        return false;
    }

    private int Other(int edge, int node) => _ends[edge].From == node ? _ends[edge].To : _ends[edge].From;

    private bool IsForward(int edge, int into) => _ends[edge].To == into;
}
