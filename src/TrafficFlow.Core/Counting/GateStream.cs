namespace TrafficFlow.Core.Counting;

/// <summary>
/// Which way the traffic of one gate goes, by its last crossings. Almost nobody drives against it, while one standing queue gives the tracker
/// many occasions to be led over a line: what seems to drive against the stream must be seen better than what drives with it.
/// </summary>
internal struct GateStream
{
    private double _forward;
    private double _backward;

    public void Add(CrossingDirection direction, GateSettings settings)
    {
        var kept = 1 - (1.0 / settings.StreamCrossings);
        _forward = (_forward * kept) + (direction == CrossingDirection.Forward ? 1 : 0);
        _backward = (_backward * kept) + (direction == CrossingDirection.Backward ? 1 : 0);
    }

    /// <summary>Whether hardly anybody of those lately counted went in this direction.</summary>
    public readonly bool IsAgainst(CrossingDirection direction, GateSettings settings)
    {
        var (with, against) = direction == CrossingDirection.Forward ? (_backward, _forward) : (_forward, _backward);
        return with >= settings.StreamLeast && against < settings.StreamShare * with;
    }
}
