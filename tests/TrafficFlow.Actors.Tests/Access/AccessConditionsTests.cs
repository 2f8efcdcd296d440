using Google.Protobuf;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Peers;
using Proto = TrafficFlow.Wire.Proto;
using Remoting = TrafficFlow.Wire.Proto.Remoting;

namespace TrafficFlow.Actors.Tests.Access;

/// <summary>What must hold for a very message: each peer speaks for itself.</summary>
public sealed class AccessConditionsTests
{
    private const string Cluster = "Akka.Cluster.";
    private const string Core = "/system/cluster/core/daemon";
    private const string Region = "/system/sharding/approaches";
    private const string Coordinator = "/system/sharding/approachesCoordinator/singleton/coordinator";
    private const string Own = "akka.tcp://trafficflow@10.0.0.2:4053";
    private const string Others = "akka.tcp://trafficflow@10.0.0.1:4053";

    private static readonly PeerIdentity Cabinet = new(PeerRole.Roadside, "r1", ["kokandori"], ["cam1", "cam2"]);
    private static readonly PeerIdentity Server = new(PeerRole.Server, "s2", [], []);

    private static readonly PeerOrigin Here = new("trafficflow", "10.0.0.1", 4053, 1);

    private static readonly KnownMember ServerUp = new("10.0.0.1", 4053, 1, 1, ["server"], IsUnreachable: false, Age: 0);
    private static readonly KnownMember CabinetUp = new("10.0.0.2", 4053, 2, 1, ["roadside"], IsUnreachable: false, Age: 1);

    [Theory]
    [InlineData("kokandori", "cam1", "", "", null)]
    [InlineData("kokandori", "cam1", "cam2", "kokandori", null)]
    [InlineData("kokandori", "cam3", "", "", "not for camera cam3 of site kokandori")]
    [InlineData("other", "cam1", "", "", "not for camera cam1 of site other")]
    [InlineData("kokandori", "cam1", "cam3", "", "not for camera cam3")]
    [InlineData("kokandori", "cam1", "", "other", "not for camera cam1 of site other")]
    public void A_cabinet_delivers_for_its_own_cameras_only(string site, string camera, string entryCamera, string journeySite, string? problem)
    {
        var batch = new Proto.DeliveryBatch { Site = site, Camera = camera, Approach = "north", Entries = { new Proto.Entry { Sequence = 1, Camera = entryCamera } } };
        if (journeySite.Length > 0) batch.Entries.Add(new Proto.Entry { Sequence = 2, Camera = camera, Journey = new Proto.JourneyEnded { Site = journeySite } });

        AssertProblem(problem, Refuse(Cabinet, Region, 7321, "delivery-batch-v1", batch));
        Assert.Null(Refuse(Server, Region, 7321, "delivery-batch-v1", batch));
    }

    [Theory]
    [InlineData("kokandori", "cam1", null)]
    [InlineData("kokandori", "cam3", "not for camera cam3 of site kokandori")]
    [InlineData("other", "cam1", "not for camera cam1 of site other")]
    public void It_tells_incidents_of_its_own_junction_only(string site, string junction, string? problem) =>
        AssertProblem(problem, Refuse(Cabinet, Region, 7321, "report-incidents-v1", new Proto.ReportIncidents { Site = site, Camera = junction, Epoch = 7 }));

    [Theory]
    [InlineData("kokandori", null)]
    [InlineData("other", "not for site other")]
    public void It_asks_about_its_own_site_only(string site, string? problem) =>
        AssertProblem(problem, Refuse(Cabinet, Region, 7321, "get-approach-status-v1", new Proto.ApproachName { Site = site, Approach = "north" }));

    [Theory]
    [InlineData("kokandori", null)]
    [InlineData("other", "not for site other")]
    [InlineData(null, "not for site")]
    public void It_is_told_how_the_nodes_of_its_own_site_are_and_a_server_of_all(string? site, string? problem)
    {
        var question = site is null ? new Proto.GetHealth() : new Proto.GetHealth { Site = site };

        AssertProblem(problem, Refuse(Cabinet, "/user/health-board/health-board", 7321, "get-health-v1", question));
        Assert.Null(Refuse(Server, "/user/health-board/health-board", 7321, "get-health-v1", question));
    }

