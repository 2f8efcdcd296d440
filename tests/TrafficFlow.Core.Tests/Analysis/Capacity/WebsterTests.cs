using TrafficFlow.Analysis.Capacity;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Capacity;

public sealed class WebsterTests
{
    // Published questions with their answers: University and GATE papers in civil engineering (two and three stages).
    [Theory]
    [InlineData(16, 0.5, 58)]
    [InlineData(12, 0.7, 77)]
    [InlineData(6, 0.77, 60.9)]
    public void The_optimum_cycle_is_that_of_published_examples(double lost, double ratios, double cycle) =>
        Assert.Equal(cycle, Webster.OptimumCycleSeconds(lost, ratios), 0.5);

    [Fact]
    public void Greens_are_in_proportion_to_the_flow_ratios_and_fill_the_cycle_with_the_lost_times()
    {
        // 500 and 300 pcu/h on 1600 pcu/h each, 16 s lost: C0 = 58 s, which leaves 42 s of green, 26.25 and 15.75 s.
        var timing = Webster.Optimise([new("a", 500 / 1600.0, 8), new("b", 300 / 1600.0, 8)]);
        Assert.Equal(58, timing.CycleSeconds, 1e-9);
        Assert.Equal(26.25, timing.GreenSeconds[0], 1e-9);
        Assert.Equal(15.75, timing.GreenSeconds[1], 1e-9);
    }

    [Fact]
    public void A_minimum_green_is_kept_and_the_others_share_what_is_left()
    {
        WebsterStage[] stages = [new("main", 0.4, 4), new("side", 0.2, 4), new("walk", 0, 4, 12)];
        var timing = Webster.Split(stages, 84);
        Assert.Equal([40, 20, 12], timing.GreenSeconds.Select(g => Math.Round(g, 9)));
        Assert.Equal(84, timing.GreenSeconds.Sum() + 12, 1e-9);
    }

    [Fact]
    public void A_minimum_that_one_stage_takes_may_push_another_below_its_own()
    {
        WebsterStage[] stages = [new("a", 0.5, 0, 0), new("b", 0.2, 0, 20), new("c", 0.1, 0, 30)];
        var timing = Webster.Split(stages, 80);
        Assert.Equal([30, 20, 30], timing.GreenSeconds.Select(g => Math.Round(g, 9)));
    }

    [Fact]
    public void A_cycle_too_short_for_the_minimum_greens_is_refused_and_the_optimum_grows_to_hold_them()
    {
        WebsterStage[] stages = [new("main", 0.1, 4, 30), new("side", 0.1, 4, 30)];
        Assert.Contains("cannot hold", Assert.Throws<ArgumentException>(() => Webster.Split(stages, 60)).Message);
        Assert.Equal(68, Webster.Optimise(stages).CycleSeconds, 1e-9);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.3)]
    [InlineData(double.NaN)]
    public void No_cycle_serves_a_demand_over_capacity(double ratios) =>
        Assert.Contains("must be below 1", Assert.Throws<ArgumentOutOfRangeException>(() => Webster.OptimumCycleSeconds(10, ratios)).Message);

    [Fact]
    public void On_a_grid_no_other_division_of_the_same_steps_is_less_saturated()
    {
        var random = new Random(15);
        for (var run = 0; run < 200; run++)
        {
            var stages = Enumerable.Range(0, 3)
                .Select(i => new WebsterStage($"{i}", 0.05 + (0.2 * random.NextDouble()), 4, random.Next(0, 12)))
                .ToArray();
            var timing = Webster.OptimiseOnGrid(stages, 2);
            Assert.All(timing.GreenSeconds, g => Assert.Equal(0, g % 2, 1e-9));
            Assert.All(stages.Zip(timing.GreenSeconds), p => Assert.True(p.Second >= p.First.MinimumGreenSeconds));
            Assert.Equal(timing.CycleSeconds, timing.GreenSeconds.Sum() + 12, 1e-9);
            var steps = (int)Math.Round(timing.GreenSeconds.Sum() / 2);
            for (var a = 0; a <= steps; a++)
            {
                for (var b = 0; b <= steps - a; b++)
                {
                    double[] greens = [2 * a, 2 * b, 2 * (steps - a - b)];
                    if (stages.Zip(greens).Any(p => p.Second < p.First.MinimumGreenSeconds || p.Second == 0)) continue;
                    Assert.True(Worst(stages, greens) >= Worst(stages, [.. timing.GreenSeconds]) - 1e-9);
                }
            }
        }

        static double Worst(WebsterStage[] stages, double[] greens) => stages.Zip(greens).Max(p => p.First.FlowRatio / p.Second);
    }

    [Fact]
    public void On_a_fine_grid_the_timing_is_the_continuous_one()
    {
        WebsterStage[] stages = [new("a", 0.31, 4), new("b", 0.19, 4), new("c", 0.12, 4)];
        var (fine, exact) = (Webster.OptimiseOnGrid(stages, 0.01), Webster.Optimise(stages));
        Assert.Equal(exact.CycleSeconds, fine.CycleSeconds, 0.02);
        for (var i = 0; i < 3; i++) Assert.Equal(exact.GreenSeconds[i], fine.GreenSeconds[i], 0.03);
    }
}
