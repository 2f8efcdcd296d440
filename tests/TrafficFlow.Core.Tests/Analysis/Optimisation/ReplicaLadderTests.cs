using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Search;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class ReplicaLadderTests
{
    [Theory]
    // The hot one (0.5) is at 1, the cold one (2) at 4: the cold one gets the lower energy, certainly.
    [InlineData(0.5, 1, 2, 4, 1)]
    // The other way round: exp(-1.5 * 3).
    [InlineData(0.5, 4, 2, 1, 0.011108996538242306)]
    [InlineData(0.5, 3, 2, 3, 1)]
    public void Two_neighbours_exchange_with_the_probability_of_detailed_balance(double beta1, double energy1, double beta2, double energy2, double probability)
    {
        var cost = ReplicaLadder.ExchangeCost(beta1, energy1, beta2, energy2);

        Assert.Equal(probability, Math.Min(1, Math.Exp(-cost)), 1e-15);
        Assert.Equal(cost, ReplicaLadder.ExchangeCost(beta2, energy2, beta1, energy1));
    }

    [Fact]
    public void An_exchange_gives_the_colder_one_the_lower_energy()
    {
        var random = new Xoshiro256(7, 0);
        var ladder = new ReplicaLadder(new SearchModel(new QuadraticModelBuilder(Vartype.Binary).AddLinear(VariableLabel.Of(0), 1).Build()), [0.1, 1000]);
        for (var trial = 0; trial < 100; trial++)
        {
            ladder.Randomize(ref random);
            ladder.Exchange(0, ref random);
            Assert.True(ladder.Replicas[1].Energy <= ladder.Replicas[0].Energy);
        }
    }

    /// <summary>Against the eight Boltzmann weights of three coupled variables. The tolerance is seven deviations of a share of 1/2 in 200,000 rounds, were they independent.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_replica_is_as_often_in_a_state_as_its_temperature_says(ulong seed)
    {
        const int rounds = 200_000;
        double[] betas = [0.2, 0.6, 1.5];
        var model = new QuadraticModelBuilder(Vartype.Binary)
            .AddLinear(VariableLabel.Of(0), -1).AddLinear(VariableLabel.Of(1), 0.5).AddLinear(VariableLabel.Of(2), -0.7)
            .AddQuadratic(0, 1, -1.2).AddQuadratic(1, 2, 0.8).AddQuadratic(0, 2, 1.9)
            .Build();
        var random = new Xoshiro256(seed, 0);
        var ladder = new ReplicaLadder(new SearchModel(model), betas);
        var seen = new int[betas.Length, 8];
        ladder.Randomize(ref random);
        for (var round = 0; round < rounds; round++)
        {
            ladder.Sweep(ref random);
            ladder.Exchange(round % 2, ref random);
            for (var r = 0; r < betas.Length; r++)
            {
                var bits = ladder.Replicas[r].Bits;
                seen[r, bits[0] + 2 * bits[1] + 4 * bits[2]]++;
            }
        }

        for (var r = 0; r < betas.Length; r++)
        {
            var weights = Enumerable.Range(0, 8).Select(state => Math.Exp(-betas[r] * model.Energy(model.Sample(state)))).ToArray();
            for (var state = 0; state < 8; state++) Assert.Equal(weights[state] / weights.Sum(), seen[r, state] / (double)rounds, 0.008);
        }
    }
}
