using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Server.Membership;

/// <summary>
/// How servers decide who is down. Not Akka's own split-brain resolver: that acts on whichever node leads the cluster, and a roadside node
/// with a low address would lead and must not decide; and it reads its deadlines off the wall clock, so that a clock set back by an hour
/// would put a failover off by an hour. Its rules (majority of a role, a lease for what has none) are kept.
/// </summary>
public sealed class ServerDowningProvider(ActorSystem system, Cluster cluster) : IDowningProvider
{
    private readonly Config _config = system.Settings.Config.GetConfig("trafficflow.downing");

    public TimeSpan DownRemovalMargin => _config.GetTimeSpan("removal-margin");

    public Props DowningActorProps => ServerDowning.Props(
        cluster,
        new DowningSettings(
            _config.GetTimeSpan("stable-after"), _config.GetTimeSpan("decide-at-latest"), _config.GetTimeSpan("lease-delay-for-minority"), _config.GetTimeSpan("lease-for"),
            _config.GetTimeSpan("strangers-after"), _config.GetTimeSpan("lease-runs-out"), _config.GetString("lease", "")),
        TimeProvider.System);
}

/// <param name="StableAfter">How long the servers' picture, and each other node's, must be unchanged before it is acted on.</param>
/// <param name="DecideAtLatest">After so long with some server out of reach it is decided, however the picture changes.</param>
/// <param name="LeaseDelayForMinority">What the side with the lesser right leaves the other.</param>
/// <param name="LeaseFor">How long the lease is kept after the decision: until the losing side has surely heard of it.</param>
/// <param name="NonServersAfter">When a server is out of reach only for nodes that are no servers, those are removed after so long.</param>
/// <param name="LeaseRunsOut">A lease that is refused for longer belongs to a server that lives.</param>
/// <param name="Lease">Path of the lease's configuration; empty for none.</param>
internal sealed record DowningSettings(
    TimeSpan StableAfter, TimeSpan DecideAtLatest, TimeSpan LeaseDelayForMinority, TimeSpan LeaseFor, TimeSpan NonServersAfter, TimeSpan LeaseRunsOut, string Lease);

/// <summary>Runs on each server, as Akka's cluster daemon starts it. States: watching, asking for the lease.</summary>
internal sealed class ServerDowning : InspectedActor, IWithTimers
{
    private const string LeaseName = "trafficflow-servers";

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record AskNow
    {
        public static readonly AskNow Instance = new();
    }

    private sealed record GiveBack
    {
        public static readonly GiveBack Instance = new();
    }

    private sealed record Asked(bool Got, string? Problem);

    private sealed record Released(string? Problem);

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    // Gossip goes round each second; a link that was slow for a while has caught up long before.
    private static readonly TimeSpan HinderedFor = TimeSpan.FromSeconds(40);

    private readonly Cluster _cluster;
    private readonly DowningSettings _settings;
    private readonly TimeProvider _time;
    private readonly Lease? _lease;
    private readonly GossipObservers _observers = GossipObservers.Of(Context.System);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ReachabilityHistory<UniqueAddress> _reachability;
    private readonly ReachabilityHistory<UniqueAddress> _hindering = new(HinderedFor, HinderedFor);
    private readonly long _startedAt;
    private bool _isContested;
    private TimeSpan _contestedSince;
    private long? _refusedSince;
    private bool _nonServersDowned;

    public static Props Props(Cluster cluster, DowningSettings settings, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ServerDowning(cluster, settings, time));

