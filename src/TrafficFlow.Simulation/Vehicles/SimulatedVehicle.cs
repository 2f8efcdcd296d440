using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>The changing state of one vehicle; <see cref="S"/> is the position of its front along its path.</summary>
/// <param name="parked">What it keeps away from; null for none.</param>
internal sealed class SimulatedVehicle(
    long id, VehicleModel model, Paint paint, LanePath path, double desiredSpeed, double toLeft, ParkedVehicles? parked = null)
{
    // A lane is changed over so many metres.
    private const double AlongChange = 12;

    private List<(double From, double Aside)>? _changes;

    public long Id { get; } = id;
    public VehicleModel Model { get; } = model;
    public LanePath Path { get; } = path;
    public double DesiredSpeed { get; } = desiredSpeed;
    public double S { get; set; } = -JunctionLayout.ArmLength;
    public double Speed { get; set; }
    public double Acceleration { get; set; }
    public double EnteredAtSeconds { get; set; }
    public double EnterSpeed { get; set; }

    /// <summary>Where along its path it stops to deliver, and for how long it still has to stand there.</summary>
    public double StopsAt { get; set; }

    public double StandsSeconds { get; set; }

    /// <summary>The approach lane that it is in: its path's own, but for those who pass somebody or wait for a turn lane to begin.</summary>
    public int Lane { get; private set; } = path.ApproachLane;

    public double Rear => S - Model.Length;

    /// <summary>Position of the front after the exit line.</summary>
    public double E => S - Path.ConnectorLength;

    public bool IsOnConnector => S > 0 && Rear < Path.ConnectorLength;

    /// <summary>A parked vehicle sends it away from the kerb.</summary>
    public bool LeavesKerb => Sideways(S) < toLeft - 0.15 || Sideways(Rear) < toLeft - 0.15;

    /// <summary>The speed wished for here: slower in and before a bend.</summary>
    public double SpeedWishedHere()
    {
        if (double.IsPositiveInfinity(Path.ConnectorSpeed) || E > 0) return DesiredSpeed;
        var before = Math.Max(0, -S - 1);
        return Math.Min(DesiredSpeed, Math.Sqrt((Path.ConnectorSpeed * Path.ConnectorSpeed) + (2 * 1.6 * before)));
    }

    public VehicleView View()
    {
        // Both axles follow the path, as a careful driver's do; the body lies along them.
        var overhang = (Model.Length - Model.Wheelbase) / 2;
        var front = At(S - overhang);
        var rear = At(S - overhang - Model.Wheelbase);
        return new VehicleView(
            Id,
            Model.Class,
            Model.Shape,
            new GroundPoint((front.X + rear.X) / 2, (front.Y + rear.Y) / 2),
            Math.Atan2(front.Y - rear.Y, front.X - rear.X),
            Model.Length,
            Model.Width,
            Model.Height,
            Speed,
            paint,
            Acceleration < -0.6 || Speed < 0.3,
            Indication());
    }

    /// <summary>It begins in another lane than its path's.</summary>
    public void AppearIn(int lane)
    {
        if (lane == Lane) return;
        Lane = lane;
        _changes = [(double.NegativeInfinity, AsideIn(lane))];
    }

    /// <summary>It begins to go over into a lane of its arm.</summary>
    public void ChangeTo(int lane)
    {
        Lane = lane;
        (_changes ??= [(double.NegativeInfinity, 0)]).Add((S, AsideIn(lane)));
    }

    private double AsideIn(int lane) => lane == Path.ApproachLane ? 0 : Path.Turn == Turn.Right ? JunctionLayout.LaneWidth : -JunctionLayout.LaneWidth;

    private GroundPoint At(double s) => Path.At(s, Sideways(s) + Aside(s));

    /// <summary>How far beside its path it drives because it has changed lanes; over the junction it comes back to it.</summary>
    private double Aside(double s)
    {
        if (_changes is null || s > AlongChange + 2) return 0;
        var aside = _changes[0].Aside;
        for (var i = 1; i < _changes.Count; i++) aside += (_changes[i].Aside - aside) * Smooth((s - _changes[i].From) / AlongChange);
        return aside * (1 - Smooth((s - 2) / AlongChange));

        static double Smooth(double share)
        {
            var x = Math.Clamp(share, 0, 1);
            return x * x * (3 - (2 * x));
        }
    }

    /// <summary>How far to the left of its lane's middle its way runs at a place.</summary>
    private double Sideways(double s)
    {
        if (parked is null) return toLeft;
        var (own, isInner, half) = (Path.Offset + toLeft, Path.Turn == Turn.Right, Model.Width / 2);
        if (s <= 0) return parked.Offset(Path.Arm, 1, isInner, JunctionLayout.StopLine - s, own, half) - Path.Offset;
        var left = s - Path.ConnectorLength;
        return left < 0 ? toLeft : parked.Offset(Path.ExitArm, -1, isInner, JunctionLayout.ExitLine + left, own, half) - Path.Offset;
    }

    private Indicator Indication()
    {
        if (StandsSeconds > 0 && Speed < 0.25 && StopsAt - S < 2.5) return Indicator.Hazard;
        if (S < -45 || E > 2 || Path.Turn == Turn.Through) return Indicator.Off;
        return Path.Turn == Turn.Left ? Indicator.Left : Indicator.Right;
    }
}
