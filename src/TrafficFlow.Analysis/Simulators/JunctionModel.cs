using System.Collections.Immutable;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators;

/// <summary>A signalled junction as a microscopic simulator needs it. What the site file does not say (lanes, limits) is an assumption of whoever builds the model, and is named by it.</summary>
/// <param name="DrivesOnLeft">As in Japan; false for traffic on the right.</param>
/// <param name="Arms">At least three.</param>
public sealed record JunctionModel(bool DrivesOnLeft, ImmutableArray<ArmModel> Arms)
{
    public const double ShortestArmMetres = 20;
    public const double LongestArmMetres = 5_000;

    public ArmModel Arm(ApproachId approach) =>
        Arms.FirstOrDefault(a => a.Approach == approach) ?? throw new ArgumentOutOfRangeException(nameof(approach), approach, $"the junction has {string.Join(", ", Arms.Select(a => a.Approach))}");

    /// <summary>Every turn that some lane allows.</summary>
    public IEnumerable<TurnId> Turns => Arms.SelectMany(a => a.Lanes.SelectMany(l => l.Exits).Distinct().Select(exit => new TurnId(a.Approach, exit)));

    /// <summary>To which side of the road a turn goes; back to where it came from is across.</summary>
    public TurnSide SideOf(TurnId turn)
    {
        if (turn.Approach == turn.Exit) return TurnSide.Across;
        var degrees = Math.IEEERemainder(Arm(turn.Exit).BearingDegrees - Arm(turn.Approach).BearingDegrees - 180, 360);
        if (Math.Abs(degrees) < 35) return TurnSide.Through;
        return degrees < 0 == DrivesOnLeft ? TurnSide.Near : TurnSide.Across;
    }

    /// <summary>Whether vehicles of two arms meet head-on.</summary>
    public bool AreOpposite(ApproachId one, ApproachId other) => Math.Abs(Math.IEEERemainder(Arm(one).BearingDegrees - Arm(other).BearingDegrees - 180, 360)) < 45;

    /// <exception cref="SimulatorException">Names everything that makes no sense.</exception>
    public JunctionModel Validated()
    {
        var errors = new List<string>();
        Check(Arms.Length >= 3, "a junction has at least three arms");
        foreach (var twice in Arms.GroupBy(a => a.Approach).Where(g => g.Count() > 1)) errors.Add($"{twice.Key} stands there twice");
        foreach (var arm in Arms)
        {
            var exits = arm.Lanes.SelectMany(l => l.Exits).ToList();
            Check(arm.Lanes.Length is >= 1 and <= 8, $"{arm.Approach}: 1 to 8 arriving lanes");
            Check(arm.ExitLanes is >= 0 and <= 8, $"{arm.Approach}: 0 to 8 leaving lanes");
            Check(arm.SpeedLimitKmh is >= 10 and <= 120, $"{arm.Approach}: the speed limit must be 10 to 120 km/h");
            Check(arm.LengthMetres is >= ShortestArmMetres and <= LongestArmMetres, $"{arm.Approach}: the arm must be {ShortestArmMetres} to {LongestArmMetres} m long");
            Check(double.IsFinite(arm.BearingDegrees), $"{arm.Approach}: the bearing must be a number of degrees");
            Check(arm.Lanes.All(l => l.Exits.Length > 0), $"{arm.Approach}: every arriving lane leads somewhere");
            Check(arm.Lanes.Any(l => l.PocketMetres is null), $"{arm.Approach}: at least one lane must be as long as the arm");
            Check(arm.Lanes.All(l => l.PocketMetres is null || (l.PocketMetres >= 5 && l.PocketMetres <= arm.LengthMetres - 5)), $"{arm.Approach}: a turn lane is 5 m long or longer, and shorter than its arm");
            foreach (var exit in exits.Distinct())
            {
                if (Arms.FirstOrDefault(a => a.Approach == exit) is not { } to) errors.Add($"{arm.Approach}: there is no exit {exit}");
                else Check(to.ExitLanes > 0, $"{arm.Approach}: nothing can leave by {exit}, which has no leaving lane");
            }
        }

        foreach (var (a, b) in Arms.SelectMany(a => Arms.Where(b => b.Approach.Value.CompareTo(a.Approach.Value, StringComparison.Ordinal) > 0).Select(b => (a, b))))
        {
            Check(Math.Abs(Math.IEEERemainder(a.BearingDegrees - b.BearingDegrees, 360)) >= 20, $"{a.Approach} and {b.Approach} lie less than 20 degrees apart");
        }

        return errors.Count == 0 ? this : throw new SimulatorException($"the junction cannot be simulated: {string.Join("; ", errors)}");

        void Check(bool isGood, string error)
        {
            if (!isGood) errors.Add(error);
        }
    }
}

/// <summary>One arm: the lanes that arrive on it and those that leave.</summary>
/// <param name="BearingDegrees">From the middle of the junction outwards, clockwise from north.</param>
/// <param name="Lanes">Arriving, from the kerb inwards.</param>
/// <param name="LengthMetres">Of road that is simulated before the stop line.</param>
public sealed record ArmModel(ApproachId Approach, double BearingDegrees, ImmutableArray<ArrivingLane> Lanes, int ExitLanes, double SpeedLimitKmh, double LengthMetres)
{
    /// <summary>How far back from the stop line vehicles are seen, metres: delay is compared over this length. Null: over the whole arm.</summary>
    public double? SeenMetres { get; init; }
}

/// <summary>A lane before the stop line.</summary>
/// <param name="Exits">Where it leads.</param>
/// <param name="PocketMetres">Length of a turn lane that begins only so far before the stop line; null for a lane of the whole arm.</param>
public sealed record ArrivingLane(ImmutableArray<ApproachId> Exits, double? PocketMetres = null);

/// <summary>A movement of the junction.</summary>
public readonly record struct TurnId(ApproachId Approach, ApproachId Exit)
{
    public override string ToString() => $"{Approach} to {Exit}";
}

public enum TurnSide
{
    /// <summary>Round the kerb: left where one drives on the left.</summary>
    Near = 0,

    Through = 1,

    /// <summary>Over the opposite lanes.</summary>
    Across = 2,
}

/// <summary>What a movement is shown in one step of a plan.</summary>
public enum MovementLight
{
    Red = 0,
    Amber = 1,

    /// <summary>Green, and every conflicting movement gives way.</summary>
    Green = 2,

    /// <summary>Green, but gives way to the opposite traffic: a turn without an arrow of its own.</summary>
    GreenGivingWay = 3,
}

/// <summary>One step of a plan: nothing changes within it.</summary>
/// <param name="Lights">What is not named is red.</param>
public sealed record SignalStep(double Seconds, ImmutableDictionary<TurnId, MovementLight> Lights);

/// <summary>A fixed-time plan as its steps, which repeat.</summary>
/// <param name="OffsetSeconds">Simulated second at which the first step begins.</param>
public sealed record SignalSteps(ImmutableArray<SignalStep> Steps, double OffsetSeconds = 0)
{
    public double CycleSeconds => Steps.Sum(s => s.Seconds);
}
