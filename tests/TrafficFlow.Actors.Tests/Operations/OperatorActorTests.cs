using Akka.Actor;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Operations;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Actors.Tests.Operations;

/// <summary>A node with one camera, which has counted a file to its end, and its operator actor.</summary>
public sealed class OperatorActorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // A node of its own starts, while other tests of this process keep its threads busy.
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("cam1", "test.mp4"));
    private static readonly Site Harbour = TestSites.Junction with { Id = new SiteId("harbour") };
    private readonly TempFolder _folder = new();
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        var readers = new TestReaders();
        readers.File().Frames(TestSites.Morning, 300).End();
        readers.File().Frames(TestSites.Morning, 300).End();
        _node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(_folder.File("journal.db")))
            .WithApproachAggregators(new SiteRegistry(Site, Harbour))
            .WithCameras(new CamerasSetup(() => [Site], readers, new CarEachThreeSeconds()) { Policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero } })
            .WithOperations(system => new CameraOperations(system), system => new ClusterOperations(system, () => [Site]), system => new QuarantineOperations(system, () => [Site, Harbour]),
                system => new RepairOperations(system, () => [Site])));
        var cameras = _node.Registry.Get<CamerasActor>();
        try
        {
            await cameras.Ask<DeliveryReport>(AwaitDelivery.Instance, StartPatience);
        }
        catch (AskTimeoutException)
        {
            var report = await cameras.Ask<DeliveryReport>(GetDelivery.Instance, Patience);
            var states = new List<string>();
            foreach (var actor in new[] { "/user/cameras/cam1", "/user/cameras/cam1/tracker", "/user/cameras/cam1/outbox", "/user/cameras/cam1/reader", "/system/akka.persistence.journal.sql" }) states.Add($"{actor}: {await StateAsync(actor)}");
            Assert.Fail($"nothing was delivered within {StartPatience.TotalSeconds} s: {report}; {string.Join("; ", report.Cameras)}; {string.Join("; ", states)}");
        }
    }

    [Fact]
    public async Task The_hierarchy_is_the_tree_of_living_actors()
    {
        var table = await TableAsync(new ShowHierarchy(false));

        Assert.Equal("actors of trafficflow", table.Name);
        Assert.Equal(["actor", "class", "children", "waiting_messages"], table.Columns.Select(c => c.Key));
        Assert.Equal("/user", table.Rows[0][0]);
        Assert.Equal(
            ["/user/cameras", "/user/cameras/cam1", "/user/cameras/cam1/detector", "/user/cameras/cam1/outbox", "/user/cameras/cam1/reader", "/user/cameras/cam1/tracker"],
            table.Rows.Select(r => (string)r[0]!).Where(p => p.StartsWith("/user/cameras", StringComparison.Ordinal)));
        Assert.Equal(["CameraActor", 4L], Row(table, "/user/cameras/cam1").Skip(1).Take(2));
        Assert.DoesNotContain(table.Rows, r => ((string)r[0]!).StartsWith("/system", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_whole_hierarchy_has_the_aggregators_too_and_is_bounded()
    {
        for (var i = 0; i < 1_100; i++) _node.System.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props, $"many-{i}");

        var table = await TableAsync(new ShowHierarchy(true));

        Assert.Equal(1_000, table.Rows.Length);
        Assert.Contains("more are not shown", Assert.Single(table.Notes));
        var shards = await TableAsync(new ShowChildren("/system/sharding/approaches"));
        Assert.NotEmpty(shards.Rows);
    }

    [Theory]
    [InlineData("/user/cameras")]
    [InlineData("user/cameras/")]
    [InlineData("akka://trafficflow/user/cameras")]
    public async Task Children_are_found_by_path(string path)
    {
        var table = await TableAsync(new ShowChildren(path));

        Assert.Equal("/user/cameras/cam1", Assert.Single(table.Rows)[0]);
    }

    [Theory]
    [InlineData("/user/camera", "trafficflow has no actor /user/camera: /user has ")]
    [InlineData("/users", "the root has system, user")]
    [InlineData("/user/cameras/cam1/outbox/x", "/user/cameras/cam1/outbox has no children")]
    [InlineData("akka://roadside/user/cameras", "another system")]
    public async Task A_path_without_an_actor_is_answered_with_what_is_there(string path, string told)
    {
        Assert.Contains(told, (await FailureAsync(new ShowChildren(path))).Reason);
    }

    [Fact]
    public async Task The_cluster_of_one_has_this_node_as_its_leader()
    {
        var table = await TableAsync(ShowCluster.Instance);

        Assert.Equal(["address", "roles", "status", "reachable", "leader", "self", "version"], table.Columns.Select(c => c.Key));
        var member = Assert.Single(table.Rows);
        Assert.Equal<object?>(["roadside server", "up", true, true, true], member.Skip(1).Take(5));
        Assert.Empty(table.Notes);
    }

    [Fact]
    public async Task Nobody_else_and_not_the_node_itself_can_be_downed_by_mistake()
    {
        var self = (string)(await TableAsync(ShowCluster.Instance)).Rows[0][0]!;

        Assert.Equal(($"server:1 is no member of the cluster", $"write one of {self}"), Told(await FailureAsync(new DownMember("server:1"))));
        Assert.Contains("is this node itself", (await FailureAsync(new DownMember(self))).Reason);
        Assert.Contains("is no member", (await FailureAsync(new LeaveCluster("server:1"))).Reason);
    }

    [Fact]
    public async Task What_a_wrong_clock_stamped_is_shown_and_counted_at_its_time_by_command()
    {
        const string North = "kokandori/north";
        var (ahead, now) = (TimeSpan.FromHours(2), TimeProvider.System.GetUtcNow());
        var regions = _node.Registry.Get<ApproachRegion>();
        var before = await TotalAsync();
        var car = (VehicleEntry)Counts.Car(1, 0);
        Assert.IsType<Accepted>(await regions.Ask<object>(new DeliveryBatch(
            TestSites.Kokandori, Counts.Cam1, TestSites.North, 7, 1, TestSites.Motion,
            [car with { Vehicle = car.Vehicle with { Camera = Counts.Cam1, Time = now + ahead } }], null, new ClockReading(now + ahead, TimeSpan.Zero)), Patience));

        var row = Assert.Single((await TableAsync(new ShowQuarantine(North))).Rows);
        Assert.Equal<object?>([$"{North}/cam1/7", 1L, 1L, now + ahead, now + ahead], row.Take(5));
        Assert.StartsWith("-01:59:5", (string)row[5]!, StringComparison.Ordinal);
        Assert.Equal(before, await TotalAsync());

        Assert.Contains("does not say what", (await FailureAsync(Decide("seven", QuarantineDecision.Redate, null))).Reason, StringComparison.Ordinal);
        Assert.Contains("still ahead", (await FailureAsync(Decide("7", QuarantineDecision.Release, null))).Reason, StringComparison.Ordinal);
        Assert.Contains("no time to move by", (await FailureAsync(Decide("7", QuarantineDecision.Redate, "two hours"))).Reason, StringComparison.Ordinal);
        Assert.Contains("epoch 8", (await FailureAsync(Decide("8", QuarantineDecision.Redate, null))).Reason, StringComparison.Ordinal);
        Assert.Contains("no approach", (await FailureAsync(new ShowQuarantine("kokandori/up"))).Reason, StringComparison.Ordinal);
        Assert.StartsWith("counted, moved by -01:59:5", (string)Assert.Single((await TableAsync(Decide("7", QuarantineDecision.Redate, null))).Rows)[2]!, StringComparison.Ordinal);

        Assert.Equal(before + 1, await TotalAsync());
        Assert.Empty((await TableAsync(new ShowQuarantine(null))).Rows);

        static DecideQuarantine Decide(string epoch, QuarantineDecision decision, string? shift) => new($"{North}/cam1/{epoch}", decision, shift);

        async Task<long> TotalAsync() =>
            (await regions.Ask<ApproachStatus>(new GetApproachStatus(TestSites.Kokandori, TestSites.North), Patience)).Total(Movement.Entering);
    }

    [Fact]
    public async Task A_camera_its_outbox_and_its_approach_agree()
    {
        var cameras = await TableAsync(ListCameras.Instance);
        Assert.Equal<object?>(["cam1", "finished", 0.0, 300L, 0L], Assert.Single(cameras.Rows).Take(5));

        var shown = Assert.IsType<InspectionTables>(await AskAsync(new ShowCamera(new CameraId("cam1")))).Tables;
        Assert.Equal<object?>(["processed", 300L, "frames"], Row(shown[0], "processed"));
        var outbox = await TableAsync(new ShowOutboxes(null));
        Assert.Equal(Structure.Text(outbox.Rows), Structure.Text(shown[1].Rows));
        Assert.Equal<object?>([0L, 0L], outbox.Rows[0].Skip(2).Take(2));
        var north = outbox.Rows.Single(r => (string?)r[4] == "north");

        var approaches = Assert.IsType<InspectionTables>(await AskAsync(new ShowApproaches("kokandori/north"))).Tables;
        Assert.Equal<object?>(["cam1", north[5]], Assert.Single(approaches[0].Rows).Take(2));
        Assert.Contains(approaches[1].Rows, r => r.SequenceEqual(["entering", "passenger-car", (object)10L]));
        var all = await TableAsync(new ShowApproaches(null));
        Assert.Equal(10L, Row(all, "kokandori/north")[4]);
    }

    [Fact]
    public async Task What_was_taken_is_shown_and_a_mark_that_somebody_set_ahead_is_set_back()
    {
        const string North = "kokandori/north";
        var region = _node.Registry.Get<ApproachRegion>();
        var forged = DateTimeOffset.UtcNow.AddDays(20).ToUnixTimeSeconds();
        await region.Ask<Accepted>(Counts.Batch(Counts.Cam1, forged, Counts.Car(1, 1)), Patience);

        var shown = await TableAsync(new RepairApproach($"{North}/cam1", null));
        Assert.Equal<object?>(["cam1", 1L], shown.Rows[0].Take(2));
        Assert.Equal<object?>(["cam1", forged, DateTimeOffset.FromUnixTimeSeconds(forged), 1L, 0L, 1L, 1L], shown.Rows[1].Take(7));
        Assert.Contains($"{North}/cam1 plausible sets it to {forged}/1", string.Join('\n', shown.Notes), StringComparison.Ordinal);

        var place = $"1/{shown.Rows[0][3]}";
        var repaired = Assert.IsType<InspectionTables>(await AskAsync(new RepairApproach($"{North}/cam1", place))).Tables;
        Assert.Equal<object?>([$"{North}/cam1", place], Assert.Single(repaired[1].Rows));
        Assert.Single((await TableAsync(new RepairApproach(North, null))).Rows);

        Assert.Contains("does not say what", (await FailureAsync(new RepairApproach(North, "1/1"))).Reason, StringComparison.Ordinal);
        Assert.Contains("no place", (await FailureAsync(new RepairApproach($"{North}/cam1", "-1/1"))).Reason, StringComparison.Ordinal);
        Assert.Contains("no approach", (await FailureAsync(new RepairApproach("kokandori/up", null))).Reason, StringComparison.Ordinal);
        Assert.Contains("feeds nothing here", (await FailureAsync(new RepairApproach($"{North}/cam9", "1/1"))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restarted_camera_reads_its_file_again_and_counts_nothing_twice()
    {
        Assert.Equal("cam1", Assert.Single((await TableAsync(new RestartOneCamera(new CameraId("cam1")))).Rows)[0]);

        var cameras = _node.Registry.Get<CamerasActor>();
        await _node.Until(async () => (await cameras.Ask<CameraStatus>(new GetCameraStatus(new CameraId("cam1")), Patience)).State == CameraState.Finished, Patience);
        var status = await _node.Registry.Get<ApproachRegion>().Ask<ApproachStatus>(new GetApproachStatus(Site.Id, TestSites.North), Patience);
        Assert.Equal(10, status.Total(Movement.Entering));
    }

    [Fact]
    public async Task What_is_not_there_is_answered_with_what_is()
    {
        Assert.Equal(("there is no camera cam9", "this node has cam1"), Told(await FailureAsync(new ShowCamera(new CameraId("cam9")))));
        Assert.Equal(("there is no camera cam9", "this node has cam1"), Told(await FailureAsync(new RestartOneCamera(new CameraId("cam9")))));
        Assert.Equal(("there is no camera cam9", "this node has cam1"), Told(await FailureAsync(new ShowOutboxes(new CameraId("cam9")))));
        Assert.Contains("kokandori/north", (await FailureAsync(new ShowApproaches("kokandori/west"))).Remedy);
        Assert.Contains("not supported by this node", (await FailureAsync(ReloadSites.Instance)).Reason);
    }

    private static (string Reason, string Remedy) Told(CommandFailed failed) => (failed.Reason, failed.Remedy);

    private static IReadOnlyList<object?> Row(InspectionTable table, string first) => table.Rows.Single(r => (string?)r[0] == first);

    [Fact]
    public async Task All_that_waits_of_a_site_is_counted_by_one_command_and_discarded_by_none()
    {
        var now = TimeProvider.System.GetUtcNow();
        var car = (VehicleEntry)Counts.Car(1, 0);
        foreach (var epoch in new[] { 7, 8 })
        {
            await _node.Registry.Get<ApproachRegion>().Ask<Accepted>(
                new DeliveryBatch(
                    TestSites.Kokandori, Counts.Cam1, TestSites.North, epoch, 1, TestSites.Motion,
                    [car with { Vehicle = car.Vehicle with { Camera = Counts.Cam1, Time = now.AddHours(2) } }], null, new ClockReading(now.AddHours(2), TimeSpan.Zero)),
                Patience);
        }

        Assert.Contains("may be much", (await FailureAsync(new DecideQuarantine("kokandori", QuarantineDecision.Discard, null))).Reason, StringComparison.Ordinal);
        Assert.Contains("several clocks", (await FailureAsync(new DecideQuarantine("kokandori/north", QuarantineDecision.Redate, "-2h"))).Reason, StringComparison.Ordinal);
        Assert.Contains("no approach", (await FailureAsync(new DecideQuarantine("elsewhere", QuarantineDecision.Redate, null))).Reason, StringComparison.Ordinal);
        Assert.Contains("nothing of", (await FailureAsync(new DecideQuarantine("kokandori/north/cam2", QuarantineDecision.Redate, null))).Reason, StringComparison.Ordinal);
        Assert.Contains("still ahead", (await FailureAsync(new DecideQuarantine("kokandori", QuarantineDecision.Release, null))).Reason, StringComparison.Ordinal);

        var done = (await TableAsync(new DecideQuarantine("kokandori", QuarantineDecision.Redate, null))).Rows;
        Assert.Equal(["kokandori/north/cam1/7", "kokandori/north/cam1/8"], done.Select(r => (string)r[0]!));
        Assert.All(done, r => Assert.StartsWith("counted, moved by -0", (string)r[2]!, StringComparison.Ordinal));
        Assert.Empty((await TableAsync(new ShowQuarantine(null))).Rows);
    }

    [Fact]
    public async Task Journeys_of_a_wrong_clock_are_shown_and_decided_on_as_counts_are()
    {
        var seen = DateTimeOffset.UtcNow.AddHours(2);
        var journey = new Journey(1, TestSites.North, null, seen, null, VehicleClass.Bus, 0.9) { FirstSeenAt = seen, LastSeenAt = seen };
        await _node.Registry.Get<ApproachRegion>().Ask<Accepted>(
            new DeliveryBatch(
                Harbour.Id, Harbour.Junction!.Id, ApproachId.Journeys, 7, 1, TestSites.Motion, [new JourneyEntry(1, Harbour.Junction.Id, journey)], null,
                new ClockReading(seen, TimeSpan.Zero)),
            Patience);

        var row = Assert.Single((await TableAsync(new ShowQuarantine("harbour/_journeys"))).Rows);
        Assert.Equal("harbour/_journeys/junction-harbour/7", row[0]);
        Assert.StartsWith("-02:00:0", $"{row[5]}".Replace("-01:59:59", "-02:00:00", StringComparison.Ordinal), StringComparison.Ordinal);

        var done = Assert.Single((await TableAsync(new DecideQuarantine((string)row[0]!, QuarantineDecision.Redate, null))).Rows);
        Assert.StartsWith("counted, moved by -0", (string)done[2]!, StringComparison.Ordinal);
        Assert.Empty((await TableAsync(new ShowQuarantine(null))).Rows);
    }

    private async Task<InspectionTable> TableAsync(OperatorCommand command) =>
        Assert.Single(Assert.IsType<InspectionTables>(await AskAsync(command)).Tables);

    /// <summary>What an actor says of itself, for whoever must find out why nothing comes of it.</summary>
    private async Task<string> StateAsync(string path) => await AskAsync(new ShowActor(path)) switch
    {
        InspectionTables tables => string.Join(", ", tables.Tables.SelectMany(t => t.Rows).Select(r => string.Join('=', r))),
        var other => $"{other}",
    };

    private async Task<CommandFailed> FailureAsync(OperatorCommand command) => Assert.IsType<CommandFailed>(await AskAsync(command));

    private Task<OperatorReply> AskAsync(OperatorCommand command) =>
        _node.Registry.Get<OperatorActor>().Ask<OperatorReply>(command, Patience);

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }
}
