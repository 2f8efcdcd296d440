using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

public sealed class UplinkTests() : TestKit(TestConfig.Reference)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void While_cut_off_nothing_goes_out_and_who_sent_is_told_when_the_way_opens()
    {
        var (uplink, relay, outbox) = (Sys.ActorOf(UplinkActor.Props()), CreateTestProbe(), CreateTestProbe());
        uplink.Tell(Batch(Cam1, 1, Car(1, 1)), outbox);
        uplink.Tell(new Publish("health.kokandori.cam1", "ill"));
        relay.ExpectNoMsg(Silence);

        uplink.Tell(new RelayUp(relay));

        outbox.ExpectMsg<LinkUp>();
        var batch = Batch(Cam1, 1, Car(1, 1));
        uplink.Tell(batch, outbox);
        var carried = relay.ExpectMsg<RelayRequest>();
        Assert.Same(batch, carried.Message);
        Assert.Equal(outbox.Ref, carried.AnswerTo);
    }

    [Fact]
    public void The_end_of_an_earlier_cluster_system_does_not_cut_off_its_successor()
    {
        var (uplink, old, now, outbox) = (Sys.ActorOf(UplinkActor.Props()), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        uplink.Tell(new RelayUp(old));
        uplink.Tell(new RelayUp(now));
        uplink.Tell(new RelayDown(old));

        uplink.Tell(Batch(Cam1, 1, Car(1, 1)), outbox);

        now.ExpectMsg<RelayRequest>();
        old.ExpectNoMsg(Silence);
    }

    [Fact]
    public void An_outbox_that_is_told_of_the_open_way_sends_again_at_once()
    {
        var approaches = CreateTestProbe();
        // Longer than the test: only the news can make it send again.
        var patient = new OutboxSettings { RetryMin = TimeSpan.FromMinutes(5), RetryMax = TimeSpan.FromMinutes(5) };
        var outbox = Sys.ActorOf(OutboxActor.Props(TestSites.Kokandori, Cam1, patient, approaches));
        Store(outbox);
        var first = approaches.ExpectMsg<DeliveryBatch>();

        outbox.Tell(LinkUp.Instance);

        var again = approaches.ExpectMsg<DeliveryBatch>();
        Assert.Equal((first.Epoch, first.UpToSequence), (again.Epoch, again.UpToSequence));
    }

    [Fact]
    public void An_aggregator_that_lost_rows_gets_them_again_and_then_what_follows()
    {
        var approaches = CreateTestProbe();
        var outbox = Sys.ActorOf(OutboxActor.Props(TestSites.Kokandori, Cam1, new OutboxSettings(), approaches));
        Store(outbox);
        Accept(approaches.ExpectMsg<DeliveryBatch>());
        outbox.Tell(new Store(1, [Car(3, 3)]));
        var second = approaches.ExpectMsg<DeliveryBatch>();
        Assert.Equal(new LogPosition(1, 2), second.After);

        approaches.Reply(new Behind(Cam1, TestSites.North, LogPosition.Start));

        var rewound = approaches.ExpectMsg<DeliveryBatch>();
        Assert.Equal([1, 2, 3], rewound.Entries.Select(e => e.Sequence));
        Assert.Equal(LogPosition.Start, rewound.After);

        void Accept(DeliveryBatch batch) => approaches.Reply(new Accepted(Cam1, TestSites.North, batch.Epoch, batch.UpToSequence));
    }

    private void Store(IActorRef outbox)
    {
        outbox.Tell(new OpenEpoch("run", TestSites.Motion, [TestSites.North]), TestActor);
        ExpectMsg<EpochReady>();
        outbox.Tell(new Store(1, [Car(1, 1), Watched(2, 0, 5)]), TestActor);
        ExpectMsg<Stored>();
    }
}
