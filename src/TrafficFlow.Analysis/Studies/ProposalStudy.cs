using System.Collections.Immutable;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>What is proposed for one stretch of the day, and what it is expected to do.</summary>
/// <param name="Demand">What it was made for.</param>
/// <param name="Timing">Cycle and splits; today's plan itself where nothing is better.</param>
public sealed record ProposalStudy(Interval Span, ImmutableArray<GroupDemand> Demand, TimingProposal Timing)
{
    /// <summary>Place of today's plan in <see cref="Signals.InferredSignals.Plans"/>; null where it was not inferred.</summary>
    public int? Plan { get; init; }

    /// <summary>All stretches whose demand it was made for, <see cref="Span"/> the busiest; empty where there is but that one.</summary>
    public ImmutableArray<Interval> Stretches { get; init; } = [];

    /// <summary>Made for the busiest hour within the plan's time; false for the mean of all of it.</summary>
    public bool IsPeakHour { get; init; }

    /// <summary>What else would help, each with its reason and effect: turn lanes, a protected turn, the order of stages.</summary>
    public ImmutableArray<MeasureStudy> Measures { get; init; } = [];

    /// <summary>Before and after in the simulator; null where it was not asked or could not run: <see cref="JunctionStudy.Unsaid"/> tells why.</summary>
    public SimulationStudy? Simulated { get; init; }

    /// <summary>How the search was done, beside the exact or best classical answer.</summary>
    public ImmutableArray<SolverRun> Solvers { get; init; } = [];
}

public enum MeasureKind
{
    /// <summary>More room for those who wait to turn.</summary>
    LongerTurnLane = 0,

    /// <summary>A green arrow of its own.</summary>
    ProtectedTurn = 1,

    /// <summary>Another order of stages.</summary>
    StageOrder = 2,

    /// <summary>Another offset to the neighbour.</summary>
    Offset = 3,

    /// <summary>No standing or parking where it blocks a lane.</summary>
    KeepLaneClear = 4,

    /// <summary>Less time for, or another place of, people who cross.</summary>
    PedestrianTiming = 5,

    /// <summary>The junction downstream is to be looked at.</summary>
    Downstream = 6,
}

/// <summary>A measure beside cycle and splits.</summary>
/// <param name="Amount">Metres of a lane, seconds of a green or an offset; null where it has none.</param>
/// <param name="SavedVehicleHoursPerHour">Its effect, where a model tells it.</param>
public sealed record MeasureStudy(MeasureKind Kind, ApproachId Approach, Movement? Movement, double? Amount, Signals.Estimate? SavedVehicleHoursPerHour);

/// <summary>What the simulator says.</summary>
/// <param name="Simulator">With its version.</param>
/// <param name="EmissionModel">The published model behind fuel and CO2.</param>
/// <param name="Measured">Delays as cameras measured them.</param>
/// <param name="Simulated">The same with today's plan in the calibrated model, in the same order, seconds.</param>
/// <param name="IsCalibrated">They agree as well as stated.</param>
/// <param name="Assumptions">What the model assumes because neither site file nor cameras tell it.</param>
public sealed record SimulationStudy(
    string Simulator, string EmissionModel, ImmutableArray<MeasuredDelay> Measured, ImmutableArray<double> Simulated, bool IsCalibrated, PlanComparison Comparison, ImmutableArray<string> Assumptions);

/// <summary>One solver on one problem.</summary>
/// <param name="Solver">By name; with the service for one that is elsewhere.</param>
/// <param name="Energy">Its best answer; null where it gave none.</param>
/// <param name="BestKnown">The exact or best classical answer.</param>
/// <param name="IsExact">The best known is proved to be the optimum.</param>
/// <param name="TimeToTargetSeconds">With 99 %; null where the target was not reached.</param>
/// <param name="Cost">Of a service, in its own unit; null for our own.</param>
/// <param name="Problem">Why it gave no answer.</param>
public sealed record SolverRun(string Solver, int Variables, double? Energy, double BestKnown, bool IsExact, double Seconds, double? TimeToTargetSeconds, string? Cost, string? Problem);
