using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Server.Membership;

/// <summary>
/// Notices that this node has lost its place in the cluster, and ends the actor system so that the process starts a new one, which joins
/// again; /user/membership on every node. It also answers other nodes that ask whether they are members here. Only it ends a roadside
/// node's system: no roadside node is ever downed by itself.
/// </summary>
internal sealed class MembershipWatch : InspectedActor, IWithTimers
{
    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    public const string Name = "membership";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // Longer than joining a living cluster takes.
    private static readonly TimeSpan FormAfter = TimeSpan.FromSeconds(12);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IReadOnlyList<ActorSelection> _seeds;
    private readonly HashSet<Address> _seedAddresses;
    private readonly int _place;
    private readonly bool _isServer;
    private readonly RejoinPolicy _policy;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="seeds">Addresses of the seed nodes; this node's own does not matter.</param>
    public static Props Props(IReadOnlyList<string> seeds, RejoinPolicy policy, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new MembershipWatch(seeds, policy, time));

    public MembershipWatch(IReadOnlyList<string> seeds, RejoinPolicy policy, TimeProvider time)
    {
        _policy = policy;
        _time = time;
        _startedAt = time.GetTimestamp();
        var own = _cluster.SelfAddress;
        // The first seed node is where all nodes find each other: it follows none, and the others follow it.
        List<Address> others = [.. seeds.Select(Address.Parse).TakeWhile(s => s != own)];
        _place = others.Count;
        _seedAddresses = [.. others];
        _seeds = [.. others.Select(s => Context.ActorSelection(new RootActorPath(s) / "user" / Name))];
        _isServer = _cluster.SelfRoles.Contains(TrafficFlowRoles.Server);
        Receive<IsMember>(Handle);
        Receive<MemberKnown>(Handle);
        Receive<Look>(_ => CheckMembership());
        // A roadside node may give up a server's connection; that is no reason for the server to leave the others.
        Receive<ThisActorSystemQuarantinedEvent>(q => IsServer(q.RemoteAddress), q => StartAnew($"{q.RemoteAddress} has removed this node"));
        Receive<ThisActorSystemQuarantinedEvent>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(IsMember question)
    {
        // A node that is in no cluster itself knows no member, and that says nothing about the one that asks.
        if (!IsUp) return;
        var state = _cluster.State;
        Sender.Tell(new MemberKnown(state.Members.Any(m =>
            m.UniqueAddress.Uid == question.Uid && m.UniqueAddress.Address.ToString() == question.Node)));
    }

    private void Handle(MemberKnown answer)
    {
        // Only those that are asked know it.
        if (!_seedAddresses.Contains(Sender.Path.Address)) return;
        if (IsUp && _policy.Answered(answer.IsMember) is { } why) StartAnew(why);
    }

    private void CheckMembership()
    {
        if (!IsUp)
        {
            FormAlone();
            return;
        }

        var question = new IsMember(_cluster.SelfAddress.ToString(), _cluster.SelfUniqueAddress.Uid);
        foreach (var seed in _seeds) seed.Tell(question);
        if (_isServer) return;
        var state = _cluster.State;
        // Others may say what they like: what this node hears itself is there.
        var sees = state.Members.Any(m => m.HasRole(TrafficFlowRoles.Server) && (!state.Unreachable.Contains(m) || Hears(m.Address)));
        if (_policy.Observed(_time.GetElapsedTime(_startedAt), sees) is { } why) StartAnew(why);
    }

    /// <summary>
    /// Only the first seed node forms a cluster by itself. Where it is away, the next server does after a while, or one dead machine would
    /// keep all others out; should it form another one meanwhile, the nodes behind it in the list find out and join it.
    /// </summary>
    private void FormAlone()
    {
        if (!_isServer || _place == 0 || _cluster.SelfMember.Status == MemberStatus.Joining || _cluster.State.Members.Any()) return;
        if (_time.GetElapsedTime(_startedAt) < FormAfter * _place) return;
        _log.Warning("None of the seed nodes before this one answers: this server forms a cluster without them");
        _cluster.Join(_cluster.SelfAddress);
    }

    private bool Hears(Address address) => _cluster.FailureDetector.IsMonitoring(address) && _cluster.FailureDetector.IsAvailable(address);

    private bool IsServer(Address address) =>
        _cluster.State.Members.Any(m => m.Address == address && m.HasRole(TrafficFlowRoles.Server));

    private bool IsUp => _cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp;

    private void StartAnew(string why)
    {
        _log.Warning("This node's place in the cluster is lost: {Reason}. Its cluster system starts anew and joins again; cameras go on", why);
        Timers.CancelAll();
        Become(Ending);
        // Without coordinated shutdown: the members that it would leave no longer know this node.
        _ = Context.System.Terminate();
    }

    /// <summary>What may still come is of no use any more; anything else is as unhandled as ever.</summary>
    private void Ending()
    {
        Receive<IsMember>(_ => { });
        Receive<MemberKnown>(_ => { });
        Receive<Look>(_ => { });
        Receive<ThisActorSystemQuarantinedEvent>(_ => { });
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Every);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
