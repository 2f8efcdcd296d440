using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Wire.Aggregation;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

public sealed class UnknownApproachTests() : TestKit(TestConfig.InMemory)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    private readonly ManualTime _time = new(At(0));
    private readonly SiteRegistry _sites = new(TestSites.Site(TestSites.Camera("cam1")));
    private UnknownDeliveries? _deliveries;

    [Fact]
    public void A_question_is_answered_with_what_there_is()
    {
        var approach = Unknown(CreateTestProbe());

        approach.Tell(new GetBinsAfter(TestSites.Kokandori, TestSites.South, null, 10), TestActor);

        var missing = ExpectMsg<ApproachNotFound>();
        Assert.Equal((TestSites.Kokandori, TestSites.South), (missing.Site, missing.Approach));
        Assert.Equal(["kokandori/north"], missing.Known);
    }

    [Fact]
    public void Counts_are_not_accepted()
    {
        var shard = CreateTestProbe();
        var approach = Unknown(shard);

        approach.Tell(Batch(Cam1, 1, Car(1, 1)), TestActor);
        approach.Tell(new GetApproachStatus(TestSites.Kokandori, TestSites.South), TestActor);

        ExpectMsg<ApproachNotFound>();
        shard.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_name_that_was_remembered_when_there_was_such_an_approach_is_forgotten()
    {
        var shard = CreateTestProbe();
        Unknown(shard, "kokandori/south");

        shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void A_server_says_once_an_hour_what_is_delivered_in_vain_and_anew_when_its_site_files_changed()
    {
        EventFilter.Error(contains: "Counts come for approach").Expect(1, () => Deliver(3));
        EventFilter.Error(contains: "Counts come for approach").Expect(0, () => Deliver(3));
        _time.Advance(TimeSpan.FromHours(1));
        EventFilter.Error(contains: "5 deliveries").Expect(1, () => Deliver(1));
        _sites.Replace(_sites.Sites, null);
        EventFilter.Error(contains: "Counts come for approach").Expect(1, () => Deliver(3));

        void Deliver(int lives)
        {
            for (var i = 0; i < lives; i++)
            {
                var approach = Unknown(CreateTestProbe());
                approach.Tell(Batch(Cam1, 1, Car(1, 1)), TestActor);
                approach.Tell(new GetApproachStatus(TestSites.Kokandori, TestSites.South), TestActor);
                ExpectMsg<ApproachNotFound>();
            }
        }
    }

    private IActorRef Unknown(TestProbe shard, string entity = "_unknown-3") =>
        shard.ChildActorOf(UnknownApproach.Props(entity, _sites, _deliveries ??= new UnknownDeliveries(_time)));
}
