using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Server;
using TrafficFlow.Server.Commands;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Membership;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Actors.Tests.Commands;

/// <summary>A server, and a roadside process with its two actor systems: reports go up, commands come down, over a real socket with TLS.</summary>
public sealed class SiteCommandsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("cam1"));
    private static readonly HealthSettings Often = new() { ReportInterval = TimeSpan.FromMilliseconds(200), SilentAfter = TimeSpan.FromSeconds(2), SaveInterval = TimeSpan.FromMilliseconds(200) };
    private static readonly Principal Anna = new("anna", "unix:trafficflow");
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private int _servers;
    private TestNode _server = null!;
    private TestNode _cameras = null!;
    private TestNode _roadside = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await StartServer();
        var readers = new TestReaders();
        readers.Live().Frames(TestSites.Morning, 100);
        readers.Live().Frames(TestSites.Morning, 100);
        _cameras = await TestNode.Start(
            builder => builder
                .WithTrafficFlowJournal(new SqliteJournal(_folder.File("outbox.db")) { MinFreeBytes = 0 })
                .WithUplink()
                .WithCameras(new CamerasSetup(() => [Site], readers, new CarEachThreeSeconds()))
                .WithAudit("audit")
                .WithOperations(system => new CameraOperations(system), system => new AuditOperations(system)),
            "roadside");
        var gate = new CommandGate(
            AllowAllUntilThereAreAccounts.Instance, new AuditTrail(() => _cameras.Registry.Get<AuditActor>()), NullLogger<CommandGate>.Instance);
        _roadside = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside], [AddressOf(_server)], _certificates.Node("roadside", "roadside", Site.Id.Value)))
            .WithApproachProxy()
            .WithUplinkRelay(_cameras.Registry.Get<UplinkActor>())
            .WithNodeCommands(_cameras.Registry.Get<OperatorActor>(), gate)
            .WithHealthBoard(isServer: false, Often)
            .WithHealthReports(CollectAsync, Often));
    }

    [Fact]
    public async Task A_server_shows_lists_and_steers_the_cameras_of_another_node()
    {
        var camera = await UntilAsync(h => h.Nodes.SelectMany(n => n.Report.Cameras).FirstOrDefault(c => c.Outbox is not null && c.Status.State == CameraState.Streaming));
        Assert.Equal(("cam1", "motion", 0L), (camera.Status.Camera.Value, camera.Detector, camera.Outbox!.Value.Dropped));

        var list = Assert.Single(Tables(await RunAsync("camera", "list")));
        Assert.Equal<object?>([Name(_roadside), "cam1"], Assert.Single(list.Rows).Take(2));
        Assert.Equal(2, Tables(await RunAsync("camera", "show", "cam1")).Count);
        Assert.Equal<object?>([Name(_roadside), "cam1", "stopped and started again"], Assert.Single(Assert.Single(Tables(await RunAsync("camera", "restart", "cam1"))).Rows));

        // The node remembers who did it, and by way of whom.
        var audit = Assert.Single(Tables(await _cameras.Registry.Get<OperatorActor>().Ask<OperatorReply>(new ShowAudit(null), Patience)));
        Assert.Equal<object?>(["anna (unix:trafficflow@127.0.0.1)", "camera restart cam1", "site kokandori", "done"], Assert.Single(audit.Rows).Skip(1));
    }

    [Fact]
    public async Task What_no_node_has_is_answered_with_what_they_have()
    {
        await UntilAsync(h => h.Nodes.SelectMany(n => n.Report.Cameras).FirstOrDefault());

        Assert.Equal(("no node of site kokandori has a camera cam9", "they have cam1"), Told(await RunAsync("camera", "show", "cam9")));
        Assert.Contains("the nodes have kokandori", Told(await RunAsync(new SiteId("nowhere"), "camera", "list")).Remedy);
        Assert.Contains("concerns no camera", Told(await RunAsync("cluster", "show")).Reason);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named_with_when_it_was_heard_last()
    {
        await UntilAsync(h => h.Nodes.FirstOrDefault(n => n.Report.Cameras.Length > 0));
        await _roadside.Kill();

        var (reason, remedy) = Told(await RunAsync("camera", "restart", "cam1"));

        Assert.StartsWith($"node {Name(_roadside)} does not answer", reason);
        Assert.Contains("it last reported at", reason);
        Assert.Contains("health show", remedy);
    }

    [Fact]
    public async Task A_node_that_fell_silent_is_still_shown_as_silent_by_a_server_that_starts_anew()
    {
        await UntilAsync(h => h.Nodes.FirstOrDefault(n => n.Report.Cameras.Length > 0));
        await _roadside.Kill();
        var before = await UntilAsync(h => h.Nodes.FirstOrDefault(n => h.IsSilent(n)));
        // Twice as long as between two writes.
        await UntilAsync(h => h.Time - before.ReceivedAt > Often.SilentAfter + (2 * Often.SaveInterval) ? before : null);
        await _server.Kill();

        await using var next = await StartServer();
        var after = await UntilAsync(h => h.Nodes.FirstOrDefault(n => h.IsSilent(n)), next);

        Assert.Equal((before.Report.Node, before.ReceivedAt), (after.Report.Node, after.ReceivedAt));
        Assert.Equal("cam1", Assert.Single(after.Report.Cameras).Status.Camera.Value);
    }

    private Task<TestNode> StartServer()
    {
        var journal = new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 };
        return TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Server], [], _certificates.Node($"server-{++_servers}")))
            .WithTrafficFlowJournal(journal)
            .WithFlowTables(journal)
            .WithApproachAggregators(Site)
            .WithHealthBoard(isServer: true, Often)
            .WithSiteCommands(TimeSpan.FromSeconds(14)));
    }

    private async Task<NodeReport> CollectAsync(ActorSystem system)
    {
        var (cameras, problem) = await CameraReports.CollectAsync(_cameras.System, [Site]);
        return new NodeReport(Cluster.Get(system).SelfAddress.ToString(), ["roadside"], "1.0", TestSites.Morning, null, [], [Site.Id], cameras, problem);
    }

    private Task<OperatorReply> RunAsync(params string[] words) => RunAsync(Site.Id, words);

    private Task<OperatorReply> RunAsync(SiteId site, params string[] words) =>
        _server.Registry.Get<SiteCommandRouter>().Ask<OperatorReply>(new RunOnSite(new SiteCommand(site, words, Anna)), Patience);

    private async Task<T> UntilAsync<T>(Func<HealthOverview, T?> found, TestNode? server = null)
        where T : class
    {
        var query = new HealthQuery((server ?? _server).Registry.Get<HealthBoardProxy>(), TimeSpan.FromMilliseconds(500));
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            await pace.WaitForNextTickAsync(patience.Token);
            if (await query.ReadAsync(null, patience.Token) is { } health && found(health) is { } value) return value;
        }
    }

    private static string AddressOf(TestNode node) => Cluster.Get(node.System).SelfAddress.ToString();

    private static string Name(TestNode node) => AddressOf(node).Split('@')[1];

    private static IReadOnlyList<InspectionTable> Tables(OperatorReply reply) => Assert.IsType<InspectionTables>(reply).Tables;

    private static (string Reason, string Remedy) Told(OperatorReply reply) => reply is CommandFailed failed ? (failed.Reason, failed.Remedy) : throw new Xunit.Sdk.XunitException($"no failure: {reply}");

    public async ValueTask DisposeAsync()
    {
        await _roadside.DisposeAsync();
        await _cameras.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
        _certificates.Dispose();
    }
}
