using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Counting;

/// <summary>
/// Watches one track at one gate. The side flips only when the ground point has come well beyond the line, so a vehicle that stands on
/// the line and trembles is not counted twice; each direction counts at most once.
/// </summary>
internal struct GateWatch
{
    private double _time;
    private double _x;
    private double _y;
    private int _side;
    private double _passedAt;
    private bool _passedWithin;
    private bool _forwardDone;
    private bool _backwardDone;

    /// <summary>When the line was passed while it is not yet certain, seconds; null when the track is well on one side.</summary>
    public readonly double? OpenSince(in GateLine line) =>
        _side != 0 && _passedWithin && SideOf(line.Side(_x, _y)) != _side ? _passedAt : null;

    /// <returns>The direction and time of a crossing that became certain at this point, else null.</returns>
    public (CrossingDirection Direction, double Time)? Move(in GateLine line, double time, double x, double y, double beyond)
    {
        var side = line.Side(x, y);
        if (_side == 0)
        {
            _side = SideOf(side);
            (_time, _x, _y) = (time, x, y);
            return null;
        }

        var before = line.Side(_x, _y);
        if (SideOf(before) != SideOf(side))
        {
            var share = before / (before - side);
            _passedAt = _time + (share * (time - _time));
            var along = line.Along(_x + (share * (x - _x)), _y + (share * (y - _y)));
            _passedWithin = along >= 0 && along <= line.Length;
        }

        (_time, _x, _y) = (time, x, y);
        if (SideOf(side) == _side || Math.Abs(side) < beyond) return null;

        _side = -_side;
        if (!_passedWithin) return null;
        _passedWithin = false;
        var direction = _side > 0 ? CrossingDirection.Forward : CrossingDirection.Backward;
        if (direction == CrossingDirection.Forward ? _forwardDone : _backwardDone) return null;
        _forwardDone |= direction == CrossingDirection.Forward;
        _backwardDone |= direction == CrossingDirection.Backward;
        return (direction, _passedAt);
    }

    /// <summary>A point on the line itself belongs to the positive side, always: two answers would lose its time.</summary>
    private static int SideOf(double distance) => distance < 0 ? -1 : 1;
}
