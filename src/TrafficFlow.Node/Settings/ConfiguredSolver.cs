using TrafficFlow.Analysis.Optimisation;

namespace TrafficFlow.Node.Settings;

/// <summary>A solver elsewhere, of trafficflow.analysis.solvers.NAME.</summary>
/// <param name="Solver">Which of the service's solvers; D-Wave's alone.</param>
/// <param name="TokenFile">Its first line is the token, read anew for each job; null for a service that asks for none.</param>
/// <param name="TimeOut">From the first request to the answer, queueing included.</param>
/// <param name="SearchTime">How long it may search, for services that are told.</param>
/// <param name="JobsPerDay">Models that leave for it between midnights of UTC, whatever asks.</param>
/// <param name="PricePerSecond">Of the time that it charges for, in any currency; null: cost is not told.</param>
public sealed record ConfiguredSolver(
    string Name, SolverKind Kind, Uri Url, string? Solver, string? TokenFile, TimeSpan TimeOut, TimeSpan SearchTime, int JobsPerDay, decimal? PricePerSecond);
