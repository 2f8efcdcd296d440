using System.Collections.Immutable;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>
/// What a study of one junction found: why it is congested and what would help. Plain data, so that it is kept, drawn and printed as it was made. What could not be said
/// stands in <see cref="Unsaid"/>.
/// </summary>
public sealed record JunctionStudy(StudySubject Subject, ImmutableArray<ApproachStudy> Approaches, SignalStudy Signals, ImmutableArray<MovementStudy> Movements)
{
    /// <summary>Ranked by vehicle-hours lost.</summary>
    public ImmutableArray<CauseFinding> Causes { get; init; } = [];

    public ImmutableArray<ProposalStudy> Proposals { get; init; } = [];

    public ImmutableArray<Unsaid> Unsaid { get; init; } = [];
}

/// <summary>Of what, when, by which profile and with what a study was made.</summary>
/// <param name="TimeZone">IANA name.</param>
/// <param name="Profile">Name of the <see cref="CongestionProfile"/>.</param>
/// <param name="Vehicles">Journeys that it rests on.</param>
public sealed record StudySubject(SiteId Site, string SiteName, string TimeZone, Interval Span, string Profile, int Vehicles, DateTimeOffset MadeAt, string ProgramVersion)
{
    public ImmutableArray<Provenance> Provenance { get; init; } = [];
}

/// <summary>Congestion of one approach as it was.</summary>
/// <param name="Observed">For how long it was watched.</param>
/// <param name="Levels">Each 15 minutes of the span, in order: the heat map. What nobody watched is in it as unknown.</param>
/// <param name="Queues">The queue of each lane and cycle whose signals are known.</param>
public sealed record ApproachStudy(
    ApproachId Approach,
    string Name,
    TimeSpan Observed,
    ImmutableArray<LevelCell> Levels,
    ImmutableArray<CongestionEvent> Events,
    ImmutableArray<RecurrentCongestion> Recurrent,
    ImmutableArray<LaneCycleQueue> Queues)
{
    /// <summary>How far back from the entering gate cameras see, metres: delay and queues are known so far. Null where that is not known.</summary>
    public double? SeenMetres { get; init; }

    public int Vehicles => Levels.Sum(l => l.Vehicles);

    public double VehicleHoursLost => Levels.Sum(l => l.DelaySeconds) / 3600;
}

/// <summary>One approach in one interval.</summary>
/// <param name="SpeedKmh">Space-mean speed over the section (its upper end where a queue reached beyond sight); null where nothing tells it.</param>
/// <param name="Vehicles">Journeys that ended.</param>
/// <param name="DelaySeconds">Of them all.</param>
/// <param name="Stops">Of them all.</param>
/// <param name="ObservedShare">0..1.</param>
/// <param name="MeanQueueMetres">Back of the queue, mean over the time; null where nothing measured it.</param>
/// <param name="LongestQueueMetres">Back of the queue at its farthest.</param>
/// <param name="DensityPerKm">Vehicles on a kilometre of the approach, Edie's, of what was seen; null where nothing tells it.</param>
/// <param name="Occupancy">Part of the time for which the entering gate had a vehicle over it, one lane with another, 0..1; null where nothing tells it.</param>
public sealed record LevelCell(
    Interval Span,
    CongestionLevel Level,
    double? SpeedKmh,
    int Vehicles,
    double DelaySeconds,
    int Stops,
    double ObservedShare,
    double? MeanQueueMetres,
    double? LongestQueueMetres,
    double? DensityPerKm,
    double? Occupancy)
{
    /// <summary>The queue reached as far as cameras see: it was this long or longer.</summary>
    public bool IsBeyondSight { get; init; }
}

public enum SignalSource
{
    /// <summary>Nothing tells the signals.</summary>
    Unknown = 0,

    /// <summary>From the discharge at the stop lines.</summary>
    Inferred = 1,

    /// <summary>The controller's log.</summary>
    Controller = 2,
}

/// <summary>The signals as they were.</summary>
/// <param name="Comparison">Of what was inferred with the controller's log; none without one.</param>
/// <param name="ClockSeconds">Controller's clock less the cameras'; null without a log.</param>
public sealed record SignalStudy(SignalSource Source, InferredSignals Inferred, ImmutableArray<Signals.ControllerLogs.ComparedGroup> Comparison, Estimate? ClockSeconds)
{
    /// <summary>For a picture of each plan: crossings by second of the cycle.</summary>
    public ImmutableArray<CycleProfile> Profiles { get; init; } = [];

