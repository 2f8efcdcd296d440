using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Actors.Tests.Access;

/// <summary>What the table admits, against what it is meant to: every role with every kind of message to every kind of recipient.</summary>
public sealed class AccessTableTests
{
    // Of `watch` through a node's socket, and of a program with a token.
    private const string SocketReader = "/user/subscription-1/1-flow.kokandori.north";
    private const string TokenReader = "/user/subscription-token-1/1-flow.kokandori.north";

    private static readonly string[] Recipients =
    [
        "/system/cluster/core/daemon", "/system/cluster/core/daemon/joinSeedNodeProcess-1", "/system/cluster/core/daemon/heartbeatSender", "/system/cluster/heartbeatReceiver",
        "/system/remote-watcher", "/system/sharding/approaches", "/system/sharding/approachesProxy", "/system/sharding/approaches/3/kokandori%2Fnorth",
        "/system/sharding/approachesCoordinator", "/system/sharding/approachesCoordinator/singleton/coordinator", "/system/sharding/approachesCoordinator/singleton/coordinator/$a",
        "/system/sharding/serverReplicator", "/system/sharding/serverReplicator/$a", "/system/distributedPubSubMediator", "/system/distributedPubSubMediator/flow.kokandori.north",
        "/user/membership", "/user/relay", "/user/relay/$a", "/user/commands", "/user/site-commands", "/user/flow-tables", "/user/health-board", "/user/health-board/health-board",
        "/user/health-board-proxy", "/user/recordings", "/user/dismissals", SocketReader, TokenReader, "/user", "/system", "/remote", "/temp/$a", "/user/vital",
    ];

    // Of a cabinet, and of an analyst: written anew here, not read from the table.
    private static readonly string[] AnyMember =
    [
        "5 Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster > /system/cluster/core/daemon",
        "5 Akka.Cluster.InternalClusterAction+Join, Akka.Cluster > /system/cluster/core/daemon",
        "5 Akka.Cluster.GossipStatus, Akka.Cluster > /system/cluster/core/daemon",
        "5 Akka.Cluster.GossipEnvelope, Akka.Cluster > /system/cluster/core/daemon",
        "5 Akka.Cluster.InternalClusterAction+ExitingConfirmed, Akka.Cluster > /system/cluster/core/daemon",
        "5 HB > /system/cluster/heartbeatReceiver",
        "5 HBR > /system/cluster/core/daemon/heartbeatSender",
        "9 A > /system/distributedPubSubMediator",
        "9 B > /system/distributedPubSubMediator",
        "13 BB > /system/sharding/approachesCoordinator/singleton/coordinator",
        "13 BD > /system/sharding/approachesCoordinator/singleton/coordinator",
        "13 BL > /system/sharding/approachesCoordinator/singleton/coordinator",
        "13 BM > /system/sharding/approachesCoordinator/singleton/coordinator",
        "13 BI > /system/sharding/approachesCoordinator/singleton/coordinator/$a",
        "16 ID > /user/health-board/health-board",
        "16 RWHB > /system/remote-watcher",
        "16 RWHR > /system/remote-watcher",
        .. from kind in new[] { "Watch", "Unwatch" }
           from to in new[] { "/system/sharding/approachesCoordinator/singleton/coordinator", "/system/sharding/approaches", "/system/sharding/approachesProxy", "/user/health-board/health-board" }
           select $"22 Akka.Dispatch.SysMsg.{kind}, Akka > {to}",
        .. from to in new[] { "/system/sharding/approachesCoordinator/singleton/coordinator", "/system/sharding/approaches", "/system/sharding/approachesProxy", "/user/health-board-proxy", "/system/remote-watcher" }
           select $"22 Akka.Dispatch.SysMsg.DeathWatchNotification, Akka > {to}",
        "7321 is-member-v1 > /user/membership",
        "7321 get-latest-bins-v1 > /system/sharding/approaches",
        "7321 get-approach-status-v1 > /system/sharding/approaches",
        "7321 get-flow-bins-v1 > /system/sharding/approaches",
        "7321 get-bins-after-v1 > /system/sharding/approaches",
        "7321 get-journeys-after-v1 > /system/sharding/approaches",
        "7321 get-incidents-v1 > /system/sharding/approaches",
    ];

    private static readonly string[] RoadsideOnly =
    [
        "7321 delivery-batch-v1 > /system/sharding/approaches",
        "7321 report-incidents-v1 > /system/sharding/approaches",
        "7321 close-open-bins-v1 > /system/sharding/approaches",
        "7321 get-quarantine-v1 > /system/sharding/approaches",
        "7321 camera-status-v1 > /system/distributedPubSubMediator/flow.kokandori.north",
        "7321 node-report-v1 > /user/health-board/health-board",
        "7321 get-health-v1 > /user/health-board/health-board",
        "7321 site-command-answer-v1 > /temp/$a",
        .. from answer in new[] { "recordings-listed", "vault-described", "keeping-described", "vault-ordered", "receipt-found", "vault-file-found", "recording-opened", "recording-chunks", "recordings-refused", "dismissals-heard" } select $"7321 {answer}-v1 > /temp/$a",
    ];