    [Theory]
    [InlineData("kokandori", "cam1", "health.kokandori.cam1", null)]
    [InlineData("kokandori", "cam1", "health.kokandori.cam2", "another topic")]
    [InlineData("kokandori", "cam9", "health.kokandori.cam9", "not for camera cam9")]
    public void It_publishes_health_of_its_own_cameras_on_their_topics(string site, string camera, string topic, string? problem) =>
        AssertProblem(problem, Refuse(Cabinet, $"/system/distributedPubSubMediator/{topic}", 7321, "camera-status-v1", new Proto.CameraStatus { Site = site, Camera = camera }));

    [Theory]
    [InlineData("10.0.0.2", "roadside", null)]
    [InlineData("10.0.0.2", "server", "does not let it be server")]
    [InlineData("10.0.0.2", "subscriber", "does not let it be subscriber")]
    [InlineData("10.0.0.1", "roadside", "it speaks for 10.0.0.1:4053")]
    public void It_joins_as_what_it_is(string host, string role, string? problem) =>
        AssertProblem(problem, Refuse(Cabinet, Core, 5, $"{Cluster}InternalClusterAction+Join, Akka.Cluster", new Remoting.Join { Node = Unique(host, 2), Roles = { role } }));

    [Fact]
    public void Heartbeats_and_farewells_are_its_own()
    {
        AssertProblem(null, Refuse(Cabinet, "/system/cluster/heartbeatReceiver", 5, "HB", new Remoting.FromAddress { From = Address("10.0.0.2") }));
        AssertProblem("it speaks for 10.0.0.1", Refuse(Cabinet, "/system/cluster/heartbeatReceiver", 5, "HB", new Remoting.FromAddress { From = Address("10.0.0.1") }));
        AssertProblem("it speaks for 10.0.0.1", Refuse(Cabinet, Core, 5, $"{Cluster}InternalClusterAction+ExitingConfirmed, Akka.Cluster", Unique("10.0.0.1", 1)));
    }

    [Theory]
    [InlineData(17, null)]
    [InlineData(1, "it carries another message within it")]
    [InlineData(3, "it carries another message within it")]
    [InlineData(16, "it carries another message within it")]
    public void A_question_after_an_actor_carries_nothing_of_any_type(int within, string? problem)
    {
        var payload = new Remoting.Payload { SerializerId = within, Message = ByteString.CopyFromUtf8("x") };

        AssertProblem(problem, Refuse(Cabinet, "/user/health-board/health-board", 16, "ID", new Remoting.Identify { MessageId = payload }));
        AssertProblem(problem, Refuse(Server, "/user/health-board-proxy", 16, "AID", new Remoting.ActorIdentity { CorrelationId = payload }));
        AssertProblem("such a node may not send that there", Refuse(Cabinet, "/user/health-board-proxy", 16, "AID", new Remoting.ActorIdentity { CorrelationId = payload }));
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("15", null)]
    [InlineData("16", "there is no shard 16")]
    [InlineData("01", "there is no shard 01")]
    [InlineData("", "there is no shard")]
    [InlineData("x/../y", "there is no shard")]
    public void Nobody_makes_a_shard_that_is_none(string shard, string? problem)
    {
        AssertProblem(problem, Refuse(Cabinet, Coordinator, 13, "BD", new Remoting.ShardOf { Shard = shard }));
        AssertProblem(problem, Refuse(Server, "/system/sharding/approaches", 13, "BF", new Remoting.ShardOf { Shard = shard }));
    }

