using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Hosting;
using Google.Protobuf;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;
using Proto = TrafficFlow.Wire.Proto;

namespace TrafficFlow.Actors.Tests.Access;

/// <summary>
/// A server, and one who has opened a cabinet: with the certificate of each role, over TLS, every kind of message to many an actor. What
/// reaches an actor is what Akka says that it has received.
/// </summary>
public sealed partial class AttackTests : IAsyncDisposable
{
    private const string Region = "/system/sharding/approaches";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Recipients =
    [
        "/user/victim", "/user/flow-tables", "/user/health-board", "/user/health-board/health-board", "/user/membership", "/user", "/system", "/", "/remote",
        "/system/cluster/core/daemon", Region, "/system/sharding/approachesCoordinator/singleton/coordinator", "/system/distributedPubSubMediator", "/system/remote-watcher",
        "/system/../user/victim", "/user/health-board/../victim",
    ];

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private readonly ConcurrentQueue<string> _received = new();

    [Theory]
    [InlineData("roadside", "kokandori")]
    [InlineData("subscriber", null)]
    [InlineData("server", null)]
    public async Task Nothing_reaches_an_actor_but_what_the_role_may_send(string role, string? site)
    {
        await using var server = await StartAsync();
        var victim = server.System.ActorOf(Props.Create(() => new Victim()), "victim");
        var (host, port) = AddressOf(server);
        var file = _folder.File("precious");
        await File.WriteAllTextAsync(file, "precious", TestContext.Current.CancellationToken);
        using var attacker = await DialAsync(role, site, host, port);

        var number = 0;
        var sent = new Dictionary<int, string>();
        foreach (var (serializer, manifest) in MessageKinds.All)
        {
            foreach (var recipient in Recipients)
            {
                sent.Add(++number, $"{serializer} {manifest} > {recipient}");
                await attacker.SendAsync($"akka.tcp://trafficflow@{host}:{port}{recipient}", serializer, manifest, Payload(serializer, file), Sender(number));
            }

            sent.Add(++number, $"{serializer} {manifest} > selection");
            await attacker.SelectAsync($"akka.tcp://trafficflow@{host}:{port}/", ["user", "victim"], serializer, manifest, Payload(serializer, file));
            await attacker.SelectAsync($"akka.tcp://trafficflow@{host}:{port}/", ["user", "*"], serializer, manifest, Payload(serializer, file), type: 3);
        }

        // What ends a node although its kind is harmless: numbers far ahead, answers to questions of nobody, answers to its own actors.
        await attacker.SendAsync($"akka.tcp://trafficflow@{host}:{port}/system/remote-watcher", 16, "RWHB", [], sequence: 1UL << 40);
        for (var i = 0; i < 3 && role != "server"; i++)
        {
            await attacker.SendAsync($"akka.tcp://trafficflow@{host}:{port}/user/membership", 7321, "member-known-v1", []);
            await attacker.SendAsync($"akka.tcp://trafficflow@{host}:{port}/user/membership", 7321, "is-member-v1", new Proto.IsMember { Node = "x" }.ToByteArray(), "akka://trafficflow/user/membership");
        }

        // Behind all that, in the order of the link, something that is admitted and seen to arrive.
        await attacker.SendAsync($"akka.tcp://trafficflow@{host}:{port}/system/remote-watcher", 16, "RWHB", [], Sender(++number));
        await server.Until(() => Task.FromResult(Reached().Contains(number)), Patience);

        // Its own word about itself is none here, where all payloads are the same: only what needs no more than its kind passes.
        string[] admitted = [.. Reached().Where(sent.ContainsKey).Select(n => sent[n]).Where(s => role != "server").Distinct()];
        Assert.Subset(Unconditional(role), admitted.ToHashSet());
        Assert.DoesNotContain(Reached().Where(sent.ContainsKey).Select(n => sent[n]), s => s.EndsWith("> /user/victim", StringComparison.Ordinal) || s.EndsWith("> /user/flow-tables", StringComparison.Ordinal) || s.EndsWith("> selection", StringComparison.Ordinal) || s.Contains("..", StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{role}: {sent.Count} messages sent, {Reached().Count(sent.ContainsKey)} reached an actor: {string.Join("; ", Reached().Where(sent.ContainsKey).Select(n => sent[n]).Distinct())}");

        // Everybody lives, and nothing has changed.
        Assert.Equal("alive", await victim.Ask<string>("?", Patience));
        Assert.Equal("precious", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var member = Assert.Single(Cluster.Get(server.System).State.Members);
        Assert.Equal(MemberStatus.Up, member.Status);
        var status = await server.Registry.Get<ApproachRegion>().Ask<ApproachStatus>(new GetApproachStatus(TestSites.Kokandori, TestSites.North), Patience);
        Assert.Empty(status.Cameras);
    }

    [Fact]
    public async Task A_delivery_for_its_own_site_reaches_the_region_and_one_for_another_does_not()
    {
        await using var server = await StartAsync();
        var (host, port) = AddressOf(server);
        using var cabinet = await DialAsync("roadside", "kokandori", host, port);
        var region = $"akka.tcp://trafficflow@{host}:{port}{Region}";
        var question = new Proto.ApproachName { Site = "kokandori", Approach = "north" };

        await cabinet.SendAsync(region, 7321, "get-approach-status-v1", new Proto.ApproachName { Site = "other", Approach = "north" }.ToByteArray(), Sender(1));
        await cabinet.SendAsync(region, 7321, "get-approach-status-v1", question.ToByteArray(), "akka.tcp://trafficflow@10.9.9.9:4053/user/k2");
        await cabinet.SendAsync(region, 7321, "get-approach-status-v1", question.ToByteArray(), Sender(3));

        await server.Until(() => Task.FromResult(Reached().Contains(3)), Patience);
        Assert.Equal([3], Reached());
    }

    private async Task<TestNode> StartAsync()
    {
        var journal = new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 };
        var server = await TestNode.Start(builder => builder
            .AddHocon("akka { loglevel = DEBUG, remote.log-received-messages = on }", HoconAddMode.Prepend)
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Server], [], _certificates.Node("server")))
            .WithTrafficFlowJournal(journal)
            .WithFlowTables(journal)
            .WithApproachAggregators(TestSites.Site(TestSites.Camera("cam1")))
            .WithMembershipWatch(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Server], []))
            .WithHealthBoard(isServer: true));
        server.System.EventStream.Subscribe(server.System.ActorOf(Props.Create(() => new Ear(_received))), typeof(Debug));
        await server.Until(() => Task.FromResult(Cluster.Get(server.System).SelfMember.Status == MemberStatus.Up), Patience);
        await server.Registry.Get<ApproachRegion>().Ask<ApproachStatus>(new GetApproachStatus(TestSites.Kokandori, TestSites.North), Patience);
        _received.Clear();
        return server;
    }

    private async Task<AttackClient> DialAsync(string role, string? site, string host, int port)
    {
        var files = _certificates.Node("attacker", role, site, "127.0.0.1");
        return await AttackClient.DialAsync(host, port, files.Certificate, files.Key, "127.0.0.1");
    }

    private static (string Host, int Port) AddressOf(TestNode server) => (Cluster.Get(server.System).SelfAddress.Host!, Cluster.Get(server.System).SelfAddress.Port!.Value);

    private static string Sender(int number) => string.Create(CultureInfo.InvariantCulture, $"akka.tcp://trafficflow@127.0.0.1:4711/user/k{number}");

    /// <summary>The one of the reproduction for JSON; nothing for others, which is a whole message for PoisonPill, Kill and the like.</summary>
    private static byte[] Payload(int serializer, string file) => serializer is 1 or 7322
        ? Encoding.UTF8.GetBytes($$"""{"$type":"SkiaSharp.SKFileWStream, SkiaSharp","path":"{{file}}"}""")
        : [];

    /// <summary>What passes by its kind alone, or with an empty message.</summary>
    private static HashSet<string> Unconditional(string role) =>
    [
        "5 Akka.Cluster.InternalClusterAction+InitJoin, Akka.Cluster > /system/cluster/core/daemon",
        "9 A > /system/distributedPubSubMediator", "9 B > /system/distributedPubSubMediator",
        "16 ID > /user/health-board/health-board",
        "16 RWHB > /system/remote-watcher", "16 RWHR > /system/remote-watcher",
        "7321 is-member-v1 > /user/membership",
        .. role == "roadside"
            ? ["7321 node-report-v1 > /user/health-board/health-board"]
            : new[] { "get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1", "get-incidents-v1" }.Select(m => $"7321 {m} > {Region}"),
    ];

    private HashSet<int> Reached() =>
        [.. _received.Select(r => FromOf().Match(r)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"from \[?akka\.tcp://trafficflow@127\.0\.0\.1:4711/user/k(\d+)")]
    private static partial Regex FromOf();

    public ValueTask DisposeAsync()
    {
        _certificates.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Victim : ReceiveActor
    {
        public Victim() => Receive<string>(_ => Sender.Tell("alive"));
    }

    private sealed class Ear : ReceiveActor
    {
        public Ear(ConcurrentQueue<string> heard) => Receive<Debug>(d => d.Message?.ToString()?.Contains("RemoteMessage", StringComparison.Ordinal) == true, d => heard.Enqueue(d.Message!.ToString()!));
    }
}