    public ServerDowning(Cluster cluster, DowningSettings settings, TimeProvider time)
    {
        _cluster = cluster;
        _settings = settings;
        _time = time;
        _startedAt = time.GetTimestamp();
        _reachability = new ReachabilityHistory<UniqueAddress>(settings.StableAfter, settings.DecideAtLatest);
        if (settings.Lease.Length > 0)
            _lease = LeaseProvider.Get(Context.System).GetLease(
                LeaseName, settings.Lease, $"{cluster.SelfAddress.HostPort()}#{cluster.SelfUniqueAddress.Uid}");
        Watching();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe()
    {
        var state = _cluster.State;
        return new ActorState(BehaviourName(Watching))
        {
            { "servers", Servers(state).Count() },
            { "out of reach", string.Join(' ', Gone(state).Select(m => m.Address.HostPort()).Order(StringComparer.Ordinal)) },
            { "of those this server hears", string.Join(' ', Gone(state).Where(SeenByThisServer).Select(m => m.Address.HostPort()).Order(StringComparer.Ordinal)) },
            { "servers disagree", _isContested },
            { "for", _isContested ? _time.GetElapsedTime(_startedAt) - _contestedSince : null },
            { "decides by lease", _lease is not null },
            { "lease refused for", _refusedSince is { } refused ? _time.GetElapsedTime(refused) : null },
            { "acts after", _settings.StableAfter },
            { "acts at the latest after", _settings.DecideAtLatest },
        };
    }

    private void Watching()
    {
        Receive<Look>(_ => CheckReachability());
        Receive<GiveBack>(_ => Release());
        Receive<Released>(Handle);
        Receive<Asked>(_ => { });
    }

    private void Asking()
    {
        Receive<AskNow>(_ => Ask());
        Receive<Asked>(Handle);
        Receive<Look>(_ => { });
        Receive<GiveBack>(_ => Timers.StartSingleTimer(GiveBack.Instance, GiveBack.Instance, Every));
        Receive<Released>(Handle);
    }

    private void CheckReachability()
    {
        var state = _cluster.State;
        var gone = Gone(state).ToList();
        var lost = gone.Where(m => !SeenByThisServer(m)).ToLookup(m => m.HasRole(TrafficFlowRoles.Server));
        var now = _time.GetElapsedTime(_startedAt);
        if (_reachability.Observe(now, Addresses(lost[true]), Addresses(lost[false]))) _refusedSince = null;
        var isContested = gone.Any(SeenByThisServer);
        if (isContested != _isContested) (_isContested, _contestedSince) = (isContested, now);
        var contestedFor = now - _contestedSince;
        if (!isContested && contestedFor > _settings.NonServersAfter) _nonServersDowned = false;
        if (_cluster.SelfMember.Status is not (MemberStatus.Up or MemberStatus.Leaving)) return;
        DownHinderers(state, now);
        if (gone.Count == 0) return;

        var due = _reachability.Due(now).ToHashSet();
        var down = gone.Where(m => due.Contains(m.UniqueAddress)).ToList();
        // A server that only somebody else cannot reach: that somebody has the bad link, and is removed when it does not pass.
        if (down.Count == 0 && isContested && contestedFor >= _settings.NonServersAfter)
        {
            DownNonServers(state);
            return;
        }

        // Servers that are lost and not yet decided about are no part of this side.
        var unreachable = Servers(state).Where(down.Contains).ToList();
        var reachable = Servers(state).Except(lost[true]).Order(Member.AddressOrdering.AsMembers()).ToList();
        Act(
            DowningDecision.Of(reachable, unreachable, _cluster.SelfMember, Member.AddressOrdering.AsMembers(), _lease is not null, down.Count > unreachable.Count),
            down, reachable);
    }

    private static List<UniqueAddress> Addresses(IEnumerable<Member> members) => [.. members.Select(m => m.UniqueAddress)];

    private void Act(DowningVerdict verdict, IReadOnlyList<Member> down, IReadOnlyList<Member> reachable)
    {
        switch (verdict)
        {
            case DowningVerdict.DownUnreachable:
                Down(down, "they are out of reach");
                break;
            case DowningVerdict.DownThisSide:
                Down(reachable, "the other servers are more, and out of reach");
                break;
            case DowningVerdict.AskForLease:
                Become(Asking);
                Ask();
                break;
            case DowningVerdict.AskForLeaseLater:
                Become(Asking);
                Timers.StartSingleTimer(AskNow.Instance, AskNow.Instance, _settings.LeaseDelayForMinority);
                break;
            default:
                break;
        }
    }

    private void Ask() => _lease!.Acquire().PipeTo(
        Self, success: got => new Asked(got, null), failure: e => new Asked(false, e.GetBaseException().Message));

    private void Handle(Asked asked)
    {
        Become(Watching);
        // A database that is away decides nothing: without it nobody can count anyway, and it is asked again.
        if (asked.Problem is { } problem)
        {
            _log.Warning("It cannot be decided who is down: {Problem}. It is tried again", problem);
            return;
        }

        var state = _cluster.State;
        var down = Gone(state).Where(m => !SeenByThisServer(m)).ToList();
        if (asked.Got)
        {
            _refusedSince = null;
            Timers.StartSingleTimer(GiveBack.Instance, GiveBack.Instance, _settings.LeaseFor);
            if (down.Count > 0) Down(down, "they are out of reach, and this side has the servers' lease");
        }
        else if (down.Any(m => m.HasRole(TrafficFlowRoles.Server)) && HasRunOut())
        {
            Down([.. Servers(state).Where(m => !down.Contains(m))], "the servers' lease is held by those that are out of reach");
        }
    }

    /// <summary>
    /// Whether a lease of a server that died with it would have run out by now: held for longer, it is held by one that lives.
    /// </summary>
    private bool HasRunOut()
    {
        _refusedSince ??= _time.GetTimestamp();
        if (_time.GetElapsedTime(_refusedSince.Value) < _settings.LeaseRunsOut) return false;
        _refusedSince = null;
        return true;
    }

    private void DownNonServers(ClusterEvent.CurrentClusterState state)
    {
        var servers = Servers(state).Order(Member.AddressOrdering.AsMembers()).ToList();
        if (servers.Count == 0 || !servers[0].Equals(_cluster.SelfMember)) return;
        // Where none of those that say so is a server, no server is doubted for it, however often they say it.
        var observers = Observers(state);
        if (observers.Count == 0) return;
        if (!observers.Any(m => m.HasRole(TrafficFlowRoles.Server)))
        {
            Down(observers, "it says that it cannot reach a server that the other servers see; it joins again");
            return;
        }

        var nonServers = state.Members.Where(m => !m.HasRole(TrafficFlowRoles.Server)).ToList();
        if (nonServers.Count == 0 || _nonServersDowned)
        {
            // Two servers that both hear this one do not hear each other: one of them has to go, or nobody could ever join.
            _nonServersDowned = false;
            Down([.. Gone(state).Where(m => m.HasRole(TrafficFlowRoles.Server)).OrderDescending(Member.AddressOrdering.AsMembers()).Take(1)],
                "another server cannot reach it");
            return;
        }

        _nonServersDowned = true;
        Down(nonServers, "one of them cannot reach a server that the other servers see; they join again");
    }

    private void Down(IReadOnlyList<Member> members, string why)
    {
        _log.Warning("Servers remove {Members} from the cluster: {Reason}", string.Join(", ", members.Select(m => m.Address)), why);
        // This node last, or it could not tell the others.
        foreach (var member in members.OrderBy(m => m.Equals(_cluster.SelfMember))) _cluster.Down(member.Address);
        _reachability.Reset();
    }

    private void Release() => _lease!.Release().PipeTo(Self, success: _ => new Released(null), failure: e => new Released(e.GetBaseException().Message));

    /// <summary>Removes who is there and keeps the servers from agreeing; it joins again.</summary>
    private void DownHinderers(ClusterEvent.CurrentClusterState state, TimeSpan now)
    {
        var accusers = _observers.Of(_cluster.SelfUniqueAddress).ToHashSet();
        var others = state.Members.Where(m => m.Status == MemberStatus.Up && !m.HasRole(TrafficFlowRoles.Server) && !state.Unreachable.Contains(m));
        var hinder = HinderingNodes.Of(others, Servers(state), m => state.SeenBy.Contains(m.Address), m => accusers.Contains(m.UniqueAddress));
        _hindering.Observe(now, [], Addresses(hinder));
        var due = _hindering.Due(now).ToHashSet();
        if (due.Count == 0) return;
        _hindering.Reset();
        Down([.. hinder.Where(m => due.Contains(m.UniqueAddress))], "it is there, and keeps the servers from agreeing on who is in the cluster; it joins again");
    }

    /// <summary>Members that say that they do not reach a server that this one hears.</summary>
    private List<Member> Observers(ClusterEvent.CurrentClusterState state)
    {
        var observers = Gone(state).Where(SeenByThisServer)
            .SelectMany(m => _observers.Of(m.UniqueAddress))
            .ToHashSet();
        return [.. state.Members.Where(m => observers.Contains(m.UniqueAddress))];
    }

    private void Handle(Released released)
    {
        if (released.Problem is { } problem) _log.Warning("The servers' lease could not be given back: {Problem}. It runs out by itself", problem);
    }

    private static IEnumerable<Member> Gone(ClusterEvent.CurrentClusterState state) =>
        state.Unreachable.Where(m => m.Status is not (MemberStatus.Down or MemberStatus.Removed));

    private static IEnumerable<Member> Servers(ClusterEvent.CurrentClusterState state) =>
        state.Members.Where(m => m.HasRole(TrafficFlowRoles.Server) && m.Status is (MemberStatus.Up or MemberStatus.Leaving));

    /// <summary>A server that this one hears is there, whatever other nodes say.</summary>
    private bool SeenByThisServer(Member member) =>
        member.HasRole(TrafficFlowRoles.Server)
        && _cluster.FailureDetector.IsMonitoring(member.Address) && _cluster.FailureDetector.IsAvailable(member.Address);

    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Every);
}

internal static class MemberOrder
{
    private sealed class ByAddress(IComparer<Address> addresses) : IComparer<Member>
    {
        public int Compare(Member? a, Member? b) => addresses.Compare(a?.Address, b?.Address);
    }

    public static IComparer<Member> AsMembers(this IComparer<Address> addresses) => new ByAddress(addresses);
}
