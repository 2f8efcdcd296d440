using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Roadside.Uplink;

// Between the two actor systems of a process: plain references, never serialized.

/// <summary>The relay of a cluster system that has joined its cluster.</summary>
internal sealed record RelayUp(IActorRef Relay);

internal sealed record RelayDown(IActorRef Relay);

/// <summary>A message for an aggregator, and which actor of the roadside system gets the answer.</summary>
internal sealed record RelayRequest(IApproachMessage Message, IActorRef AnswerTo);

/// <summary>An actor of the roadside system that was answered is no more: nothing will be sent for it.</summary>
internal sealed record SenderTerminated(IActorRef Sender);

/// <summary>
/// The cameras' way out of the roadside system: /user/uplink. Outboxes send their batches here, and health is published here. While the
/// node is in no cluster (link cut, server away, cluster system restarting) it drops what it gets: outboxes send again, and are told
/// when the way is open. So cameras depend on nothing but their own process and disk. States: cut off, linked.
/// </summary>
public sealed class UplinkActor : InspectedActor
{
    private readonly HashSet<IActorRef> _senders = [];
    private IActorRef _relay = ActorRefs.Nobody;

    public static Props Props() => Akka.Actor.Props.Create(() => new UplinkActor());

    public UplinkActor() => CutOff();

    protected override ActorState Describe() => new(BehaviourName(CutOff))
    {
        { "relay", _relay },
        { "outboxes that send", _senders.Count },
    };

    private void CutOff()
    {
        Receive<IApproachMessage>(_ => Remember(Sender));
        Receive<Publish>(_ => { });
        Always();
    }

    private void Linked()
    {
        Receive<IApproachMessage>(message =>
        {
            Remember(Sender);
            _relay.Tell(new RelayRequest(message, Sender));
        });
        Receive<Publish>(publish => _relay.Tell(publish));
        Always();
    }

    private void Always()
    {
        Receive<RelayUp>(up =>
        {
            _relay = up.Relay;
            Become(Linked);
            foreach (var sender in _senders) sender.Tell(LinkUp.Instance);
        });
        Receive<RelayDown>(down => down.Relay.Equals(_relay), _ =>
        {
            _relay = ActorRefs.Nobody;
            Become(CutOff);
        });
        Receive<RelayDown>(_ => { });
        Receive<Terminated>(t =>
        {
            _senders.Remove(t.ActorRef);
            _relay.Tell(new SenderTerminated(t.ActorRef));
        });
    }

    private void Remember(IActorRef sender)
    {
        if (!sender.IsNobody() && _senders.Add(sender)) Context.Watch(sender);
    }
}