    [Fact]
    public void It_watches_and_takes_away_its_own_actors_only()
    {
        AssertProblem(null, Refuse(Cabinet, Coordinator, 13, "BL", new Remoting.ActorRef { Path = $"{Own}/system/sharding/approachesProxy" }));
        AssertProblem("it speaks for the actor", Refuse(Cabinet, Coordinator, 13, "BL", new Remoting.ActorRef { Path = $"{Others}{Region}" }));
        AssertProblem("it speaks for the actor", Refuse(Cabinet, Coordinator, 22, "Akka.Dispatch.SysMsg.DeathWatchNotification, Akka",
            new Remoting.DeathWatchNotification { Actor = new Remoting.ActorRef { Path = $"{Others}{Region}" } }));
        AssertProblem("it speaks for the actor", Refuse(Cabinet, Coordinator, 22, "Akka.Dispatch.SysMsg.Watch, Akka",
            new Remoting.Watch { Watchee = new Remoting.ActorRef { Path = $"{Others}{Coordinator}" }, Watcher = new Remoting.ActorRef { Path = $"{Others}{Region}" } }));
        AssertProblem("it watches another actor", Refuse(Cabinet, Coordinator, 22, "Akka.Dispatch.SysMsg.Watch, Akka",
            new Remoting.Watch { Watchee = new Remoting.ActorRef { Path = $"{Others}/user/x" }, Watcher = new Remoting.ActorRef { Path = $"{Own}/system/sharding/approachesProxy" } }));
        AssertProblem("it speaks for the actor", Refuse(Cabinet, Coordinator, 13, "BB", new Remoting.ActorRef { Path = $"{Own}/user/anything" }));
        AssertProblem(null, Refuse(Cabinet, Coordinator, 22, "Akka.Dispatch.SysMsg.Watch, Akka",
            new Remoting.Watch { Watchee = new Remoting.ActorRef { Path = $"{Others}{Coordinator}#12" }, Watcher = new Remoting.ActorRef { Path = $"{Own}/system/sharding/approachesProxy#7" } }));
    }

    [Fact]
    public void Only_a_server_lets_others_join()
    {
        var peer = Peer(Cabinet, null) with { IsServerHere = false };
        var join = new Remoting.Join { Node = Unique("10.0.0.2", 2), Roles = { "roadside" } };

        AssertProblem("this node is no server", PeerFilter.Refuse(peer, new RemoteMessage(At(Core), null, 5, $"{Cluster}InternalClusterAction+Join, Akka.Cluster", join.ToByteString())));
        AssertProblem("this node is no server", PeerFilter.Refuse(peer, new RemoteMessage(At(Core), null, 5, $"{Cluster}InternalClusterAction+InitJoin, Akka.Cluster", ByteString.Empty)));
        AssertProblem("a version or roles that are none", Refuse(Cabinet, Core, 5, $"{Cluster}InternalClusterAction+Join, Akka.Cluster", new Remoting.Join(join) { AppVersion = new string('1', 100) }));
        AssertProblem("it speaks for another life", Refuse(Cabinet, Core, 5, $"{Cluster}InternalClusterAction+Join, Akka.Cluster", new Remoting.Join { Node = Unique("10.0.0.2", 3) }));
    }

    [Fact]
    public void Only_numbered_messages_have_numbers_and_none_runs_far_ahead()
    {
        AssertProblem("no node numbers such a message", PeerFilter.Refuse(Peer(Cabinet, null), new RemoteMessage(At("/system/remote-watcher"), null, 16, "RWHB", ByteString.Empty, 7)));

        var window = new SequenceWindow();
        Assert.True(window.Accepts(0) && window.Accepts(2) && window.Accepts(1) && window.Accepts(3) && window.Accepts(1));
        Assert.True(window.Accepts(4 + SequenceWindow.MostAhead));
        Assert.False(window.Accepts(5 + SequenceWindow.MostAhead));
        Assert.False(window.Accepts(1UL << 40));
        Assert.True(window.Accepts(4));
        Assert.True(window.Accepts(5 + SequenceWindow.MostAhead));
    }