    [Fact]
    public void A_roadside_node_may_send_this_and_nothing_else() => Assert.Equal(Sorted([.. AnyMember, .. RoadsideOnly]), Admitted(PeerRole.Roadside));

    [Fact]
    public void A_subscriber_may_send_this_and_nothing_else() => Assert.Equal(Sorted(AnyMember), Admitted(PeerRole.Subscriber));

    [Fact]
    public void Not_even_a_server_may_end_deploy_or_supervise_actors_of_others_or_send_what_may_be_any_type()
    {
        var admitted = Admitted(PeerRole.Server);

        Assert.DoesNotContain(admitted, a => a.StartsWith("1 ", StringComparison.Ordinal) || a.StartsWith("3 ", StringComparison.Ordinal) || a.StartsWith("7322 ", StringComparison.Ordinal));
        foreach (var deadly in new[] { "16 PP", "16 K", "16 RORRC", "16 STF", "22 Akka.Dispatch.SysMsg.Terminate,", "22 Akka.Dispatch.SysMsg.Supervise,", "22 Akka.Dispatch.SysMsg.Recreate,", "5 Akka.Cluster.ClusterUserAction+Down,", "5 Akka.Cluster.ClusterUserAction+Leave,", "5 Akka.Cluster.Routing" })
            Assert.DoesNotContain(admitted, a => a.StartsWith($"{deadly} ", StringComparison.Ordinal));
        Assert.Contains("7321 flow-bin-closed-v1 > /system/distributedPubSubMediator/flow.kokandori.north", admitted);
        Assert.Superset(AnyMember.ToHashSet(), admitted.ToHashSet());
    }

    /// <summary>Nobody but a server asks for recordings, and no roadside node of another one.</summary>
    [Fact]
    public void Recordings_are_asked_for_by_servers_alone()
    {
        Assert.Equal(
            Sorted(from question in new[] { "list-recordings", "describe-vault", "describe-keeping", "order-vault", "begin-vault-task", "get-receipt", "get-vault-file", "open-recording", "read-recording", "end-recording" } select $"7321 {question}-v1 > /user/recordings"),
            Admitted(PeerRole.Server).Where(a => a.EndsWith("/user/recordings", StringComparison.Ordinal)));
        Assert.DoesNotContain(Admitted(PeerRole.Roadside).Concat(Admitted(PeerRole.Subscriber)), a => a.EndsWith("/user/recordings", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_servers_say_who_was_dismissed()
    {
        Assert.Equal(["7321 tell-dismissals-v1 > /user/dismissals"], Admitted(PeerRole.Server).Where(a => a.EndsWith("/user/dismissals", StringComparison.Ordinal)));
        Assert.DoesNotContain(Admitted(PeerRole.Roadside).Concat(Admitted(PeerRole.Subscriber)), a => a.EndsWith("/user/dismissals", StringComparison.Ordinal));
    }

    [Fact]
    public void Servers_tell_each_other_where_the_shards_are() => Assert.Equal(
        ["13 CS > /temp/$a", "13 DC > /system/sharding/approaches", "13 DD > /temp/$a", "13 GS > /system/sharding/approachesCoordinator/singleton/coordinator"],
        Admitted(PeerRole.Server).Where(a => a.StartsWith("13 CS", StringComparison.Ordinal) || a.StartsWith("13 D", StringComparison.Ordinal) || a.StartsWith("13 GS", StringComparison.Ordinal)));

    [Fact]
    public void Another_server_may_answer_readers_with_a_token_as_it_answers_those_of_the_socket()
    {
        var admitted = Admitted(PeerRole.Server);

        Assert.Contains($"7321 bins-after-v1 > {SocketReader}", admitted);
        Assert.Equal(admitted.Where(a => a.EndsWith(SocketReader, StringComparison.Ordinal)).Select(a => a.Replace(SocketReader, TokenReader, StringComparison.Ordinal)), admitted.Where(a => a.EndsWith(TokenReader, StringComparison.Ordinal)));
    }

    [Fact]
    public void Each_line_of_the_table_is_tried_here() =>
        Assert.Empty(AccessTable.Rules.Where(r => !MessageKinds.All.Contains((r.SerializerId, r.Manifest)) || !Recipients.Any(r.IsTo)).Select(r => $"{r.SerializerId} {r.Manifest} > {r.To}"));

    private static List<string> Admitted(PeerRole role) => Sorted(
        from kind in MessageKinds.All
        from recipient in Recipients
        where AccessTable.Rules.Any(r => r.From.Contains(role) && r.SerializerId == kind.Serializer && r.Manifest == kind.Manifest && r.IsTo(recipient))
        select $"{kind.Serializer} {kind.Manifest} > {recipient}");

    private static List<string> Sorted(IEnumerable<string> lines) => [.. lines.Distinct().Order(StringComparer.Ordinal)];
}
