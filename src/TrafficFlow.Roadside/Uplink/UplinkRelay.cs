using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.PublishSubscribe;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Roadside.Uplink;

/// <summary>
/// The other end of the uplink, in the cluster system: /user/relay. It announces itself once this node is a member, and carries batches
/// to the aggregators and their answers back. One child for each living sender, so that an answer finds its way without a name in it.
/// States: joining, linked.
/// </summary>
internal sealed class UplinkRelay : InspectedActor
{
    private sealed record Joined
    {
        public static readonly Joined Instance = new();
    }

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _uplink;
    private readonly IActorRef _approaches;
    private readonly IActorRef _mediator;
    private readonly Dictionary<IActorRef, IActorRef> _channels = [];

    /// <param name="uplink">The <see cref="UplinkActor"/> of this process' roadside system.</param>
    /// <param name="approaches">The shard region of the aggregators, or its proxy.</param>
    public static Props Props(IActorRef uplink, IActorRef approaches) => Akka.Actor.Props.Create(() => new UplinkRelay(uplink, approaches));

    public UplinkRelay(IActorRef uplink, IActorRef approaches)
    {
        _uplink = uplink;
        _approaches = approaches;
        _mediator = DistributedPubSub.Get(Context.System).Mediator;
        Joining();
    }

    private void Joining() => Receive<Joined>(_ =>
    {
        Become(Linked);
        _uplink.Tell(new RelayUp(Self));
        _cluster.Subscribe(Self, ClusterEvent.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.MemberUp));
    });

    private void Linked()
    {
        Receive<RelayRequest>(carry =>
        {
            if (!_channels.TryGetValue(carry.AnswerTo, out var channel))
                _channels.Add(carry.AnswerTo, channel = Context.ActorOf(Channel.Props(carry.AnswerTo, _approaches)));
            channel.Tell(carry.Message);
        });
        Receive<SenderTerminated>(gone =>
        {
            if (_channels.Remove(gone.Sender, out var channel)) Context.Stop(channel);
        });
        Receive<Publish>(publish => _mediator.Tell(publish));
        // What was on its way to a server that is no more is sent again at once, not when its time is over.
        Receive<ClusterEvent.IMemberEvent>(e => e.Member.HasRole(TrafficFlowRoles.Server), _ => _uplink.Tell(new RelayUp(Self)));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
    }

    protected override void PreStart()
    {
        var self = Self;
        _cluster.RegisterOnMemberUp(() => self.Tell(Joined.Instance));
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _uplink.Tell(new RelayDown(Self));
    }

    private sealed class Channel : InspectedActor
    {
        public static Props Props(IActorRef local, IActorRef approaches) => Akka.Actor.Props.Create(() => new Channel(local, approaches));

        public Channel(IActorRef local, IActorRef approaches)
        {
            // A CloseOpenBins and its answer are both for an approach; only direction tells them apart.
            Receive<IApproachMessage>(m => approaches.Tell(m));
            ReceiveAny(local.Tell);
        }
    }
}
