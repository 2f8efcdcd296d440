namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>
/// Replicas of one sample, each at its own temperature (geometric), which exchange places after each sweep with the probability that keeps all of them in equilibrium: cold ones find
/// minima, hot ones leave them. A read sweeps each of its replicas as often as the settings say, and keeps the best sample that any passed.
/// </summary>
public sealed class ParallelTempering(TimeProvider? time = null) : ISolver
{
    /// <summary>As many as keep exchanges likely on models of some hundred variables: neighbours then differ in temperature by less than two.</summary>
    private const int Replicas = 16;

    public string Name => "parallel tempering";

    public Task<SolverResult> SolveAsync(
        BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
    {
        settings.Check();
        var search = new SearchModel(model);
        var betas = InverseTemperatures.Geometric(settings.Betas ?? InverseTemperatures.For(model), Replicas);
        return new ReadPool(Name, model, settings, time ?? TimeProvider.System, progress).RunAsync(search, () => new Reader(search, betas, settings.Sweeps), cancellation);
    }

    private sealed class Reader(SearchModel model, double[] betas, int rounds) : IReader
    {
        private readonly ReplicaLadder _ladder = new(model, betas);
        private readonly sbyte[] _bits = new sbyte[model.Count];
        private double _energy;

        public SearchState Best { get; } = new(model);

        public long Sweeps { get; private set; }

        public void Read(int read, ref Xoshiro256 random, ReadControl control)
        {
            _energy = double.PositiveInfinity;
            _ladder.Randomize(ref random);
            Keep();
            for (var round = 0; round < rounds && !control.MustStop(read) && !control.IsAtTarget(_energy); round++)
            {
                _ladder.Sweep(ref random);
                Keep();
                Sweeps += betas.Length;
                _ladder.Exchange(round % 2, ref random);
            }

            Best.Set(_bits);
            GroupMoves.Descend(model, Best);
        }

        private void Keep()
        {
            foreach (var replica in _ladder.Replicas)
            {
                if (replica.Energy >= _energy) continue;
                _energy = replica.Energy;
                replica.Bits.CopyTo(_bits);
            }
        }
    }
}
