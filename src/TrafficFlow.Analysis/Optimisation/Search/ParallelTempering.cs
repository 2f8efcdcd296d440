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
        private readonly SearchState[] _replicas = [.. betas.Select(_ => new SearchState(model))];
        private readonly sbyte[] _bits = new sbyte[model.Count];
        private double _energy;

        public SearchState Best { get; } = new(model);

        public long Sweeps { get; private set; }

        public void Read(int read, ref Xoshiro256 random, ReadControl control)
        {
            _energy = double.PositiveInfinity;
            foreach (var replica in _replicas)
            {
                replica.Randomize(ref random);
                Keep(replica);
            }

            for (var round = 0; round < rounds && !control.MustStop(read) && !control.IsAtTarget(_energy); round++)
            {
                for (var r = 0; r < _replicas.Length; r++)
                {
                    _replicas[r].SweepFree(betas[r], ref random);
                    if (model.Groups.Length > 0) GroupMoves.Sweep(model, _replicas[r], betas[r], ref random);
                    Keep(_replicas[r]);
                }

                Sweeps += _replicas.Length;
                for (var r = round % 2; r + 1 < _replicas.Length; r += 2)
                {
                    var cost = (betas[r] - betas[r + 1]) * (_replicas[r + 1].Energy - _replicas[r].Energy);
                    // What is better goes to the cold.
                    if (cost >= 0 || Metropolis.Accepts(-cost, ref random)) (_replicas[r], _replicas[r + 1]) = (_replicas[r + 1], _replicas[r]);
                }
            }

            Best.Set(_bits);
            GroupMoves.Descend(model, Best);
        }

        private void Keep(SearchState replica)
        {
            if (replica.Energy >= _energy) return;
            _energy = replica.Energy;
            replica.Bits.CopyTo(_bits);
        }
    }
}
