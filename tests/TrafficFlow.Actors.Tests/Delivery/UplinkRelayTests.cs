using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Wire.Delivery;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

/// <summary>The relay in a cluster of one node, between an uplink and aggregators that are the test.</summary>
public sealed class UplinkRelayTests() : TestKit(ConfigurationFactory
    .ParseString("akka { loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 } }")
    .WithFallback(TestConfig.Reference))
{
    [Fact]
    public void An_outbox_that_is_no_more_leaves_nothing_behind()
    {
        var cluster = Cluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        var (uplink, approaches, outbox) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var relay = Sys.ActorOf(UplinkRelay.Props(uplink, approaches));
        uplink.ExpectMsg<RelayUp>(TimeSpan.FromSeconds(20));
        relay.Tell(new RelayRequest(Batch(Cam1, 1, Car(1, 1)), outbox));
        approaches.ExpectMsg<DeliveryBatch>();
        var channel = Watch(approaches.LastSender);
        channel.Tell(new Accepted(Cam1, TestSites.North, 1, 1));
        outbox.ExpectMsg<Accepted>();

        relay.Tell(new SenderTerminated(outbox));

        ExpectTerminated(channel);
        // Another life of the same outbox gets a channel of its own.
        relay.Tell(new RelayRequest(Batch(Cam1, 1, Car(1, 1)), outbox));
        approaches.ExpectMsg<DeliveryBatch>();
        Assert.NotEqual(channel, approaches.LastSender);
    }

    [Fact]
    public void The_uplink_says_when_a_sender_is_no_more()
    {
        var (uplink, relay, outbox) = (Sys.ActorOf(UplinkActor.Props()), CreateTestProbe(), CreateTestProbe());
        uplink.Tell(new RelayUp(relay));
        uplink.Tell(Batch(Cam1, 1, Car(1, 1)), outbox);
        relay.ExpectMsg<RelayRequest>();

        Sys.Stop(outbox);

        Assert.Equal(outbox.Ref, relay.ExpectMsg<SenderTerminated>().Sender);
    }
}
