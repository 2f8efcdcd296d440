using System.Numerics;
using TrafficFlow.Analysis.Optimisation.Search;

namespace TrafficFlow.Analysis.Optimisation.Exact;

/// <summary>
/// Asks a solver, such as an annealer elsewhere, and beside it what is exact: enumeration where that is quick, elimination where groups hang together as a tree, else CP-SAT and simulated annealing, each for the time given. So that no
/// report shows what a service found without what a computer at hand finds.
/// </summary>
public sealed class BesideClassical(ISolver asked, TimeSpan classicalTime, TimeProvider? time = null)
{
    /// <summary>A core looks at these in a second.</summary>
    private const long QuicklyEnumerated = 1L << 24;

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="SolverException">Neither of the two has an answer.</exception>
    public async Task<SolverComparison> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        // A service keeps nobody from the classical answer, and while it is waited for the machine is free. Neither's failure costs the other's answer, and both have ended when this returns.
        var service = TryAsync(() => asked.SolveAsync(model, settings, progress, cancellation));
        var beside = TryAsync(() => ClassicalAsync(model, settings, cancellation));
        var (result, trouble) = await service.ConfigureAwait(false);
        var (classical, classicalTrouble) = await beside.ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (result is null && classical is null) throw new SolverException($"{asked.Name}: {trouble}; the classical solvers beside it: {classicalTrouble}");
        var bounded = result is not null && classical is not null ? result with { LowerBound = Math.Max(result.LowerBound, classical.LowerBound) } : result;
        return new SolverComparison(bounded, trouble, classical, classicalTrouble);
    }

    /// <returns>A result, or why there is none.</returns>
    private static async Task<(SolverResult? Result, string? Trouble)> TryAsync(Func<Task<SolverResult>> solve)
    {
        try
        {
            return (await solve().ConfigureAwait(false), null);
        }
        catch (SolverException e)
        {
            return (null, e.Message);
        }
        catch (Exception e)
        {
            // A fault of the program's, or of what it stands on, such as an audit that is out of order or a library that is not there.
            return (null, $"{e.GetType().Name}: {e.Message}");
        }
    }

    private async Task<SolverResult> ClassicalAsync(BinaryQuadraticModel model, SolverSettings settings, CancellationToken cancellation)
    {
        var limited = settings with { TimeLimit = classicalTime, TargetEnergy = null, Reads = int.MaxValue };
        if (Enumeration.SamplesOf(model) <= new BigInteger(QuicklyEnumerated))
        {
            return await new Enumeration(time: time).SolveAsync(model, limited, null, cancellation).ConfigureAwait(false);
        }

        if (TreeElimination.Fits(model)) return await new TreeElimination(time).SolveAsync(model, limited, null, cancellation).ConfigureAwait(false);

        // What CP-SAT cannot count, annealing can.
        var (exact, _) = await TryAsync(() => new CpSat(time).SolveAsync(model, limited, null, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (exact is { IsOptimal: true }) return exact;
        var annealed = await new SimulatedAnnealing(time).SolveAsync(
            model, exact is null ? limited : limited with { LowerBound = exact.LowerBound }, null, cancellation).ConfigureAwait(false);
        return exact is null || (annealed.IsFeasible && annealed.Energy < exact.Energy) ? annealed : exact;
    }
}

/// <summary>What was asked for beside what is exact, or the best classical answer. At least one of the two is there.</summary>
/// <param name="Asked">Null where it gave no usable answer; then <paramref name="Trouble"/> says why.</param>
/// <param name="Classical">Its <see cref="SolverResult.IsOptimal"/> says whether it is proven. Null where the classical solvers failed; then <paramref name="ClassicalTrouble"/> says why, and
/// nothing can be said of how good what was asked for is.</param>
public sealed record SolverComparison(SolverResult? Asked, string? Trouble, SolverResult? Classical, string? ClassicalTrouble)
{
    /// <summary>The better of the two that fulfils the groups; the classical one of equals.</summary>
    public SolverResult Best => Classical is null || (Asked is { IsFeasible: true } && (!Classical.IsFeasible || Asked.Energy < Classical.Energy)) ? Asked! : Classical;

    /// <summary>How much worse what was asked for is than the classical answer, of |classical energy|; below 0 where it is better, null without two feasible answers.</summary>
    public double? GapToClassical => (Asked, Classical) is ({ IsFeasible: true }, { IsFeasible: true }) ? (Asked.Energy - Classical.Energy) / Math.Max(Math.Abs(Classical.Energy), 1e-9) : null;

    /// <summary>Of a service that counts its time and its reads, until it has reached the classical answer with 99 % certainty; null where it never did, or does not tell.</summary>
    public TimeSpan? TimeToClassical => Count is var (reads, successes, perRead) ? TimeToTarget.Of(reads, successes, perRead) : null;

    /// <summary>Between which times that lies with 95 % confidence, as few reads say little; null where the service does not tell its time or its reads.</summary>
    public TimeToTargetInterval? TimeToClassicalInterval => Count is var (reads, successes, perRead) ? TimeToTarget.IntervalOf(reads, successes, perRead) : null;

    private (int Reads, int Successes, TimeSpan PerRead)? Count
    {
        get
        {
            if (Asked?.Service is not { Charged: { } charged, Reads: { } reads } service || Classical is null) return null;
            var target = Classical.Energy + 1e-9 * (1 + Math.Abs(Classical.Energy));
            return (reads, service.ReadsAtMost(target)!.Value, charged / reads);
        }
    }
}
