namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>Replicas of one model, one for each inverse temperature. Sweeps and exchanges both leave the product of their Boltzmann distributions as it is.</summary>
internal sealed class ReplicaLadder(SearchModel model, double[] betas)
{
    private readonly SearchState[] _replicas = [.. betas.Select(_ => new SearchState(model))];

    /// <summary>In the order of the inverse temperatures.</summary>
    public ReadOnlySpan<SearchState> Replicas => _replicas;

    public void Randomize(ref Xoshiro256 random)
    {
        foreach (var replica in _replicas) replica.Randomize(ref random);
    }

    /// <summary>Each replica once, at its own temperature.</summary>
    public void Sweep(ref Xoshiro256 random)
    {
        for (var r = 0; r < _replicas.Length; r++)
        {
            _replicas[r].SweepFree(betas[r], ref random);
            if (model.Groups.Length > 0) GroupMoves.Sweep(model, _replicas[r], betas[r], ref random);
        }
    }

    /// <param name="first">0 or 1: of the first of the pairs of neighbours that may exchange their places.</param>
    public void Exchange(int first, ref Xoshiro256 random)
    {
        for (var r = first; r + 1 < _replicas.Length; r += 2)
        {
            var cost = ExchangeCost(betas[r], _replicas[r].Energy, betas[r + 1], _replicas[r + 1].Energy);
            if (cost <= 0 || Metropolis.Accepts(cost, ref random)) (_replicas[r], _replicas[r + 1]) = (_replicas[r + 1], _replicas[r]);
        }
    }

    /// <summary>
    /// Before the exchange the two have the weight exp(-b1 E1 - b2 E2), after it exp(-b1 E2 - b2 E1): detailed balance accepts with min(1, exp((b1 - b2)(E1 - E2))). This is the negative of
    /// that exponent: 0 or less, and the exchange is certain, where the colder one gets the lower energy.
    /// </summary>
    public static double ExchangeCost(double beta1, double energy1, double beta2, double energy2) => (beta1 - beta2) * (energy2 - energy1);
}
