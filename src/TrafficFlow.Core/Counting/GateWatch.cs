namespace TrafficFlow.Core.Counting;

/// <summary>
/// Watches one track at one gate. The side flips only when the ground point has come well beyond the line, so a vehicle that stands on
/// the line and jitters, or comes back at once, is not noticed twice.
/// </summary>
internal struct GateWatch
{
    private bool _hasBegun;
    private double _time;
    private double _x;
    private double _y;

    /// <summary>Where the track is well on one side: -1 or 1. 0 while it has been astride the line since it began.</summary>
    private int _side;
    private int _firstSide;
    private double _beganAt;
    private double _astrideUntil;
    private double _passedAt;
    private double _passedX;
    private double _passedY;
    private bool _passedWithin;
    private bool _hasGoneForward;
    private bool _hasGoneBackward;

    /// <summary>When the line was passed while it is not yet certain, seconds; null when the track is well on one side.</summary>
    /// <param name="standing">Seconds, as for <see cref="Move"/>.</param>
    public readonly double? OpenSince(in GateLine line, double standing = 0)
    {
        if (!_hasBegun) return null;
        if (_side == 0)
        {
            // The track began astride the line. If it stood there it crosses when it leaves, else when its ground point met the line.
            if (_astrideUntil - _beganAt >= standing) return _passedWithin ? Math.Max(_passedAt, _astrideUntil) : _astrideUntil;
            return _passedWithin ? _passedAt : _astrideUntil;
        }

        return _passedWithin && SideOf(line.Side(_x, _y)) != _side ? _passedAt : null;
    }

    /// <param name="beyond">
    /// How far from where it passed the line the ground point must come to be well on the other side, in the line's unit.
    /// </param>
    /// <param name="jitter">How far from the line itself it must be for that: at least what a standing box jitters.</param>
    /// <param name="astride">
    /// Within so much of the line the first box does not tell the side: what is first seen standing over the line has not passed it yet, and
    /// crosses when it goes. 0: the first point decides.
    /// </param>
    /// <param name="standing">How long it must have stood there for that, seconds; what only passes through began where it was first seen.</param>
    /// <returns>A crossing that became certain at this point, else null.</returns>
    public GateCrossing? Move(in GateLine line, double time, double x, double y, double beyond, double? jitter = null, double astride = 0, double standing = 0)
    {
        var side = line.Side(x, y);
        if (!_hasBegun)
        {
            _hasBegun = true;
            _firstSide = SideOf(side);
            if (Math.Abs(side) >= astride) _side = _firstSide;
            _beganAt = _astrideUntil = time;
            (_time, _x, _y) = (time, x, y);
            return null;
        }

        var before = line.Side(_x, _y);
        if (SideOf(before) != SideOf(side))
        {
            var share = before / (before - side);
            _passedAt = _time + (share * (time - _time));
            (_passedX, _passedY) = (_x + (share * (x - _x)), _y + (share * (y - _y)));
            _passedWithin = IsWithin(line, _passedX, _passedY);
        }

        (_time, _x, _y) = (time, x, y);
        if (_side == 0)
        {
            if (Math.Abs(side) < astride) _astrideUntil = time;
            if (Math.Abs(side) < beyond) return null;
            if (_astrideUntil - _beganAt >= standing) return Depart(line, SideOf(side));
            _side = _firstSide;
        }

        if (SideOf(side) == _side || Math.Abs(side) < (jitter ?? beyond) || !IsFar(x, y, Math.Abs(side), beyond)) return null;
        _side = -_side;
        return Passed(wasAstride: false);
    }

    /// <summary>
    /// The track has ended. What has passed the line and was last seen beyond it, if only a little, has crossed: the clip's end or a lorry in
    /// front must not take it away.
    /// </summary>
    /// <param name="beyond">How far beyond is more than jitter.</param>
    /// <param name="standing">Seconds, as for <see cref="Move"/>: what stood on the line to its end has not crossed it.</param>
    public GateCrossing? End(in GateLine line, double beyond, double standing = 0)
    {
        if (!_hasBegun || (_side == 0 && _astrideUntil - _beganAt >= standing)) return null;
        var side = line.Side(_x, _y);
        if (_side == 0) _side = _firstSide;
        if (SideOf(side) == _side || Math.Abs(side) < beyond) return null;
        _side = -_side;
        return Passed(wasAstride: false) is { } crossing ? crossing with { IsAtEnd = true } : null;
    }

    /// <summary>What turns off along the line is far from where it met it, though never far from the line.</summary>
    private readonly bool IsFar(double x, double y, double distance, double beyond)
    {
        if (distance >= beyond) return true;
        var (dx, dy) = (x - _passedX, y - _passedY);
        return (dx * dx) + (dy * dy) >= beyond * beyond;
    }

    private GateCrossing? Depart(in GateLine line, int side)
    {
        // It went off from where it stood, whether or not its box had already jittered over the line.
        if (_passedAt < _astrideUntil || !_passedWithin) (_passedAt, _passedWithin) = (_astrideUntil, IsWithin(line, _x, _y));
        _side = side;
        return Passed(wasAstride: true);
    }

    private GateCrossing? Passed(bool wasAstride)
    {
        if (!_passedWithin) return null;
        _passedWithin = false;
        var direction = _side > 0 ? CrossingDirection.Forward : CrossingDirection.Backward;
        var isAgain = direction == CrossingDirection.Forward ? _hasGoneForward : _hasGoneBackward;
        _hasGoneForward |= direction == CrossingDirection.Forward;
        _hasGoneBackward |= direction == CrossingDirection.Backward;
        return new GateCrossing(direction, _passedAt, wasAstride) { IsAgain = isAgain };
    }

    private static bool IsWithin(in GateLine line, double x, double y)
    {
        var along = line.Along(x, y);
        return along >= 0 && along <= line.Length;
    }

    /// <summary>
    /// -1 or 1; a point on the line is on the positive side. All tests of the side must use this one rule: else a track could change sides without
    /// a time at which it passed the line.
    /// </summary>
    private static int SideOf(double distance) => distance < 0 ? -1 : 1;
}

/// <summary>A track has passed a gate's line, as far as its ground point alone tells.</summary>
/// <param name="Time">When the point met the line, seconds.</param>
/// <param name="WasAstride">The track began on the line and stood there before it went.</param>
/// <param name="IsAtEnd">The track ended before it came well beyond the line.</param>
internal readonly record struct GateCrossing(CrossingDirection Direction, double Time, bool WasAstride, bool IsAtEnd = false)
{
    /// <summary>Not the first one of the track in this direction.</summary>
    public bool IsAgain { get; init; }
}
