using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation;

/// <summary>The changing state of one vehicle; <see cref="S"/> is the position of its front along its path.</summary>
internal sealed class SimulatedVehicle(long id, VehicleModel model, Paint paint, LanePath path, double desiredSpeed, double toLeft)
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

    public double Rear => S - Model.Length;

    /// <summary>Position of the front after the exit line.</summary>
    public double E => S - Path.ConnectorLength;

    public bool IsOnConnector => S > 0 && Rear < Path.ConnectorLength;

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
        var front = Path.At(S - overhang, toLeft);
        var rear = Path.At(S - overhang - Model.Wheelbase, toLeft);
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

    private Indicator Indication()
    {
        if (S < -45 || E > 2 || Path.Turn == Turn.Through) return Indicator.Off;
        return Path.Turn == Turn.Left ? Indicator.Left : Indicator.Right;
    }
}
