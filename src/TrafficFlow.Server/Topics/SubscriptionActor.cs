using System.Diagnostics.Metrics;
using Akka.Actor;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Telemetry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Topics;

/// <summary>
/// The topics of one client: /user/subscription, or /user/subscription-N of one that reads through a node's socket. It adds and removes them while it runs; one child for each, a <see cref="SubscriberActor"/>
/// or <see cref="ListenerActor"/>, and one bounded buffer for all, from which the client reads as fast as it can.
/// </summary>
public sealed class SubscriptionActor : InspectedActor
{
    /// <summary>Topics of one client.</summary>
    public const int MostTopics = 64;

    private static readonly UpDownCounter<long> s_active = TrafficFlowTelemetry.Meter.CreateUpDownCounter<long>(
        "trafficflow.subscription.active", "{subscription}", "Clients that read topics through this process.");

    private readonly SubscriptionBuffer _buffer;
    private readonly IActorRef _approaches;
    private readonly Dictionary<string, IActorRef> _topics = [];
    private readonly Dictionary<IActorRef, (string Topic, IActorRef AskedBy)> _ending = [];
    private long _added;

    /// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
    public static Props Props(SubscriptionBuffer buffer, IActorRef approaches) => Akka.Actor.Props.Create(() => new SubscriptionActor(buffer, approaches));

    public SubscriptionActor(SubscriptionBuffer buffer, IActorRef approaches)
    {
        (_buffer, _approaches) = (buffer, approaches);
        Receive<AddTopic>(Handle);
        Receive<RemoveTopic>(Handle);
        Receive<Terminated>(t => Ended(t.ActorRef));
    }

    protected override ActorState Describe() => new("subscribed")
    {
        { "topics", _topics.Count },
        { "names", string.Join(' ', _topics.Keys.Order(StringComparer.Ordinal)) },
        { "ending", _ending.Count },
        { "the client has not taken", _buffer.Count, "messages" },
    };

    private void Handle(AddTopic add)
    {
        if (!TopicNames.IsTopic(add.Topic))
        {
            Sender.Tell(new TopicRefused(add.Topic, $"\"{add.Topic}\" is no topic", $"write {TopicNames.Forms}"));
        }
        else if (_topics.Count >= MostTopics && !_topics.ContainsKey(add.Topic))
        {
            Sender.Tell(new TopicRefused(add.Topic, $"there are {MostTopics} topics already", "remove one, or open another subscription"));
        }
        else
        {
            if (!_topics.ContainsKey(add.Topic)) _topics.Add(add.Topic, Context.Watch(Context.ActorOf(PropsOf(add), $"{++_added}-{Uri.EscapeDataString(add.Topic)}")));
            Sender.Tell(new TopicAdded(add.Topic));
        }
    }

    private Props PropsOf(AddTopic add) => KeptTopic.Of(add.Topic) is null
        ? ListenerActor.Props(add.Topic, _buffer, _approaches)
        : SubscriberActor.Props(add.Topic, _buffer, _approaches, add.Place);

    private void Handle(RemoveTopic remove)
    {
        if (!_topics.Remove(remove.Topic, out var topic))
        {
            Sender.Tell(new TopicRemoved(remove.Topic));
            return;
        }

        _ending[topic] = (remove.Topic, Sender);
        Context.Stop(topic);
    }

    private void Ended(IActorRef child)
    {
        if (_ending.Remove(child, out var removed))
        {
            // Behind the last message that it put there; one that was added again meanwhile begins anew.
            if (!_topics.ContainsKey(removed.Topic)) _buffer.Remove(removed.Topic);
            removed.AskedBy.Tell(new TopicRemoved(removed.Topic));
            return;
        }

        // It found that there is nothing to subscribe to, and said so.
        foreach (var topic in _topics.Where(t => t.Value.Equals(child)).Select(t => t.Key).ToList()) _topics.Remove(topic);
    }

    protected override void PreStart() => s_active.Add(1);

    protected override void PostStop()
    {
        s_active.Add(-1);
        _buffer.Complete();
    }
}