    [Fact]
    public void What_is_for_another_node_or_comes_under_the_address_of_a_server_is_refused()
    {
        AssertProblem("it is for another node", PeerFilter.Refuse(Peer(Cabinet, null), new RemoteMessage(At("/system/remote-watcher", "10.0.0.7"), null, 16, "RWHB", ByteString.Empty)));
        var onTheServersMachine = Peer(Cabinet, null) with { Link = new PeerLink(Cabinet, Here, Here) };
        AssertProblem("a member that its certificate does not let it be",
            PeerFilter.Refuse(onTheServersMachine, new RemoteMessage(At("/system/cluster/heartbeatReceiver"), null, 5, "HB", new Remoting.FromAddress { From = Address("10.0.0.1") }.ToByteString())));
    }

    [Fact]
    public void A_clock_is_one_of_this_cluster()
    {
        const string Status = $"{Cluster}GossipStatus, Akka.Cluster";
        static Remoting.GossipStatus Of(int hashes, long time) => new()
        {
            From = Unique("10.0.0.2", 2),
            Hashes = { Enumerable.Range(0, hashes).Select(i => $"{i:X32}") },
            Version = new Remoting.VectorClock { Versions = { Enumerable.Range(0, hashes).Select(i => new Remoting.ClockEntry { Hash = i, Timestamp = time }) } },
        };

        AssertProblem(null, Refuse(Cabinet, Core, 5, Status, Of(3, 7)));
        AssertProblem("a clock of nodes that are none", Refuse(Cabinet, Core, 5, Status, Of(200, 7)));
        AssertProblem("a clock without end", Refuse(Cabinet, Core, 5, Status, Of(5000, 7)));
        AssertProblem("a clock that was never so", Refuse(Cabinet, Core, 5, Status, Of(3, long.MaxValue)));
        AssertProblem("a clock that was never so", Refuse(Cabinet, Core, 5, Status, Of(3, -1)));
    }

    [Fact]
    public void Nobody_but_a_server_has_answers_sent_to_others()
    {
        var question = new Proto.ApproachName { Site = "kokandori", Approach = "north" };

        AssertProblem("it is to be answered to 10.0.0.1", Refuse(Cabinet, Region, 7321, "get-approach-status-v1", question, sender: "10.0.0.1"));
        AssertProblem(null, Refuse(Server, Region, 7321, "get-approach-status-v1", question, sender: "10.0.0.2"));
    }

    [Fact]
    public void It_subscribes_for_itself_only()
    {
        static Remoting.TopicsDelta Delta(string owner, string reference, string topic = "flow.kokandori.north") => new()
        {
            Buckets = { new Remoting.TopicsBucket { Owner = Address(owner), Content = { [$"/system/distributedPubSubMediator/{topic}"] = new Remoting.TopicsEntry { Ref = reference } } } },
        };

        AssertProblem(null, Refuse(Cabinet, "/system/distributedPubSubMediator", 9, "B", Delta("10.0.0.2", $"{Own}/system/x")));
        AssertProblem("it subscribes to", Refuse(Cabinet, "/system/distributedPubSubMediator", 9, "B", Delta("10.0.0.2", $"{Own}/system/x", "anything.kokandori")));
        AssertProblem("it speaks for 10.0.0.1", Refuse(Cabinet, "/system/distributedPubSubMediator", 9, "B", Delta("10.0.0.1", $"{Own}/system/x")));
        AssertProblem("which is of no site of its", Refuse(Cabinet, "/system/distributedPubSubMediator", 9, "B", Delta("10.0.0.2", $"{Own}/system/x", "journeys.other")));
        AssertProblem("a subscription for", Refuse(Cabinet, "/system/distributedPubSubMediator", 9, "B", Delta("10.0.0.2", $"{Others}/system/x")));
    }

