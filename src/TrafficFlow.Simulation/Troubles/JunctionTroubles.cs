using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Troubles;

/// <summary>For how long something lasts, in seconds since zero of the simulation: [from, to).</summary>
public readonly record struct TroubleSpan(double FromSeconds, double ToSeconds)
{
    public bool Contains(double seconds) => seconds >= FromSeconds && seconds < ToSeconds;
}

/// <summary>The lane for right turns begins only so far before the stop line; before it, who wants to turn right is in the kerb lane, and stays there while there is no room.</summary>
public sealed record TurnLane(ApproachId Approach, double Metres);

/// <summary>A signal beyond the exit lets go for only a part of each cycle: the queue before it fills the arm, and in the end nobody can leave the junction by it.</summary>
/// <param name="AtMetres">From the exit line to where the first of that queue stands.</param>
public sealed record DownstreamSignal(ApproachId Exit, TroubleSpan Span, double AtMetres, double CycleSeconds, double OpenSeconds)
{
    /// <summary>Part of the drivers who enter the junction though they see that they cannot leave it, 0..1.</summary>
    public double EnterAnyway { get; init; } = 0.3;
}

/// <summary>A vehicle stops in its lane before the stop line and stays; others pass it where there is a lane beside it, when they find a gap there.</summary>
/// <param name="InTurnLane">In the lane for right turns, not in the kerb lane.</param>
/// <param name="Metres">From its front to the stop line.</param>
/// <param name="AtSeconds">The next one that comes by after this is the one.</param>
/// <param name="Seconds">For how long it stands.</param>
public sealed record StandingVehicle(ApproachId Approach, bool InTurnLane, double Metres, double AtSeconds, double Seconds)
{
    /// <summary>It stands across the lanes: nobody passes.</summary>
    public bool IsAcross { get; init; }
}

/// <summary>Rain, snow or fog: everybody drives slower, keeps a longer gap and accelerates less. It comes and goes over some minutes.</summary>
/// <param name="Speed">Of the wished speed, 0..1.</param>
/// <param name="Headway">Of the wished time gap, 1 or more.</param>
/// <param name="Acceleration">Of the acceleration, 0..1.</param>
public sealed record WeatherSpell(TroubleSpan Span, double Speed, double Headway, double Acceleration)
{
    public double RampSeconds { get; init; } = 300;
}

/// <summary>A signal upstream of an approach: what comes through it comes in its green.</summary>
/// <param name="GreenFromSeconds">When what it lets go would come to the stop line, since zero of the simulation and every cycle after.</param>
/// <param name="PlatoonShare">Part of the traffic that comes through it, 0..1; the others come from elsewhere, at any time.</param>
public sealed record UpstreamSignal(ApproachId Approach, TroubleSpan Span, double CycleSeconds, double GreenFromSeconds, double GreenSeconds, double PlatoonShare);

/// <summary>Other classes or other turns than usual on one approach.</summary>
public sealed record OtherTraffic(ApproachId Approach, TroubleSpan Span)
{
    public ClassMix? Mix { get; init; }

    public double? LeftShare { get; init; }

    public double? RightShare { get; init; }

    /// <summary>Of the usual acceleration of lorries and buses, what these have: laden ones have less, 0..1. They keep longer gaps in proportion to its root.</summary>
    public double HeavyAcceleration { get; init; } = 1;
}

/// <summary>Other numbers of people on foot than usual, over all arms together.</summary>
public sealed record PeopleStep(double FromSeconds, double PerHour);

/// <summary>What goes wrong at a simulated junction; nothing by default, and then the traffic is what it was without this.</summary>
public sealed record JunctionTroubles
{
    public static readonly JunctionTroubles None = new();

    public IReadOnlyList<TurnLane> TurnLanes { get; init; } = [];
    public IReadOnlyList<DownstreamSignal> Downstream { get; init; } = [];
    public IReadOnlyList<StandingVehicle> Standing { get; init; } = [];
    public IReadOnlyList<WeatherSpell> Weather { get; init; } = [];
    public IReadOnlyList<UpstreamSignal> Upstream { get; init; } = [];
    public IReadOnlyList<OtherTraffic> Traffic { get; init; } = [];

    /// <summary>In order of time.</summary>
    public IReadOnlyList<PeopleStep> People { get; init; } = [];

    internal IEnumerable<string> Errors()
    {
        foreach (var approach in Approaches().Where(a => !JunctionLayout.Approaches.Contains(a)).Distinct()) yield return $"troubles: the junction has no arm {approach}";
        if (TurnLanes.Any(l => l.Metres is not (>= 6 and <= JunctionLayout.ArmLength))) yield return $"troubles: a turn lane must be 6..{JunctionLayout.ArmLength} m long";
        if (TurnLanes.GroupBy(l => l.Approach).Any(g => g.Count() > 1)) yield return "troubles: an approach has one turn lane";
        if (Downstream.Any(d => d.AtMetres is not (>= 5 and <= JunctionLayout.ArmLength) || !(d.CycleSeconds > 0) || !(d.OpenSeconds >= 0 && d.OpenSeconds <= d.CycleSeconds)))
            yield return $"troubles: a signal downstream stands 5..{JunctionLayout.ArmLength} m after the exit line and is open for a part of its cycle";
        if (Standing.Any(s => s.Metres is not (>= 2 and <= JunctionLayout.ArmLength - 20) || !(s.Seconds > 0))) yield return $"troubles: a vehicle stands 2..{JunctionLayout.ArmLength - 20} m before the stop line, for some time";
        if (Weather.Any(w => w.Speed is not (>= 0.2 and <= 1) || w.Headway is not (>= 1 and <= 3) || w.Acceleration is not (>= 0.2 and <= 1) || !(w.RampSeconds >= 0)))
            yield return "troubles: weather leaves 0.2..1 of speed and acceleration, and makes gaps 1..3 times as long";
        if (Upstream.Any(u => !(u.CycleSeconds > 0) || !(u.GreenSeconds > 0 && u.GreenSeconds <= u.CycleSeconds) || u.PlatoonShare is not (>= 0 and <= 1)))
            yield return "troubles: a signal upstream has green for a part of its cycle, and 0..1 of the traffic comes through it";
        if (Traffic.Any(t => t.LeftShare is < 0 or > 1 || t.RightShare is < 0 or > 1 || (t.LeftShare ?? 0) + (t.RightShare ?? 0) > 1)) yield return "troubles: turning shares must be 0..1 and sum to at most 1";
        if (Traffic.Any(t => t.HeavyAcceleration is not (>= 0.2 and <= 1))) yield return "troubles: laden vehicles keep 0.2..1 of their acceleration";
        if (People.Any(p => p.PerHour is not (> 0 and <= 6000))) yield return "troubles: people per hour must be above 0 and at most 6000";
        if (People.Zip(People.Skip(1)).Any(p => p.First.FromSeconds >= p.Second.FromSeconds)) yield return "troubles: numbers of people must be in order of time";
    }

    private IEnumerable<ApproachId> Approaches() =>
        [
            .. TurnLanes.Select(t => t.Approach), .. Downstream.Select(t => t.Exit), .. Standing.Select(t => t.Approach), .. Upstream.Select(t => t.Approach),
            .. Traffic.Select(t => t.Approach),
        ];
}
