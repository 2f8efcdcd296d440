using CsCheck;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using Xunit;

namespace TrafficFlow.Core.Tests.Release;

public sealed class SpeedSumsTests
{
    private const int Threshold = 5;

    [Fact]
    public void No_difference_of_told_means_is_of_fewer_vehicles_than_the_threshold() =>
        Gen.Int[0, 7].Array[16].Sample(samples =>
        {
            var quarters = samples.Select(n => SpeedSums.Of(new FlowSums(n, 0, 0, n, 40 * n, n / 40.0), Threshold)).ToList();
            var hours = quarters.Chunk(4).Select(q => (Parts: q, Sum: SpeedSums.Of(q, Threshold))).ToList();
            var day = SpeedSums.Of([.. hours.Select(h => h.Sum)], Threshold);
            // What is new in each told sum once the told sums within it are subtracted: everything that can be computed is a sum of these.
            List<int> atoms = [.. quarters.Where(q => q.IsTold).Select(q => q.Sums.SpeedSamples)];
            var leftOfDay = 0;
            foreach (var (parts, sum) in hours)
            {
                var left = parts.Where(q => !q.IsTold).Sum(q => q.Sums.SpeedSamples);
                if (sum.IsTold) atoms.Add(left);
                else leftOfDay += left;
            }

            if (day.IsTold) atoms.Add(leftOfDay);

            Assert.All(atoms, a => Assert.True(a is 0 or >= Threshold, $"{a} vehicles"));
        });

    [Fact]
    public void A_mean_of_enough_is_told()
    {
        Assert.True(SpeedSums.Of(new FlowSums(5, 0, 0, 5, 200, 0.125), Threshold).IsTold);
        Assert.False(SpeedSums.Of(new FlowSums(50, 0, 0, 4, 160, 0.1), Threshold).IsTold);
        Assert.False(SpeedSums.Of(default(FlowSums), Threshold).IsTold);
    }
}
