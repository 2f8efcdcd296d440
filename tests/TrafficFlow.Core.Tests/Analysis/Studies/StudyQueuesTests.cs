using TrafficFlow.Analysis.Queues;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

public sealed class StudyQueuesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));

    [Theory]
    [InlineData(208, 172, 811, true, 172)]
    [InlineData(154, 145, 173, true, 154)]
    [InlineData(40, 0, 300, false, 40)]
    public void Of_an_estimate_beyond_sight_that_may_be_anything_the_least_is_told(double value, double low, double high, bool isBeyondSight, double told)
    {
        var queue = new LaneCycleQueue(new ApproachId("north"), 1, new Interval(s_start, s_start.AddSeconds(90)), s_start.AddSeconds(50), new Estimate(value, low, high), 9, isBeyondSight);

        Assert.Equal(new Estimate(told, low, high), StudyQueues.Surely(queue).BackMetres);
    }
}
