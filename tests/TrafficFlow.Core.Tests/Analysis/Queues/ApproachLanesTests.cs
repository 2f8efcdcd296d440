using TrafficFlow.Analysis.Queues;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Queues;

public sealed class ApproachLanesTests
{
    [Theory]
    [InlineData(22_911, 1)]
    [InlineData(22_912, 2)]
    [InlineData(22_913, 2)]
    [InlineData(22_914, 3)]
    [InlineData(22_915, 3)]
    [InlineData(22_916, 4)]
    public void Lanes_of_any_usual_width_are_told_wherever_they_lie_and_whoever_uses_them(int seed, int lanes)
    {
        var random = new Random(seed);
        for (var run = 0; run < 10; run++)
        {
            var width = 2.75 + (0.75 * random.NextDouble());
            var first = (random.NextDouble() * 8) - 6;
            var shares = Enumerable.Range(0, lanes).Select(_ => 0.15 + random.NextDouble()).ToArray();
            var laterals = Enumerable.Range(0, 400).Select(_ => Lateral(random, first, width, shares)).ToList();

            var told = ApproachLanes.Of(laterals);

            Assert.NotNull(told);
            Assert.Equal(lanes, told.Middles.Length);
            for (var i = 0; i < lanes; i++) Assert.InRange(told.Middles[i], first + (i * width) - 0.35, first + (i * width) + 0.35);
            Assert.Equal(lanes, told.Of(first + ((lanes - 1) * width) + 0.5));
            Assert.Null(told.Of(first - 8));
        }
    }

    [Fact]
    public void Where_it_cannot_be_told_it_is_not()
    {
        var random = new Random(22_917);
        Assert.Null(ApproachLanes.Of([]));
        Assert.Null(ApproachLanes.Of([.. Enumerable.Range(0, 29).Select(_ => Lateral(random, -1.5, 3, [1, 1]))]));
        // Cameras that place vehicles no better than a metre and a half.
        Assert.Null(ApproachLanes.Of([.. Enumerable.Range(0, 500).Select(_ => Lateral(random, -1.5, 3, [1, 1], 1.5))]));
        Assert.Null(ApproachLanes.Of([.. Enumerable.Range(0, 500).Select(_ => (random.NextDouble() * 400) - 200)]));
        Assert.Null(ApproachLanes.Of([.. Enumerable.Repeat(double.NaN, 100)]));
    }

    [Fact]
    public void Riders_at_the_edge_of_their_lane_have_none_of_their_own()
    {
        var random = new Random(22_918);
        // One in ten drives 0.6 m left of the others.
        var laterals = Enumerable.Range(0, 500).Select(_ => Lateral(random, -1.6, 3.1, [1, 0.4]) - (random.Next(10) == 0 ? 0.6 : 0)).ToList();

        Assert.Equal(2, ApproachLanes.Of(laterals)!.Middles.Length);
    }

    private static double Lateral(Random random, double first, double width, double[] shares, double scatter = 0.45)
    {
        // One in fifty is placed anywhere.
        if (random.Next(50) == 0) return first - 2 + (random.NextDouble() * ((width * shares.Length) + 2));
        var draw = random.NextDouble() * shares.Sum();
        var lane = 0;
        while (lane < shares.Length - 1 && draw > shares[lane]) draw -= shares[lane++];
        return first + (lane * width) + (scatter * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
    }
}
