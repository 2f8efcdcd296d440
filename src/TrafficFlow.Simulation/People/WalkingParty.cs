using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation.People;

/// <summary>One member of a party.</summary>
/// <param name="Back">Metres behind the party's place.</param>
/// <param name="Left">Metres to the left of it.</param>
/// <param name="Phase">Where the walking cycle begins, 0..1.</param>
/// <param name="Faces">How far from the party's heading it looks while standing, radians.</param>
internal sealed record PartyMember(long Id, PersonLook Look, double Back, double Left, double Phase, double Faces);

/// <summary>People who walk together, one at the least: they go the same way at the same pace and wait together.</summary>
internal sealed class WalkingParty(IReadOnlyList<PartyMember> members, WalkPoint[] route, double pace, bool crossesOnRed)
{
    private const double TurnPerSecond = 3;
    private GroundPoint _place = route[0].Place;
    private double _heading = Math.Atan2(route[1].Place.Y - route[0].Place.Y, route[1].Place.X - route[0].Place.X);
    private double _walked;
    private double _standing;
    private int _next = 1;

    public IReadOnlyList<PartyMember> Members => members;

    public GroundPoint Place => _place;

    /// <summary>Metres per second.</summary>
    public double Pace { get; } = pace;

    public bool CrossesOnRed { get; } = crossesOnRed;

    public bool HasArrived => _next >= route.Length;

    /// <summary>The arm on whose crossing the party is; -1 for none.</summary>
    public int OnCrossing => HasArrived ? -1 : route[_next - 1].CrossesArm;

    /// <summary>The place to which it walks, or at which it waits.</summary>
    public GroundPoint Goal => route[Math.Min(_next, route.Length - 1)].Place;

    /// <param name="mayCross">Told the arm and the seconds that crossing it takes.</param>
    public void Advance(double seconds, Func<WalkingParty, int, double, bool> mayCross)
    {
        var goal = route[_next];
        var (dx, dy) = (goal.Place.X - _place.X, goal.Place.Y - _place.Y);
        var left = Math.Sqrt((dx * dx) + (dy * dy));
        if (left > 0.02) Turn(Math.Atan2(dy, dx), seconds);
        var reach = Pace * seconds;
        if (left > reach)
        {
            _place = new GroundPoint(_place.X + (dx * reach / left), _place.Y + (dy * reach / left));
            _walked += reach;
            _standing = 0;
            return;
        }

        _place = goal.Place;
        if (!MayGoOn(goal, seconds, mayCross)) return;
        _next++;
        _standing = 0;
    }

    public IEnumerable<PersonView> Views()
    {
        var (cos, sin) = (Math.Cos(_heading), Math.Sin(_heading));
        foreach (var m in members)
        {
            // Nobody walks as straight as a vehicle drives.
            var aside = m.Left + (0.1 * Math.Sin((_walked * 0.6) + (6.28 * m.Phase)));
            var stride = (_walked / (0.82 * m.Look.Height)) + m.Phase;
            yield return new PersonView(
                m.Id,
                new GroundPoint(_place.X - (cos * m.Back) - (sin * aside), _place.Y - (sin * m.Back) + (cos * aside)),
                _heading + (m.Faces * Math.Min(1, _standing)),
                m.Look.Height,
                m.Look.Build,
                _standing > 0 ? 0 : Pace,
                stride - Math.Floor(stride),
                m.Look.Clothes,
                m.Look.Carried,
                m.Look.HasUmbrella,
                m.Look.Umbrella);
        }
    }

    private bool MayGoOn(WalkPoint at, double seconds, Func<WalkingParty, int, double, bool> mayCross)
    {
        if (at.CrossesArm >= 0)
        {
            var over = route[_next + 1].Place;
            var wide = Math.Sqrt(Math.Pow(over.X - _place.X, 2) + Math.Pow(over.Y - _place.Y, 2));
            Turn(Math.Atan2(over.Y - _place.Y, over.X - _place.X), seconds);
            if (mayCross(this, at.CrossesArm, wide / Pace)) return true;
        }
        else if (_standing >= at.StandsSeconds)
        {
            return true;
        }

        _standing += seconds;
        return false;
    }

    private void Turn(double towards, double seconds)
    {
        var by = Math.IEEERemainder(towards - _heading, 2 * Math.PI);
        _heading += Math.Clamp(by, -TurnPerSecond * seconds, TurnPerSecond * seconds);
    }
}
