namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>
/// Metropolis at falling temperature, geometric from hot to cold: flips of free variables, moves and transfers of one-hot groups. Each read ends with a descent into the nearest minimum.
/// </summary>
public sealed class SimulatedAnnealing(TimeProvider? time = null) : ISolver
{
    public string Name => "simulated annealing";

    public Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        var search = new SearchModel(model);
        var betas = InverseTemperatures.Geometric(settings.Betas ?? InverseTemperatures.For(model), settings.Sweeps);
        return new ReadPool(Name, model, settings, time ?? TimeProvider.System, progress).RunAsync(search, () => new Reader(search, betas), cancellation);
    }

    private sealed class Reader(SearchModel model, double[] betas) : IReader
    {
        public SearchState Best { get; } = new(model);

        public long Sweeps { get; private set; }

        public void Read(int read, ref Xoshiro256 random, ReadControl control)
        {
            Best.Randomize(ref random);
            foreach (var beta in betas)
            {
                if (control.MustStop(read)) break;
                Best.SweepFree(beta, ref random);
                if (model.Groups.Length > 0) GroupMoves.Sweep(model, Best, beta, ref random);
                Sweeps++;
                if (control.IsAtTarget(Best.Energy)) break;
            }

            GroupMoves.Descend(model, Best);
        }
    }
}
