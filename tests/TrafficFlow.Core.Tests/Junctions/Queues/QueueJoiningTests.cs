using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Junctions.Queues;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions.Queues;

/// <summary>When vehicles join the queue before the north arm's entering gate, which lies 9.5 m north of the middle.</summary>
public sealed class QueueJoiningTests
{
    private static readonly ApproachId North = new("north");
    private static readonly ApproachId East = new("east");

    private readonly QueueMeter _meter = new(GroundGates.Of(MapSite.Site));

    [Fact]
    public void Each_is_told_once_while_it_stays_queued_and_again_where_it_joins_again()
    {
        Assert.Equal([(1, 3.0), (2, 10.0)], Joined(0, At(1, 12.5, 0), At(2, 19.5, 3), At(3, 27, 30)));
        Assert.Equal([(3, 18.5)], Joined(1, At(1, 12.5, 0), At(2, 19.5, 0), At(3, 28, 4)));
        Assert.Empty(Joined(2, At(1, 12.5, 0), At(2, 19.5, 8), At(3, 28, 0)));
        Assert.Empty(Joined(3, At(1, 5, 30), At(2, 15, 20), At(3, 26, 12)));
        Assert.Equal([(2, 1.5)], Joined(4, At(2, 11, 0), At(3, 21, 20)));
    }

    [Fact]
    public void What_was_parked_begins_a_new_wait()
    {
        for (var second = 0; second <= 305; second++) Joined(second, At(1, 12.5, 0));
        Joined(306, At(1, 20, 0));

        Assert.Equal([new QueueJoining(1, North, 306, 10.5, IsNewWait: true)], _meter.Joined);
    }

    [Fact]
    public void The_first_joining_of_the_present_wait_counts_whichever_is_told_first()
    {
        var (first, again) = (new QueueJoining(1, North, 10, 40, false), new QueueJoining(1, North, 70, 12, false));

        Assert.Equal(first, QueueJoining.First(first, again));
        Assert.Equal(first, QueueJoining.First(again, first));
        Assert.Equal(first, QueueJoining.First(null, first));
        Assert.Equal(first, QueueJoining.First(first, null));
        Assert.Null(QueueJoining.First(null, null));
        Assert.Equal(again with { IsNewWait = true }, QueueJoining.First(first, again with { IsNewWait = true }));
        Assert.Equal(again with { Approach = East }, QueueJoining.First(again with { Approach = East }, first));
    }

    private List<(int, double)> Joined(double now, params QueueCandidate[] vehicles)
    {
        foreach (var camera in MapSite.Site.Cameras) _meter.Watch(camera.Id, now);
        _meter.Measure(now, vehicles);
        Assert.All(_meter.Joined, j => Assert.Equal((North, now), (j.Approach, j.Time)));
        return [.. _meter.Joined.Select(j => ((int)j.Vehicle, j.Metres))];
    }

    private static QueueCandidate At(long number, double north, double kmh) => new(number, new GroundPoint(3.5, north), 0, -1, kmh, 5);
}
