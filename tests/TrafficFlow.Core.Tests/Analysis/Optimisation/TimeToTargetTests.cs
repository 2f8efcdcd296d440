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

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(1, -1)]
    public void Counts_that_cannot_be_are_refused(int reads, int successes) => Assert.Throws<ArgumentOutOfRangeException>(() => TimeToTarget.Of(reads, successes, Read));
}
