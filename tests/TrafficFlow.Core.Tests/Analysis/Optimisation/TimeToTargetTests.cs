using TrafficFlow.Analysis.Optimisation;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class TimeToTargetTests
{
    private static readonly TimeSpan Read = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void A_coin_takes_seven_throws_to_be_99_percent_sure() => Assert.Equal(66.4, TimeToTarget.Of(1000, 500, Read)!.Value.TotalMilliseconds, 0.1);

    [Fact]
    public void What_always_succeeds_takes_one_read_and_never_less()
    {
        Assert.Equal(Read, TimeToTarget.Of(20, 20, Read));
        Assert.Equal(Read, TimeToTarget.Of(1000, 999, Read));
    }

    [Fact]
    public void What_never_succeeded_has_no_time() => Assert.Null(TimeToTarget.Of(1000, 0, Read));

    /// <summary>Wilson's intervals of 5, 0 and 10 of 10: (0.2366, 0.7634), (0, 0.2775) and (0.7225, 1).</summary>
    [Theory]
    [InlineData(5, 0.2366, 0.7634)]
    [InlineData(0, 0, 0.2775)]
    [InlineData(10, 0.7225, 1)]
    public void A_probability_has_the_interval_of_Wilson(int successes, double low, double high)
    {
        var (from, to) = TimeToTarget.ProbabilityOf(10, successes);

        Assert.Equal(low, from, 1e-4);
        Assert.Equal(high, to, 1e-4);
    }

    [Fact]
    public void Few_reads_leave_the_time_open()
    {
        var half = TimeToTarget.IntervalOf(10, 5, Read);
        Assert.Equal(Math.Log(0.01) / Math.Log(1 - 0.7634) * 10, half.Low.TotalMilliseconds, 0.02);
        Assert.Equal(Math.Log(0.01) / Math.Log(1 - 0.2366) * 10, half.High!.Value.TotalMilliseconds, 0.1);

        var never = TimeToTarget.IntervalOf(10, 0, Read);
        Assert.Equal(Math.Log(0.01) / Math.Log(1 - 0.2775) * 10, never.Low.TotalMilliseconds, 0.1);
        Assert.Null(never.High);

        var always = TimeToTarget.IntervalOf(10, 10, Read);
        Assert.Equal(Read, always.Low);
        Assert.True(always.High > 3 * Read);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(1, -1)]
    public void Counts_that_cannot_be_are_refused(int reads, int successes) => Assert.Throws<ArgumentOutOfRangeException>(() => TimeToTarget.Of(reads, successes, Read));
}
