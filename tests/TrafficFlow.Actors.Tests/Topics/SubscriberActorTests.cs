using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Topics;

/// <summary>A subscriber whose aggregator is the test.</summary>
public sealed class SubscriberActorTests : TestKit
{
    private readonly TestProbe _approach;
    private readonly SubscriptionBuffer _taken = new(3);

    public SubscriberActorTests() : base(ConfigurationFactory
        .ParseString("akka { loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }")
        .WithFallback(TestConfig.Reference)) => _approach = CreateTestProbe();

    [Fact]
    public void It_begins_with_the_last_closed_bins_and_follows()
    {
        var subscriber = Start(null);
        Answer(asked: null, reached: 6, last: 6, 4, 6);
        subscriber.Tell(Published(7));

        Assert.Equal([4, 6, 7], Taken(3));
    }

    [Fact]
    public void What_was_published_while_it_caught_up_is_asked_for_and_comes_once()
    {
        var subscriber = Start(2);
        Assert.Equal(2, _approach.ExpectMsg<GetBinsAfter>(TimeSpan.FromSeconds(20)).After);
        subscriber.Tell(Published(4));
        subscriber.Tell(Page(3, 3, false, 3));
        Answer(asked: 3, reached: 4, last: 4, 4);
        subscriber.Tell(Published(4));
        subscriber.Tell(Published(5));

        Assert.Equal([3, 4, 5], Taken(3));
    }

    [Fact]
    public void An_approach_that_the_server_does_not_have_is_told_and_ends_it()
    {
        var subscriber = Watch(Start(null));
        _approach.ExpectMsg<GetBinsAfter>(TimeSpan.FromSeconds(20));

        _approach.Reply(new ApproachNotFound(TestSites.Kokandori, TestSites.North, ["kokandori/south"]));

        ExpectTerminated(subscriber);
        Assert.IsType<ApproachNotFound>(_taken.TryRead()!.Value.Message);
    }

    [Fact]
    public void A_gap_is_filled_from_the_tables()
    {
        var subscriber = Start(0);
        Answer(asked: 0, reached: 1, last: 1, 1);
        subscriber.Tell(Published(3));
        Answer(asked: 1, reached: 3, last: 3, 2, 3);

        Assert.Equal([1, 2, 3], Taken(3));
    }

    [Fact]
    public void Long_pages_come_one_after_the_other()
    {
        var subscriber = Start(0);
        Answer(asked: 0, reached: 2, last: 3, 1, 2);
        Answer(asked: 2, reached: 3, last: 3, 3);

        Assert.Equal([1, 2, 3], Taken(3));
    }

    [Fact]
    public void A_silent_topic_is_looked_after()
    {
        Start(0);
        Answer(asked: 0, reached: 1, last: 1, 1);
        Answer(asked: 1, reached: 2, last: 2, 2);

        Assert.Equal([1, 2], Taken(2));
    }

    [Fact]
    public void What_a_slow_reader_has_no_room_for_comes_later()
    {
        var subscriber = Start(0);
        Answer(asked: 0, reached: 5, last: 5, 1, 2, 3, 4, 5);
        subscriber.Tell(new Identify(0), TestActor);
        ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(20));
        Assert.Equal([1, 2, 3], Taken(3));
        Answer(asked: 3, reached: 5, last: 5, 4, 5);

        Assert.Equal([4, 5], Taken(2));
    }

    [Fact]
    public void A_cursor_beyond_the_tables_goes_back_to_their_end()
    {
        var subscriber = Start(1000);
        Answer(asked: 1000, reached: 1000, last: 5);
        subscriber.Tell(Published(6));

        Assert.Equal([6], Taken(1));
    }

    [Fact]
    public void A_second_answer_to_a_question_that_was_asked_twice_brings_nothing_twice()
    {
        var subscriber = Start(0);
        Answer(asked: 0, reached: 2, last: 4, 1, 2);
        Assert.Equal([1, 2], Taken(2));
        Assert.Equal(2, _approach.ExpectMsg<GetBinsAfter>(TimeSpan.FromSeconds(20)).After);
        subscriber.Tell(Page(1, 4, true, 1));
        subscriber.Tell(Page(4, 4, false, 3, 4));
        subscriber.Tell(Published(5));

        Assert.Equal([3, 4, 5], Taken(3));
    }

    private IActorRef Start(long? after) =>
        Sys.ActorOf(SubscriberActor.Props("flow.kokandori.north", _taken, _approach, after is { } cursor ? TopicPlace.After(cursor) : null));

    private void Answer(long? asked, long reached, long last, params long[] cursors)
    {
        Assert.Equal(asked, _approach.ExpectMsg<GetBinsAfter>(TimeSpan.FromSeconds(20)).After);
        _approach.Reply(Page(reached, last, reached < last, cursors));
    }

    private static BinsAfter Page(long reached, long last, bool more, params long[] cursors) => new(
        TestSites.Kokandori, TestSites.North, [.. cursors.Select(c => new ClosedBin(c, Bin, At(60)))], reached, more, last);

    private static FlowBinClosed Published(long cursor) => new(Bin, cursor);

    private static FlowBin Bin { get; } = new(
        new BinKey(TestSites.Kokandori, TestSites.North, BinDuration.OneMinute, At(0)), At(60), TimeSpan.FromSeconds(60), BinQuality.Complete, 1, [], []);

    private List<long> Taken(int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            TopicMessage? next = null;
            AwaitCondition(() => (next = _taken.TryRead()) is not null, TimeSpan.FromSeconds(20));
            return Assert.IsType<FlowBinClosed>(next!.Value.Message).Cursor;
        }),
    ];
}
