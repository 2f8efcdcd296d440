using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation;

/// <summary>
/// The line a vehicle's middle follows: straight to the stop line (s = 0), a straight or quarter-circle connector over the junction, and
/// straight away from the exit line (s = <see cref="ConnectorLength"/>). All in metres.
/// </summary>
internal sealed class LanePath
{
    public static readonly IReadOnlyList<LanePath> All =
        [.. from arm in Enumerable.Range(0, 4) from turn in Enum.GetValues<Turn>() select new LanePath(arm, turn)];

    private readonly double _radius;

    private LanePath(int arm, Turn turn)
    {
        Arm = arm;
        Turn = turn;
        ExitArm = JunctionLayout.ExitOf(arm, turn);
        Offset = turn == Turn.Right ? JunctionLayout.InnerLane : JunctionLayout.KerbLane;
        _radius = turn switch
        {
            Turn.Left => JunctionLayout.StopLine - Offset,
            Turn.Right => JunctionLayout.StopLine + Offset,
            _ => 0,
        };
        ConnectorLength = turn == Turn.Through ? 2 * JunctionLayout.StopLine : _radius * Math.PI / 2;
        ConnectorSpeed = turn switch { Turn.Left => 5.2, Turn.Right => 7.0, _ => double.PositiveInfinity };
    }

    public int Arm { get; }
    public Turn Turn { get; }
    public int ExitArm { get; }

    /// <summary>Sideways distance of the lane from the middle of its arm.</summary>
    public double Offset { get; }

    public double ConnectorLength { get; }

    /// <summary>Highest comfortable speed on the connector, m/s.</summary>
    public double ConnectorSpeed { get; }

    public int ApproachLane => (Arm * 2) + (Turn == Turn.Right ? 1 : 0);
    public int ExitLane => (ExitArm * 2) + (Turn == Turn.Right ? 1 : 0);

    public static LanePath Of(int arm, Turn turn) => All[(arm * 3) + (int)turn];

    /// <summary>The place at path position <paramref name="s"/>, shifted <paramref name="toLeft"/> metres to the driver's left.</summary>
    public GroundPoint At(double s, double toLeft)
    {
        if (s <= 0 || Turn == Turn.Through) return JunctionLayout.ToGround(Arm, Offset + toLeft, JunctionLayout.StopLine - s);
        if (s >= ConnectorLength)
            return JunctionLayout.ToGround(ExitArm, -(Offset + toLeft), JunctionLayout.ExitLine + (s - ConnectorLength));
        var angle = s / _radius;
        var side = Turn == Turn.Left ? 1 : -1;
        // The circle's middle lies in line with the stop line, on the side to which the path turns.
        var radius = _radius - (side * toLeft);
        return JunctionLayout.ToGround(
            Arm,
            Offset + (side * _radius) - (side * radius * Math.Cos(angle)),
            JunctionLayout.StopLine - (radius * Math.Sin(angle)));
    }
}
