using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Wire.Aggregation;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

public sealed class UnknownApproachTests() : TestKit(TestConfig.InMemory)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, bool> _reported = new();

    [Fact]
    public void A_question_is_answered_with_what_there_is_and_the_name_is_forgotten()
    {
        var shard = CreateTestProbe();
        var approach = Unknown(shard);

        approach.Tell(new GetBinsAfter(TestSites.Kokandori, TestSites.South, null, 10), TestActor);

        var missing = ExpectMsg<ApproachNotFound>();
        Assert.Equal((TestSites.Kokandori, TestSites.South), (missing.Site, missing.Approach));
        Assert.Equal(["kokandori/east", "kokandori/north"], missing.Known);
        shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Counts_are_not_accepted_and_it_stays_for_them()
    {
        var shard = CreateTestProbe();
        var approach = Unknown(shard);

        approach.Tell(Batch(Cam1, 1, Car(1, 1)), TestActor);
        approach.Tell(new GetApproachStatus(TestSites.Kokandori, TestSites.South), TestActor);

        ExpectMsg<ApproachNotFound>();
        shard.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_server_says_once_what_is_delivered_in_vain_however_often_the_entity_begins_anew()
    {
        EventFilter.Error(contains: "Counts come for approach").Expect(1, () =>
        {
            foreach (var life in Enumerable.Range(0, 3))
            {
                var approach = Unknown(CreateTestProbe());
                approach.Tell(Batch(Cam1, 1, Car(1, 1)), TestActor);
                approach.Tell(new GetApproachStatus(TestSites.Kokandori, TestSites.South), TestActor);
                ExpectMsg<ApproachNotFound>();
            }
        });
    }

    private IActorRef Unknown(Akka.TestKit.TestProbe shard) =>
        shard.ChildActorOf(UnknownApproach.Props("kokandori/south", ["kokandori/north", "kokandori/east"], _reported));
}
