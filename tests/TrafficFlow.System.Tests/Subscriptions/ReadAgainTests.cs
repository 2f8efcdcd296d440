using TrafficFlow.Node.Subscriptions;
using TrafficFlow.SystemTests.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Subscriptions;

public sealed class ReadAgainTests
{
    [Fact]
    public void A_file_that_could_not_be_used_is_read_again_after_some_seconds_and_each_fault_is_told_once()
    {
        var time = new HandClock();
        var again = new ReadAgain(time);
        Assert.False(again.IsDue);

        Assert.True(again.Failed("it belongs to somebody else"));
        Assert.False(again.IsDue);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(again.IsDue);
        Assert.False(again.Failed("it belongs to somebody else"));
        Assert.False(again.IsDue);
        Assert.True(again.Failed("it is cut off"));

        again.Succeeded();
        time.Advance(TimeSpan.FromHours(1));
        Assert.False(again.IsDue);
        Assert.True(again.Failed("it is cut off"));
    }
}
