using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>The changing state of one vehicle; <see cref="S"/> is the position of its front along its path.</summary>
/// <param name="parked">What it keeps away from; null for none.</param>
internal sealed class SimulatedVehicle(
    long id, VehicleModel model, Paint paint, LanePath path, double desiredSpeed, double toLeft, ParkedVehicles? parked = null)
{
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

    private GroundPoint At(double s) => Path.At(s, Sideways(s));

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
