using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;
using static TrafficFlow.Actors.Tests.Topics.PublishedJourneys;

namespace TrafficFlow.Actors.Tests.Topics;

/// <summary>A subscriber of journeys whose server is the test.</summary>
public sealed class JourneySubscriberTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestProbe _server;
    private readonly SubscriptionBuffer _taken = new(3);

    public JourneySubscriberTests() : base(ConfigurationFactory
        .ParseString("akka { loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }")
        .WithFallback(TestConfig.Reference)) => _server = CreateTestProbe();

    [Fact]
    public void It_brings_the_stored_ones_in_order_of_their_end_and_then_those_that_were_stored_meanwhile()
    {
        var from = TopicPlace.From(At(0));
        var half = new TopicPlace(3, new ReplayPlace(At(2), 3));
        var subscriber = Start(from);
        Answer(from, half, last: 3, Ended(1, 1), Ended(3, 2));
        // Stored since, and it ended before those that the replay has still to bring.
        subscriber.Tell(Ended(4, 1.5));
        Answer(half, TopicPlace.After(3), last: 4, Ended(2, 5));
        Assert.Equal([1, 3, 2], Taken(3));
        Answer(TopicPlace.After(3), TopicPlace.After(4), last: 4, Ended(4, 1.5));
        subscriber.Tell(Ended(4, 1.5));
        subscriber.Tell(Ended(5, 6));

        Assert.Equal([4, 5], Taken(2));
    }

    [Fact]
    public void A_slow_reader_holds_the_replay_up_and_loses_nothing_of_it()
    {
        var from = TopicPlace.From(At(0));
        var subscriber = Start(from);
        Answer(from, TopicPlace.After(9), last: 9, Ended(1, 1), Ended(3, 2), Ended(2, 3), Ended(9, 4), Ended(8, 5));
        // Nothing is asked for on account of what is published while there is no room.
        subscriber.Tell(Ended(10, 6));
        subscriber.Tell(new Identify(0), TestActor);
        ExpectMsg<ActorIdentity>(Patience);
        Assert.Equal([1, 3, 2], Taken(3));
        var reached = new TopicPlace(9, new ReplayPlace(At(3), 2));
        Answer(reached, TopicPlace.After(9), last: 10, Ended(9, 4), Ended(8, 5));
        Answer(TopicPlace.After(9), TopicPlace.After(10), last: 10, Ended(10, 6));

        Assert.Equal([9, 8, 10], Taken(3));
    }

    [Fact]
    public void Without_a_place_it_begins_with_the_next_one_and_a_gap_is_filled()
    {
        var subscriber = Start(null);
        Answer(null, TopicPlace.After(7), last: 7);
        subscriber.Tell(Ended(8, 1));
        subscriber.Tell(Ended(10, 3));
        Answer(TopicPlace.After(8), TopicPlace.After(10), last: 10, Ended(9, 2), Ended(10, 3));

        Assert.Equal([8, 9, 10], Taken(3));
    }

    [Fact]
    public void Each_message_says_where_to_go_on_after_it()
    {
        var from = TopicPlace.From(At(0));
        Start(from);
        Answer(from, TopicPlace.After(2), last: 2, Ended(2, 1), Ended(1, 2));

        Assert.Equal([new TopicPlace(2, new ReplayPlace(At(1), 2)), new TopicPlace(2, new ReplayPlace(At(2), 1))], [Next().Place, Next().Place]);
    }

    [Fact]
    public void A_site_without_a_junction_is_told_and_ends_it()
    {
        var subscriber = Watch(Start(TopicPlace.From(At(0))));
        _server.ExpectMsg<GetJourneysAfter>(Patience);

        _server.Reply(new ApproachNotFound(TestSites.Kokandori, Core.Sites.ApproachId.Journeys, []));

        ExpectTerminated(subscriber);
        Assert.IsType<ApproachNotFound>(Next().Message);
    }

    private IActorRef Start(TopicPlace? place) => Sys.ActorOf(SubscriberActor.Props("journeys.kokandori", _taken, _server, place));

    private void Answer(TopicPlace? asked, TopicPlace reached, long last, params JourneyEnded[] journeys)
    {
        Assert.Equal(asked, _server.ExpectMsg<GetJourneysAfter>(Patience).Place);
        _server.Reply(Page(asked, reached, reached.Replay is not null || reached.Cursor < last, last, journeys));
    }

    private List<long> Taken(int count) => [.. Enumerable.Range(0, count).Select(_ => Assert.IsType<JourneyEnded>(Next().Message).Cursor)];

    private TopicMessage Next()
    {
        TopicMessage? next = null;
        AwaitCondition(() => (next = _taken.TryRead()) is not null, Patience);
        return next!.Value;
    }
}
