using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation;

/// <summary>What a solver found. The energy is computed anew from the model, never taken from the search or from a service.</summary>
/// <param name="Solver">Its name.</param>
/// <param name="Sample">A value of the model's vartype for each variable.</param>
/// <param name="ViolatedGroups">One-hot groups that have not exactly one variable set.</param>
/// <param name="LowerBound">No sample that fulfils the groups has less energy; minus infinity where nothing is known.</param>
/// <param name="Elapsed">From the call to the answer.</param>
/// <param name="Reads">Begun; of a service that does not count them, the samples that came.</param>
/// <param name="Sweeps">Of all reads; 0 for solvers that do not sweep.</param>
public sealed record SolverResult(
    string Solver, ImmutableArray<sbyte> Sample, double Energy, int ViolatedGroups, double LowerBound, StopReason Stop, TimeSpan Elapsed, int Reads, long Sweeps)
{
    /// <summary>Of each read that was done, in the order of reads, the energy it ended with: for how often a read reaches a target. At most the first 100,000; empty for solvers that make none.</summary>
    public ImmutableArray<double> ReadEnergies { get; init; } = [];

    /// <summary>What a service told of its run; null for a solver of our own.</summary>
    public ServiceRun? Service { get; init; }

    public bool IsFeasible => ViolatedGroups == 0;

    /// <summary>Feasible, and no sample is better.</summary>
    public bool IsOptimal => IsFeasible && Gap <= 1e-9;

    /// <summary>How much better a sample might be at most: (energy - bound) / |energy|, as CP-SAT tells it; 0 for an optimum, infinity where no bound is known.</summary>
    public double Gap
    {
        get
        {
            var difference = Math.Max(0, Energy - LowerBound);
            return difference == 0 ? 0 : difference / Math.Max(Math.Abs(Energy), 1e-9);
        }
    }

    internal static SolverResult Of(
        string solver, BinaryQuadraticModel model, ReadOnlySpan<sbyte> sample, double lowerBound, StopReason stop, TimeSpan elapsed, int reads, long sweeps) =>
        new(solver, [.. sample], model.Energy(sample), model.ViolatedGroups(sample), lowerBound, stop, elapsed, reads, sweeps);
}

public enum StopReason
{
    /// <summary>All that was asked for was done.</summary>
    Completed,

    /// <summary>The target energy was reached.</summary>
    TargetReached,

    /// <summary>The time was over.</summary>
    TimeLimit,
}

/// <summary>A run at a service of others.</summary>
/// <param name="Destination">Scheme, host and port.</param>
/// <param name="Job">The service's name for it; empty where it gives none.</param>
/// <param name="Samples">All that came, the least energy first.</param>
/// <param name="WrongEnergies">Samples whose energy was told wrong: by more than a millionth of the sum of all biases.</param>
/// <param name="LargestError">Of an energy that was told; 0 where all were right.</param>
/// <param name="Charged">The time that the service counts, and may charge for; null where it does not tell.</param>
/// <param name="Cost">Of that time, in the currency of the price that was set; null where either is not known.</param>
/// <param name="SentBytes">Of the model's request.</param>
public sealed record ServiceRun(
    string Destination, string Job, ImmutableArray<ServiceSample> Samples, int WrongEnergies, double LargestError, TimeSpan? Charged, decimal? Cost, long SentBytes)
{
    /// <summary>Of all samples, the least first.</summary>
    public ImmutableArray<double> Energies => [.. Samples.Select(s => s.Energy)];

    /// <summary>All that the service made; null where it does not tell how many ended in each sample.</summary>
    public int? Reads => Samples.IsEmpty || Samples.Any(s => s.Occurrences is null) ? null : Samples.Sum(s => s.Occurrences!.Value);

    /// <summary>Of the reads, those that fulfil the groups and have this energy at most; null where it is not told.</summary>
    public int? ReadsAtMost(double energy) => Reads is null ? null : Samples.Where(s => s.IsFeasible && s.Energy <= energy).Sum(s => s.Occurrences!.Value);
}

/// <param name="Energy">Computed anew from the model.</param>
/// <param name="IsFeasible">It fulfils the groups.</param>
/// <param name="Occurrences">Reads that ended in it; null where the service does not tell.</param>
public readonly record struct ServiceSample(double Energy, bool IsFeasible, int? Occurrences);
