using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation;

/// <summary>The signal groups of the simulated junction, and plans made of them.</summary>
public static class JunctionPlans
{
    private const string RightOf = "-right";
    private const string WalkOf = "-walk";

    /// <summary>For each arm: left and through ("north"), right ("north-right") and people who cross it ("north-walk").</summary>
    public static readonly ImmutableArray<SignalGroup> Groups =
    [
        .. JunctionLayout.Approaches.SelectMany((approach, arm) => new[]
        {
            new SignalGroup(Ahead(approach), approach, [To(arm, Turn.Left), To(arm, Turn.Through)]),
            new SignalGroup(Right(approach), approach, [To(arm, Turn.Right)]),
            new SignalGroup(Walk(approach), approach, []),
        }),
    ];

    public static string Ahead(ApproachId approach) => approach.Value;

    public static string Right(ApproachId approach) => approach.Value + RightOf;

    public static string Walk(ApproachId approach) => approach.Value + WalkOf;

    /// <summary>A plan of the groups that its stages name.</summary>
    /// <exception cref="ArgumentException">It makes no sense for this junction.</exception>
    public static TimingPlan Of(string name, double offsetSeconds, params IEnumerable<SignalStage> stages)
    {
        ImmutableArray<SignalStage> all = [.. stages];
        return new TimingPlan(name, [.. Groups.Where(g => all.Any(s => s.Groups.Contains(g.Name)))], all, offsetSeconds).Validated(Conflict);
    }

    /// <summary>The four stages of <see cref="SignalTimes"/> as a plan.</summary>
    public static TimingPlan Of(SignalTimes times)
    {
        ApproachId[][] streets = [[JunctionLayout.North, JunctionLayout.South], [JunctionLayout.East, JunctionLayout.West]];
        return Of("symmetric", 0, streets.SelectMany(s => new[]
        {
            new SignalStage($"{s[0]} and {s[1]}", [.. s.Select(Ahead)], times.AheadGreen, times.Amber, times.AllRed),
            new SignalStage($"{s[0]} and {s[1]} right", [.. s.Select(Right)], times.RightGreen, times.Amber, times.AllRed),
        }));
    }

    /// <summary>
    /// Whether two groups must not have green together. Right turns may beside the opposite arm's green, to which they give way; and turning vehicles
    /// beside people on foot.
    /// </summary>
    public static bool Conflict(SignalGroup one, SignalGroup other)
    {
        var (a, b) = (JunctionLayout.IndexOf(one.Approach), JunctionLayout.IndexOf(other.Approach));
        if (one.IsForPedestrians && other.IsForPedestrians) return false;
        if (one.IsForPedestrians) return CrossesWalk(other, b, a);
        if (other.IsForPedestrians) return CrossesWalk(one, a, b);
        var givesWay = b == ((a + 2) & 3) && IsRight(one) != IsRight(other);
        return !givesWay && TurnsOf(one).Any(t => TurnsOf(other).Any(u => Conflicts.Between(LanePath.Of(a, t), LanePath.Of(b, u))));
    }

    internal static Movement To(int arm, Turn turn) => Movement.To(JunctionLayout.Approaches[JunctionLayout.ExitOf(arm, turn)]);

    private static bool CrossesWalk(SignalGroup vehicles, int arm, int walkArm) => arm == walkArm || (arm == ((walkArm + 2) & 3) && !IsRight(vehicles));

    private static bool IsRight(SignalGroup group) => group.Name.EndsWith(RightOf, StringComparison.Ordinal);

    private static Turn[] TurnsOf(SignalGroup group) => IsRight(group) ? [Turn.Right] : [Turn.Left, Turn.Through];
}
