using System.Numerics;
using TrafficFlow.Analysis.Optimisation.Search;

namespace TrafficFlow.Analysis.Optimisation.Exact;

/// <summary>
/// Asks a solver, such as an annealer elsewhere, and beside it what is exact: enumeration where that is quick, else CP-SAT and simulated annealing, each for the time given. So that no
/// report shows what a service found without what a computer at hand finds.
/// </summary>
public sealed class BesideClassical(ISolver asked, TimeSpan classicalTime, TimeProvider? time = null)
{
    /// <summary>A core looks at these in a second.</summary>
    private const long QuicklyEnumerated = 1L << 24;

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<SolverComparison> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        // A service keeps nobody from the classical answer, and while it is waited for the machine is free.
        var service = AskAsync(model, settings, progress, cancellation);
        var classical = await ClassicalAsync(model, settings, cancellation).ConfigureAwait(false);
        var (result, trouble) = await service.ConfigureAwait(false);
        return new SolverComparison(result is null ? null : result with { LowerBound = Math.Max(result.LowerBound, classical.LowerBound) }, trouble, classical);
    }

    private async Task<(SolverResult? Result, string? Trouble)> AskAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            return (await asked.SolveAsync(model, settings, progress, cancellation).ConfigureAwait(false), null);
        }
        catch (SolverException e)
        {
            return (null, e.Message);
        }
    }

    private async Task<SolverResult> ClassicalAsync(BinaryQuadraticModel model, SolverSettings settings, CancellationToken cancellation)
    {
        var limited = settings with { TimeLimit = classicalTime, TargetEnergy = null, Reads = int.MaxValue };
        if (Enumeration.SamplesOf(model) <= new BigInteger(QuicklyEnumerated))
        {
            return await new Enumeration(time: time).SolveAsync(model, limited, null, cancellation).ConfigureAwait(false);
        }

        var exact = await new CpSat(time).SolveAsync(model, limited, null, cancellation).ConfigureAwait(false);
        if (exact.IsOptimal) return exact;
        var annealed = await new SimulatedAnnealing(time).SolveAsync(model, limited with { LowerBound = exact.LowerBound }, null, cancellation).ConfigureAwait(false);
        return annealed.IsFeasible && annealed.Energy < exact.Energy ? annealed : exact;
    }
}

/// <summary>What was asked for beside what is exact, or the best classical answer.</summary>
/// <param name="Asked">Null where it gave no usable answer; then <paramref name="Trouble"/> says why.</param>
/// <param name="Classical">Its <see cref="SolverResult.IsOptimal"/> says whether it is proven.</param>
public sealed record SolverComparison(SolverResult? Asked, string? Trouble, SolverResult Classical)
{
    /// <summary>The better of the two that fulfils the groups; the classical one of equals.</summary>
    public SolverResult Best => Asked is { IsFeasible: true } && Asked.Energy < Classical.Energy ? Asked : Classical;

    /// <summary>How much worse what was asked for is than the classical answer, of |classical energy|; below 0 where it is better, null without a feasible answer.</summary>
    public double? GapToClassical => Asked is { IsFeasible: true } ? (Asked.Energy - Classical.Energy) / Math.Max(Math.Abs(Classical.Energy), 1e-9) : null;

    /// <summary>Of a service that counts its time, until it has reached the classical answer with 99 % certainty; null where it never did, or does not tell.</summary>
    public TimeSpan? TimeToClassical
    {
        get
        {
            if (Asked?.Service is not { Charged: { } charged, Energies.Length: > 0 and var samples } service) return null;
            var target = Classical.Energy + 1e-9 * (1 + Math.Abs(Classical.Energy));
            return TimeToTarget.Of(samples, service.Energies.Count(e => e <= target), charged / samples);
        }
    }
}