    [Fact]
    public void It_reports_of_itself_only()
    {
        static Proto.NodeReport Report(string node, string role, string site, string camera) =>
            new() { Node = node, Roles = { role }, Sites = { site }, Cameras = { new Proto.CameraReport { Status = new Proto.CameraStatus { Site = site, Camera = camera } } } };

        const string Board = "/user/health-board/health-board";
        AssertProblem(null, Refuse(Cabinet, Board, 7321, "node-report-v1", Report(Own, "roadside", "kokandori", "cam1")));
        AssertProblem("a report of", Refuse(Cabinet, Board, 7321, "node-report-v1", Report(Others, "roadside", "kokandori", "cam1")));
        AssertProblem("does not let it be server", Refuse(Cabinet, Board, 7321, "node-report-v1", Report(Own, "server", "kokandori", "cam1")));
        AssertProblem("not for site other", Refuse(Cabinet, Board, 7321, "node-report-v1", Report(Own, "roadside", "other", "cam1")));
        var protection = Report(Own, "roadside", "kokandori", "cam1");
        protection.Protection.Add(new Proto.ProtectionReport { Site = "other", IsMet = true });
        AssertProblem("not for site other", Refuse(Cabinet, Board, 7321, "node-report-v1", protection));
        var link = Report(Own, "roadside", "kokandori", "cam1");
        link.Protection.Add(new Proto.ProtectionReport { Site = "kokandori", Kind = (int)ProtectionKind.Disk, Target = "/data", IsMet = true });
        link.Protection.Add(new Proto.ProtectionReport { Site = "kokandori", Kind = (int)ProtectionKind.Link, Target = "cam1", IsMet = true });
        AssertProblem(null, Refuse(Cabinet, Board, 7321, "node-report-v1", link));
        link.Protection[1].Target = "cam9";
        AssertProblem("not for camera cam9", Refuse(Cabinet, Board, 7321, "node-report-v1", link));
        var due = Report(Own, "roadside", "kokandori", "cam1");
        due.Due.AddRange(Enumerable.Repeat(new Proto.DueReport { Id = "x" }, 33));
        AssertProblem("a report without end", Refuse(Cabinet, Board, 7321, "node-report-v1", due));
        AssertProblem("not for camera cam9", Refuse(Cabinet, Board, 7321, "node-report-v1", Report(Own, "roadside", "kokandori", "cam9")));
    }

    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(1, 2, null)] // it leaves itself
    [InlineData(1, 4, null)] // and says that it is down
    [InlineData(4, 1, "gossip that 10.0.0.1:4053 is what no server has told of")]
    [InlineData(2, 1, "gossip that 10.0.0.1:4053 is what no server has told of")]
    [InlineData(0, 1, "gossip that 10.0.0.1:4053 is what no server has told of")]
    [InlineData(1, 3, "gossip that 10.0.0.2:4053 is what no server has told of")]
    [InlineData(1, 5, "gossip of nobody")]
    [InlineData(1, 7, "gossip of nobody")]
    [InlineData(9, 1, "gossip of nobody")]
    public void Its_gossip_ends_nobody_but_itself(int serverStatus, int ownStatus, string? problem) =>
        AssertProblem(problem, RefuseGossip(Gossip((Unique("10.0.0.1", 1), serverStatus, "server"), (Unique("10.0.0.2", 2), ownStatus, "roadside"))));

    [Fact]
    public void Its_gossip_brings_nobody_in_leaves_nobody_out_and_changes_no_role()
    {
        AssertProblem("that no server has told of", RefuseGossip(Gossip((Unique("10.0.0.1", 1), 1, "server"), (Unique("10.0.0.2", 2), 1, "roadside"), (Unique("10.0.0.2", 3), 1, "server"))));
        AssertProblem("gossip without 10.0.0.1:4053", RefuseGossip(Gossip((Unique("10.0.0.2", 2), 1, "roadside"))));
        AssertProblem("gossip of other roles", RefuseGossip(Gossip((Unique("10.0.0.1", 1), 1, "roadside"), (Unique("10.0.0.2", 2), 1, "roadside"))));
        AssertProblem("gossip of other roles", RefuseGossip(Gossip((Unique("10.0.0.1", 1), 1, "server"), (Unique("10.0.0.2", 2), 1, "server"))));
    }

    [Fact]
    public void Whom_it_does_not_reach_is_remembered_as_its_own_word_and_the_word_of_others_is_not_taken_from_it()
    {
        var gossip = Gossip((Unique("10.0.0.1", 1), 1, "server"), (Unique("10.0.0.2", 2), 1, "roadside"));
        gossip.Overview = new Remoting.GossipOverview { Observations = { new Remoting.Observations { Address = 1, Subjects = { new Remoting.Observation { Address = 0, Status = 1 } } } } };
        var observers = new GossipObservers();

        Assert.Null(RefuseGossip(gossip, observers));
        Assert.Equal([At("10.0.0.2", 2)], observers.Of(At("10.0.0.1", 1)));

        static Akka.Cluster.UniqueAddress At(string host, int uid) => new(new Akka.Actor.Address("akka.tcp", "trafficflow", host, 4053), uid);

        gossip.Overview.Observations[0].Address = 0;
        AssertProblem("does not reach 10.0.0.1:4053", RefuseGossip(gossip, observers));
    }

    [Theory]
    [InlineData("delivery-batch-v1", Region)]
    [InlineData("node-report-v1", "/user/health-board/health-board")]
    public void Bytes_that_are_no_message_are_refused(string manifest, string to) =>
        AssertProblem("bytes that are no such message", PeerFilter.Refuse(Peer(Cabinet, null), new RemoteMessage(At(to), null, 7321, manifest, ByteString.CopyFrom(0x0a, 0xff, 0x01))));

    private static Objection? RefuseGossip(Remoting.Gossip gossip, GossipObservers? observers = null) =>
        PeerFilter.Refuse(Peer(Cabinet, observers), new RemoteMessage(At(Core), null, 5, $"{Cluster}GossipEnvelope, Akka.Cluster",
            new Remoting.GossipEnvelope { From = Unique("10.0.0.2", 2), To = Unique("10.0.0.1", 1), Gossip = gossip.ToByteString() }.ToByteString()));

    private static Objection? Refuse(PeerIdentity identity, string to, int serializer, string manifest, IMessage message, string? sender = null) =>
        PeerFilter.Refuse(Peer(identity, null), new RemoteMessage(At(to), sender is null ? null : At("/user/x", sender), serializer, manifest, message.ToByteString()));

    private static Peer Peer(PeerIdentity identity, GossipObservers? observers) => new(
        new PeerLink(identity, identity.Role == PeerRole.Server ? new PeerOrigin("trafficflow", "10.0.0.9", 4053, 9) : new PeerOrigin("trafficflow", "10.0.0.2", 4053, 2), Here),
        () => [ServerUp, CabinetUp],
        observers);

    private static ActorAt At(string path, string host = "10.0.0.1") => new("trafficflow", host, 4053, path);

    private static Remoting.Gossip Gossip(params (Remoting.UniqueAddress Address, int Status, string Role)[] members)
    {
        var gossip = new Remoting.Gossip { Overview = new Remoting.GossipOverview(), Version = new Remoting.VectorClock() };
        foreach (var (address, status, role) in members)
        {
            gossip.Members.Add(new Remoting.Member { Address = gossip.Addresses.Count, UpNumber = gossip.Addresses.Count + 1, Status = status, Roles = { gossip.Roles.Count } });
            gossip.Addresses.Add(address);
            gossip.Roles.Add(role);
        }

        return gossip;
    }

    private static Remoting.UniqueAddress Unique(string host, uint uid) => new() { Address = Address(host), Uid = uid };

    private static Remoting.Address Address(string host) => new() { System = "trafficflow", Host = host, Port = 4053, Protocol = "akka.tcp" };

    private static void AssertProblem(string? expected, Objection? objection)
    {
        if (expected is null) Assert.Null(objection);
        else Assert.Contains(expected, objection?.Text);
    }
}
