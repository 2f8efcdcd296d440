using Akka.Actor;
using TrafficFlow.Actors.Tests.Support;
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
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Actors.Tests.Operations;

/// <summary>A node whose camera has a password in its address, looked into: actors, mailboxes, dispatchers, shards.</summary>
public sealed class InspectionTests : IAsyncLifetime
{
    private const string Password = "s3cret#Kokan?dori";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("cam1", $"rtsp://viewer:{Password}@10.0.0.9/axis-media/media.amp?token={Password}"));
    private readonly TempFolder _folder = new();
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        var readers = new TestReaders();
        readers.File().Frames(TestSites.Morning, 300).End();
        _node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(_folder.File("journal.db")))
            .WithHealthBoard(isServer: true)
            .WithApproachAggregators(new SiteRegistry(Site))
            .WithCameras(new CamerasSetup(() => [Site], readers, new CarEachThreeSeconds()) { Policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero } })
            .WithOperations(system => new CameraOperations(system), system => new ClusterOperations(system, () => [Site])));
        await _node.Registry.Get<CamerasActor>().Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
    }

    [Fact]
    public async Task Every_actor_of_ours_tells_what_it_is_and_nobody_tells_a_password()
    {
        foreach (var (path, state, told) in new (string Path, string State, string Told)[]
        {
            ("/user/cameras", "all is delivered", "running"),
            ("/user/cameras/cam1", "ended", "source"),
            ("/user/cameras/cam1/reader", "closed state", "a read is under way"),
            ("/user/cameras/cam1/detector", "between runs", "holds a frame"),
            ("/user/cameras/cam1/tracker", "between runs", "not yet stored"),
            ("/user/cameras/cam1/outbox", "all is delivered", "north: accepted up to"),
            ("/user/flow-tables", "idle", "rows that wait"),
            ("/user/health-board/health-board", "keeping reports", "nodes"),
        })
        {
            var tables = await TablesAsync(new ShowActor(path));
            // The last rows may still be on their way to the tables.
            using var patience = new CancellationTokenSource(Patience);
            while (path == "/user/flow-tables" && !Equals(state, Value(tables[0], "state")) && !patience.IsCancellationRequested) tables = await TablesAsync(new ShowActor(path));
            Assert.Equal(2, tables.Count);
            Assert.Equal(path, Value(tables[0], "path"));
            Assert.Equal(state, Value(tables[0], "state"));
            Assert.Equal(0L, Value(tables[0], "restarts"));
            Assert.True((long)Value(tables[0], "handled")! > 0 || path.EndsWith("health-board", StringComparison.Ordinal), path);
            Assert.Contains(tables[1].Rows, r => (string?)r[0] == told);
            Assert.DoesNotContain("s3cret", Structure.Text(tables), StringComparison.Ordinal);
        }

        var camera = await TablesAsync(new ShowActor("/user/cameras/cam1"));
        Assert.Equal("rtsp://***@10.0.0.9/axis-media/media.amp?***", Value(camera[1], "source"));
        Assert.Equal(300L, Value(camera[1], "processed"));
        Assert.Equal("trafficflow.vision-dispatcher", Value((await TablesAsync(new ShowActor("/user/cameras/cam1/detector")))[0], "dispatcher"));
    }

    [Fact]
    public async Task The_aggregator_in_its_shard_tells_what_it_has_counted()
    {
        var shard = (await TablesAsync(ShowShards.Instance))[1].Rows.Single(r => ((string?)r[3])?.Contains("kokandori/north", StringComparison.Ordinal) == true)[0];

        var tables = await TablesAsync(new ShowActor($"/system/sharding/approaches/{shard}/kokandori%2Fnorth"));

        Assert.Equal("ApproachAggregator", Value(tables[0], "class"));
        Assert.Equal(10L, Value(tables[1], "counted"));
        Assert.NotNull(Value(tables[1], "cam1: counted up to"));
        Assert.True((long)Value(tables[1], "rows in its journal up to")! > 0);
    }

    [Fact]
    public async Task Actors_of_libraries_are_shown_without_a_state()
    {
        var table = Assert.Single(await TablesAsync(new ShowActor("/system/sharding")));

        Assert.Null(Value(table, "state"));
        Assert.NotNull(Value(table, "mailbox"));
        Assert.Contains("an actor of a library", Assert.Single(table.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/user/camera", "trafficflow has no actor /user/camera: /user has ")]
    [InlineData("akka://roadside/user/cameras", "another system")]
    public async Task An_actor_that_is_not_here_may_be_elsewhere(string path, string told)
    {
        var failed = Assert.IsType<CommandFailed>(await AskAsync(new ShowActor(path)));

        Assert.Contains(told, failed.Reason, StringComparison.Ordinal);
        Assert.True(failed.IsElsewhere);
    }

    [Fact]
    public async Task Mailboxes_come_with_the_fullest_first_and_as_many_as_are_asked_for()
    {
        var held = _node.System.ActorOf(Akka.Actor.Props.Create(() => new HeldActor()), "held");
        var release = new TaskCompletionSource();
        for (var i = 0; i < 8; i++) held.Tell(release.Task);
        await _node.Until(() => Task.FromResult(((ActorRefWithCell)held).Underlying.NumberOfMessages == 7), Patience);

        var table = Assert.Single(await TablesAsync(new ShowMailboxes(3)));

        Assert.Equal(3, table.Rows.Length);
        Assert.Equal<object?>(["/user/held", 7L, 0L], table.Rows[0].Take(3));
        Assert.Contains("Akka.NET counts no messages", table.Notes[^1], StringComparison.Ordinal);
        release.SetResult();
    }

    [Fact]
    public async Task Dispatchers_say_how_long_work_waits_for_a_thread()
    {
        var tables = await TablesAsync(ShowDispatchers.Instance);

        var rows = tables[0].Rows.ToDictionary(r => (string)r[0]!);
        Assert.Contains("akka.actor.default-dispatcher", rows.Keys);
        // Reader and detector have a thread each.
        Assert.Equal<object?>(["a thread for each actor", 2L], rows["trafficflow.vision-dispatcher"].Skip(1).Take(2));
        Assert.All(rows.Values, r => Assert.True((double)r[7]! >= 0));
        Assert.True((long)Assert.Single(tables[1].Rows)[0]! > 0);
    }

    [Fact]
    public async Task Shards_are_shown_with_their_node_and_the_coordinator()
    {
        var tables = await TablesAsync(ShowShards.Instance);

        var region = Assert.Single(tables[0].Rows);
        Assert.Equal<object?>([true, true], region.Skip(3));
        Assert.Contains("0 shards are handed over now", tables[0].Notes);
        Assert.Equal((long)tables[1].Rows.Length, region[1]);
        Assert.Equal(tables[1].Rows.Sum(r => (long)r[2]!), region[2]);
        Assert.Contains(tables[1].Rows, r => ((string?)r[3])?.Contains("kokandori/north", StringComparison.Ordinal) == true);
        Assert.All(tables[1].Rows, r => Assert.Equal(region[0], r[1]));
    }

    /// <summary>Works on a message until it is let go.</summary>
    private sealed class HeldActor : ReceiveActor
    {
        public HeldActor() => Receive<Task>(t => t.Wait(Patience));
    }

    private async Task<IReadOnlyList<InspectionTable>> TablesAsync(OperatorCommand command) => Assert.IsType<InspectionTables>(await AskAsync(command)).Tables;

    private Task<OperatorReply> AskAsync(OperatorCommand command) => _node.Registry.Get<OperatorActor>().Ask<OperatorReply>(command, Patience);

    private static object? Value(InspectionTable table, string name) => table.Rows.Single(r => (string?)r[0] == name)[1];

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }
}
