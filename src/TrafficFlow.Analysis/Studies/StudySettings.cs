using System.Collections.Immutable;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.ControllerLogs;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>How a study judges.</summary>
/// <param name="MadeAt">Now: what is made of the same record at another time is the same but for this.</param>
public sealed record StudySettings(CongestionProfile Profile, DateTimeOffset MadeAt, string ProgramVersion)
{
    /// <summary>Of the heat map.</summary>
    public TimeSpan Cell { get; init; } = TimeSpan.FromMinutes(15);

    public InferenceSettings Inference { get; init; } = InferenceSettings.Default;

    public TimingRules Rules { get; init; } = TimingRules.Default;

    /// <summary>
    /// No stage is proposed a shorter green than it has today, or than this: people cross beside it, and discharge tells nothing of them. 20 s: a carriageway of 15 m at 1 m/s (the speed that
    /// crossings in Japan are reckoned with) and 5 s to begin.
    /// </summary>
    public double PedestrianGreenSeconds { get; init; } = 20;

    /// <summary>Amber of Japanese signals at the usual speeds; discharge tells none.</summary>
    public double AmberSeconds { get; init; } = 3;

    public ControllerSource? Controller { get; init; }

    /// <summary>Which vehicle came in which lane; null where nothing tells lanes but the discharge.</summary>
    public LaneFinder? Lanes { get; init; }

    public LaneQueueFinder? LaneQueues { get; init; }

    public CausesOf? Causes { get; init; }

    /// <summary>Of the drawn demands.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Within what the timing of a plan may be changed.</summary>
    public TimingRules RulesFor(TimingPlan today) => Rules with
    {
        StageMinimumSeconds = today.Stages.ToImmutableDictionary(s => s.Name, s => Math.Max(Rules.StageMinimumSeconds.GetValueOrDefault(s.Name), Math.Min(Math.Floor(s.GreenSeconds), PedestrianGreenSeconds))),
    };
}

/// <summary>A controller's log on its own clock.</summary>
/// <param name="Phases">What each of its phases controls.</param>
/// <param name="LongestDifference">How far its clock may differ from the cameras' at the most.</param>
public sealed record ControllerSource(ControllerLog Log, ImmutableArray<LoggedPhase> Phases, TimeSpan LongestDifference);

/// <summary>The lane of each journey of an approach, 1 the first from the kerb; null for a journey of which it is not known. In the order of the journeys.</summary>
/// <returns>Null where lanes cannot be told at all.</returns>
public delegate ImmutableArray<int?>? LaneFinder(JunctionRecord record, ApproachId approach, ImmutableArray<Core.Junctions.Journey> journeys);

/// <summary>The queue of each lane and cycle.</summary>
public delegate ImmutableArray<LaneCycleQueue> LaneQueueFinder(JunctionRecord record, ISignalPhases signals, CancellationToken cancellation);

/// <summary>Why it is congested, ranked.</summary>
/// <param name="study">What is known but for causes and proposals.</param>
public delegate ImmutableArray<CauseFinding> CausesOf(JunctionRecord record, JunctionStudy study, ISignalPhases signals, CancellationToken cancellation);

/// <summary>What is being done.</summary>
public enum StudyStep
{
    Congestion = 0,
    Signals = 1,
    Movements = 2,
    Queues = 3,
    Causes = 4,
    Proposals = 5,
    Simulation = 6,
}

/// <param name="Share">Of this step, 0..1.</param>
public readonly record struct StudyProgress(StudyStep Step, double Share);
