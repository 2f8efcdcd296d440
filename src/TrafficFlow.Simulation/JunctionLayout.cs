using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation;

public enum Turn
{
    Left = 0,
    Through = 1,
    Right = 2,
}

/// <summary>
/// The ground of the junction, in metres: x east, y north, origin in the middle. Each arm has two lanes in (kerb lane: left and through;
/// inner lane: right) and two lanes out, traffic keeps left. An arm's own frame has b outwards along its centre line and a to the side
/// of the arriving lanes.
/// </summary>
public static class JunctionLayout
{
    public const double LaneWidth = 3.1;
    public const double MedianWidth = 0.5;

    /// <summary>From the middle to the kerb of an arm.</summary>
    public const double HalfWidth = (MedianWidth / 2) + (2 * LaneWidth) + 0.45;

    public const double KerbRadius = 4.5;
    public const double CrosswalkNear = 7.6;
    public const double CrosswalkFar = 10.4;

    /// <summary>From the middle to the stop line of an arm.</summary>
    public const double StopLine = 11.6;

    /// <summary>From the middle to the line at which a vehicle has left by an arm.</summary>
    public const double ExitLine = StopLine;

    /// <summary>Length of simulated road before the stop line and after the exit line.</summary>
    public const double ArmLength = 150;

    public const double KerbLane = (MedianWidth / 2) + (1.5 * LaneWidth);
    public const double InnerLane = (MedianWidth / 2) + (0.5 * LaneWidth);

    public static readonly ApproachId North = new("north");
    public static readonly ApproachId East = new("east");
    public static readonly ApproachId South = new("south");
    public static readonly ApproachId West = new("west");

    /// <summary>Clockwise from north; an arm's index is its place here.</summary>
    public static readonly IReadOnlyList<ApproachId> Approaches = [North, East, South, West];

    public static int IndexOf(ApproachId approach)
    {
        for (var i = 0; i < Approaches.Count; i++)
        {
            if (Approaches[i] == approach) return i;
        }

        throw new ArgumentOutOfRangeException(nameof(approach), approach, "the junction has north, east, south and west");
    }

    /// <summary>The arm by which a vehicle leaves that arrives by <paramref name="arm"/> and turns so.</summary>
    public static int ExitOf(int arm, Turn turn) => (arm + 1 + (int)turn) & 3;

    /// <summary>From an arm's frame (a to the arriving lanes, b outwards) to the ground.</summary>
    public static GroundPoint ToGround(int arm, double a, double b) => (arm & 3) switch
    {
        0 => new(a, b),
        1 => new(b, -a),
        2 => new(-a, -b),
        _ => new(-b, a),
    };

    /// <summary>From the ground to an arm's frame: X is a, Y is b.</summary>
    public static GroundPoint ToArm(int arm, double x, double y) => (arm & 3) switch
    {
        0 => new(x, y),
        1 => new(-y, x),
        2 => new(-x, -y),
        _ => new(y, -x),
    };
}