    /// <summary>Purdue coordination diagrams.</summary>
    public ImmutableArray<CoordinationPlot> Coordination { get; init; } = [];

    /// <summary>Plans of several days or times that are one and the same; every plan is in one of them.</summary>
    public ImmutableArray<PlanPeriod> Periods { get; init; } = [];
}

/// <summary>One plan, however often it ran.</summary>
/// <param name="Plan">Place in <see cref="InferredSignals.Plans"/> of the stretch that tells it best: what figures of movements and profiles name.</param>
/// <param name="Plans">Places of all its stretches, in order of time.</param>
public sealed record PlanPeriod(int Plan, ImmutableArray<int> Plans);

/// <summary>How one group's vehicles are spread over the cycle of a plan.</summary>
/// <param name="Plan">Its place in <see cref="InferredSignals.Plans"/>.</param>
/// <param name="Group">Its place in the plan's groups.</param>
/// <param name="PerSecond">Crossings in each second of the cycle, all cycles together.</param>
public sealed record CycleProfile(int Plan, int Group, ImmutableArray<int> PerSecond);

/// <summary>Arrivals of one movement over one stretch of time: when in its cycle each came.</summary>
/// <param name="Points">Time of day and second of the cycle, a sample of at most some thousand.</param>
/// <param name="OnGreen">Part of all arrivals, 0..1.</param>
public sealed record CoordinationPlot(
    ApproachId Approach, Movement Movement, Interval Span, double CycleSeconds, double GreenBegin, double GreenEnd, ImmutableArray<(DateTimeOffset At, double Second)> Points, Estimate OnGreen);

/// <summary>What passed on one movement while one plan ran, and what could have.</summary>
/// <param name="Plan">Its place in <see cref="InferredSignals.Plans"/>; null for the whole span where no plan is known.</param>
/// <param name="PerHour">Hourly volume, expanded to what was not watched.</param>
/// <param name="HeavyShare">Large vehicles, 0..1.</param>
/// <param name="MeanDelaySeconds">Of its journeys.</param>
/// <param name="SaturationFlow">Vehicles per hour of green; null where no queue was long enough and no rule tells it.</param>
/// <param name="IsSaturationMeasured">False where the saturation flow is the worksheet's.</param>
/// <param name="StartLostSeconds">Null where no queue was long enough.</param>
/// <param name="FlowRatio">需要率 of it.</param>
/// <param name="DegreeOfSaturation">飽和度.</param>
/// <param name="SplitFailures">Part of the cycles, 0..1.</param>
public sealed record MovementStudy(
    ApproachId Approach,
    Movement Movement,
    int? Plan,
    Interval Span,
    Estimate PerHour,
    double HeavyShare,
    double? MeanDelaySeconds,
    double? MeanStops,
    Estimate? SaturationFlow,
    bool IsSaturationMeasured,
    Estimate? StartLostSeconds,
    double? FlowRatio,
    Estimate? DegreeOfSaturation,
    Estimate? ArrivalsOnGreen,
    Estimate? SplitFailures)
{
    /// <summary>All stretches that it was measured over, <see cref="Span"/> their hull; empty where there is but one.</summary>
    public ImmutableArray<Interval> Stretches { get; init; } = [];

    /// <summary>Lanes that its saturation flow is of, as far as anything tells them.</summary>
    public int? Lanes { get; init; }
}

/// <summary>What cannot be said, and why; never silently left out.</summary>
/// <param name="Approach">Null for the whole junction.</param>
/// <param name="Detail">What goes into the sentence: a figure or a name, without units.</param>
public sealed record Unsaid(UnsaidKind Kind, ApproachId? Approach, Interval? Span, string? Detail = null);

public enum UnsaidKind
{
    NotWatched = 0,
    CameraDegraded = 1,
    TooLittleTraffic = 2,
    NoFixedCycle = 3,
    CycleVaries = 4,
    PlanChanged = 5,
    SaturationNotMeasured = 6,
    QueuesNotMeasured = 7,
    QueueBeyondSight = 8,
    DelayNotMeasured = 9,
    NoSignals = 10,
    NoProposal = 11,
    SimulatorFailed = 12,
    SimulatorMissing = 13,
    NotCalibrated = 14,
    SolverFailed = 15,
    ClocksDiffer = 16,
    LanesUnknown = 17,
    ExitsUnknown = 18,
    DemandOverCapacity = 19,

    /// <summary>Nobody knows which vehicles are large: saturation flows are those of passenger cars.</summary>
    ClassesUnknown = 20,
}
