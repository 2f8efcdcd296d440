using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>Sends to a topic: at most once, to whoever subscribes now. What must not be lost is asked for, not published.</summary>
public sealed class TopicPublisher(IActorRef mediator)
{
    public static TopicPublisher Of(ActorSystem system) => new(DistributedPubSub.Get(system).Mediator);

    public void Publish(string topic, IWireMessage message) => mediator.Tell(new Publish(topic, message));
}
