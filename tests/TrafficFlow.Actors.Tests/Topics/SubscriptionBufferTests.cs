using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Topics;

public sealed class SubscriptionBufferTests
{
    private readonly SubscriptionBuffer _buffer = new(3);

    [Fact]
    public void A_slow_client_gets_the_newest_and_how_many_were_dropped()
    {
        for (var i = 1; i <= 10; i++) _buffer.AddNewest("journeys.a", Journey(i));

        Assert.Equal([(8, 7L), (9, 0L), (10, 0L)], Read());
        _buffer.AddNewest("journeys.a", Journey(11));
        Assert.Equal([(11, 0L)], Read());
    }

    [Fact]
    public void The_state_of_something_replaces_the_one_before_it()
    {
        _buffer.AddNewest("flow.a.north.live", Open(1));
        _buffer.AddNewest("journeys.a", Journey(2));
        _buffer.AddNewest("flow.a.north.live", Open(3));

        Assert.Equal([("journeys.a", 0L), ("flow.a.north.live", 1L)], Enumerable.Range(0, 2).Select(_ => _buffer.TryRead()!.Value).Select(m => (m.Topic, m.Dropped)));
        Assert.Null(_buffer.TryRead());
    }

    [Fact]
    public void What_can_be_asked_for_again_is_refused_and_never_dropped()
    {
        for (var i = 1; i <= 3; i++) Assert.True(_buffer.TryAdd("flow.a.north", Journey(i)));

        Assert.False(_buffer.TryAdd("flow.a.north", Journey(4)));
        _buffer.AddNewest("journeys.a", Journey(5));

        Assert.Equal([(1, 0L), (2, 0L), (3, 0L)], Read());
        _buffer.AddNewest("journeys.a", Journey(6));
        Assert.Equal([(6, 1L)], Read());
    }

    [Fact]
    public void A_busy_topic_makes_room_for_itself_before_it_takes_that_of_another()
    {
        _buffer.AddNewest("journeys.quiet", Journey(1));
        for (var i = 2; i <= 9; i++) _buffer.AddNewest("journeys.busy", Journey(i));

        Assert.Equal([(1, 0L), (8, 6L), (9, 0L)], Read());
    }

    [Fact]
    public void The_last_message_of_a_topic_always_has_room()
    {
        for (var i = 1; i <= 3; i++) _buffer.TryAdd("flow.a.north", Journey(i));

        _buffer.AddLast("flow.a.nowhere", Journey(4));

        Assert.Equal([(1, 0L), (2, 0L), (3, 0L), (4, 0L)], Read());
    }

    [Fact]
    public void What_waits_of_a_topic_goes_with_it()
    {
        _buffer.AddNewest("journeys.a", Journey(1));
        _buffer.AddNewest("journeys.b", Journey(2));

        _buffer.Remove("journeys.a");

        Assert.Equal([(2, 0L)], Read());
    }

    [Fact]
    public async Task A_reader_waits_for_the_next_message_and_for_the_end()
    {
        var next = _buffer.ReadAsync(CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        _buffer.AddNewest("journeys.a", Journey(1));
        Assert.Equal("journeys.a", (await next)!.Value.Topic);

        next = _buffer.ReadAsync(CancellationToken.None).AsTask();
        _buffer.Complete();
        Assert.Null(await next);
        Assert.Null(await _buffer.ReadAsync(CancellationToken.None));
    }

    private List<(int Number, long Dropped)> Read()
    {
        var read = new List<(int, long)>();
        while (_buffer.TryRead() is { } message) read.Add(((int)((JourneyEnded)message.Message).Journey.Number, message.Dropped));
        return read;
    }

    private static JourneyEnded Journey(int number) =>
        new(TestSites.Kokandori, new Journey(number, TestSites.North, null, At(3), null, VehicleClass.Bus, 0.9), TestSites.Motion);

    private static IWireMessage Open(int _) => new FlowBinsOpen(TestSites.Kokandori, TestSites.North, []);
}
