using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Counting;

/// <summary>
/// Which way the traffic of one gate goes, by its last crossings. Almost no vehicle drives against it, while one standing queue gives the tracker
/// many occasions to be led over a line: what seems to drive against the stream must be seen better than what drives with it. A gate to which the
/// site gives a meaning in one direction only has its stream from the beginning, until the traffic says otherwise.
/// </summary>
internal struct GateStream
{
    private double _forward;
    private double _backward;

    /// <summary>Of the last crossings, those that went forward; older ones weigh less.</summary>
    public readonly double Forward => _forward;

    public readonly double Backward => _backward;

    public GateStream(Gate gate, GateSettings settings)
    {
        if (gate is { Forward: not null, Backward: null }) _forward = settings.StreamLeast;
        if (gate is { Forward: null, Backward: not null }) _backward = settings.StreamLeast;
    }

    public void Add(CrossingDirection direction, GateSettings settings)
    {
        var kept = 1 - (1.0 / settings.StreamCrossings);
        _forward = (_forward * kept) + (direction == CrossingDirection.Forward ? 1 : 0);
        _backward = (_backward * kept) + (direction == CrossingDirection.Backward ? 1 : 0);
    }

    /// <summary>Whether hardly any of the last counted vehicles went in this direction.</summary>
    public readonly bool IsAgainst(CrossingDirection direction, GateSettings settings)
    {
        var (with, against) = direction == CrossingDirection.Forward ? (_backward, _forward) : (_forward, _backward);
        // Counts decay with every crossing: five in a row leave a little less than five, hence the 1.
        return with > settings.StreamLeast - 1 && against < settings.StreamShare * with;
    }
}
