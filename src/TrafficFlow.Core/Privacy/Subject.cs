using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Privacy;

/// <summary>One person or vehicle as it was seen, and where it is thought to be between, before and after.</summary>
internal sealed class Subject(SubjectKind kind, PrivacySettings settings)
{
    /// <summary>Over which a speed is measured.</summary>
    private const double SpeedSeconds = 1;

    /// <summary>By which a box grows in a second that nobody saw it, in sizes.</summary>
    private const double Growth = 0.15;

    /// <summary>In less time boxes jitter more than they move.</summary>
    private const double LeastSpeedSeconds = 0.5;

    /// <summary>In which a walker's pace fades to a third of what is known of it.</summary>
    private const double TurnSeconds = 0.7;

    private readonly List<(double Time, Box Box)> _observations = [];
    private int _known;

    public SubjectKind Kind { get; } = kind;

    /// <summary>Somebody was sure of it at least once.</summary>
    public bool IsSure { get; private set; }

    /// <summary>It was in a picture that was shown, and is counted.</summary>
    public bool IsCounted { get; set; }

    /// <summary>More than a box or two that were surely something.</summary>
    public bool IsReliable => IsSure && _known >= settings.FewestObservations;

    public double Last => _observations[^1].Time;

    public void See(double time, Box box, bool isSure)
    {
        if (_observations.Count > 0 && _observations[^1].Time >= time) _observations[^1] = (time, Union(_observations[^1].Box, box));
        else _observations.Add((time, box));
        _known++;
        IsSure |= isSure;
    }

    /// <summary>
    /// Nobody asks for earlier times any more. The last second in which it was seen stays in any case: without it, what drove away would seem to
    /// stand where it was seen last.
    /// </summary>
    public void Forget(double before)
    {
        var keep = _observations.FindIndex(s => s.Time >= Math.Min(before, Last) - SpeedSeconds);
        // The one before them stays: between the two it is thought to be somewhere.
        _observations.RemoveRange(0, Math.Max(0, keep - 1));
    }

    /// <summary>Where it would be seen at a time after its last observation; null where it has been away for too long to be the same.</summary>
    public Box? Expected(double time)
    {
        var missed = time - Last;
        if (Stands(atEnd: true)) return missed <= settings.HorizonSeconds ? _observations[^1].Box : null;
        return missed <= settings.MovingSeconds ? Moved(_observations[^1].Box, Velocity(atEnd: true), missed) : null;
    }

    /// <summary>Where it must be coarse at a time; null where nothing is known of it then.</summary>
    public Box? At(double time)
    {
        // A single detection that was not sure is taken for a false one.
        if (_known < 2 && !IsSure) return null;
        if (time < _observations[0].Time) return Beyond(_observations[0].Time - time, atEnd: false);
        if (time > Last) return Beyond(time - Last, atEnd: true);
        var next = _observations.FindIndex(s => s.Time >= time);
        var box = _observations[next].Box;
        if (_observations[next].Time > time)
        {
            var (from, to) = (_observations[next - 1], _observations[next]);
            box = Between(from, to, time);
        }

        for (var i = next; i < _observations.Count && _observations[i].Time <= time + settings.BlendSeconds; i++) box = Union(box, _observations[i].Box);
        for (var i = next - 1; i >= 0 && _observations[i].Time >= time - settings.BlendSeconds; i--) box = Union(box, _observations[i].Box);
        return box;
    }

    private Box? Beyond(double missed, bool atEnd)
    {
        var box = _observations[atEnd ? ^1 : 0].Box;
        if (_known < settings.FewestObservations) return missed <= (IsSure ? settings.GlimpsedSeconds : settings.DoubtedSeconds) ? box : null;
        if (Stands(atEnd)) return missed <= settings.StandingSeconds ? box : null;
        if (missed > settings.MovingSeconds) return null;
        var (velocity, growth) = (Velocity(atEnd), Growth * missed);
        if (Kind == SubjectKind.Vehicle) return Grown(Moved(box, velocity, atEnd ? missed : -missed), growth);
        // A person may stop or turn at once: everything from the last box to a prediction whose speed decays is covered.
        var way = TurnSeconds * (1 - Math.Exp(-missed / TurnSeconds));
        return Grown(Union(box, Moved(box, velocity, atEnd ? way : -way)), growth);
    }

    private static Box Between(in (double Time, Box Box) from, in (double Time, Box Box) to, double time)
    {
        // While the boxes overlap, it may have been in either or between them at any time: both are covered.
        if (from.Box.IntersectionWith(to.Box) > 0) return Union(from.Box, to.Box);
        var share = (float)((time - from.Time) / (to.Time - from.Time));
        var (a, b) = (from.Box, to.Box);
        var box = new Box(a.X + (share * (b.X - a.X)), a.Y + (share * (b.Y - a.Y)), a.Width + (share * (b.Width - a.Width)), a.Height + (share * (b.Height - a.Height)));
        return Grown(box, Growth * Math.Min(time - from.Time, to.Time - time));
    }

    /// <summary>Seen too seldom for a speed: it may well stand, and is looked for where it was.</summary>
    private bool Stands(bool atEnd)
    {
        if (_known < settings.FewestObservations || _observations.Count < 2) return true;
        var (end, other) = Ends(atEnd);
        var seconds = Math.Abs(end.Time - other.Time);
        // Of one that leaves the picture only the far side still moves.
        var moved = MathF.Max(
            MathF.Max(MathF.Abs(end.Box.X - other.Box.X), MathF.Abs(end.Box.Right - other.Box.Right)),
            MathF.Max(MathF.Abs(end.Box.Y - other.Box.Y), MathF.Abs(end.Box.Bottom - other.Box.Bottom)));
        return moved <= settings.StandingSpeed * Math.Sqrt(end.Box.Area) * Math.Max(seconds, LeastSpeedSeconds);
    }

    /// <summary>Pixels a second, over the first or last second in which it was seen.</summary>
    private (double X, double Y) Velocity(bool atEnd)
    {
        var (end, other) = Ends(atEnd);
        var seconds = end.Time - other.Time;
        return seconds == 0 ? (0, 0) : ((end.Box.CenterX - other.Box.CenterX) / seconds, (end.Box.CenterY - other.Box.CenterY) / seconds);
    }

    private ((double Time, Box Box) End, (double Time, Box Box) Other) Ends(bool atEnd)
    {
        var end = atEnd ? _observations[^1] : _observations[0];
        var other = end;
        for (var i = 0; i < _observations.Count; i++)
        {
            var observation = _observations[atEnd ? _observations.Count - 1 - i : i];
            if (Math.Abs(observation.Time - end.Time) > SpeedSeconds) break;
            other = observation;
        }

        return (end, other);
    }

    private static Box Moved(Box box, (double X, double Y) velocity, double seconds) =>
        box with { X = box.X + (float)(velocity.X * seconds), Y = box.Y + (float)(velocity.Y * seconds) };

    private static Box Grown(Box box, double share) => new(
        box.X - (float)(share * box.Width), box.Y - (float)(share * box.Height), (float)((1 + (2 * share)) * box.Width), (float)((1 + (2 * share)) * box.Height));

    private static Box Union(Box a, Box b) => Box.FromCorners(MathF.Min(a.X, b.X), MathF.Min(a.Y, b.Y), MathF.Max(a.Right, b.Right), MathF.Max(a.Bottom, b.Bottom));
}
