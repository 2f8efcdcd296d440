namespace TrafficFlow.Analysis.Optimisation;

/// <param name="Done">Of <paramref name="Total"/>: reads of a search, parts of an enumeration; 0 of 0 where a solver cannot tell.</param>
/// <param name="BestEnergy">So far; infinity before the first.</param>
/// <param name="QueuePosition">Jobs that a service does before this one; null where there is no queue, or it does not tell.</param>
public readonly record struct SolverProgress(string Solver, int Done, int Total, double BestEnergy, TimeSpan Elapsed, int? QueuePosition = null);
