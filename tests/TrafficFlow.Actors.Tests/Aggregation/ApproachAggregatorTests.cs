using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>The aggregator on a real SQLite journal.</summary>
public sealed class ApproachAggregatorTests : TestKit
{
    private static readonly GetApproachStatus Status = new(TestSites.Kokandori, TestSites.North);
    private readonly TempFolder _folder;
    private readonly TestProbe _topics;
    private readonly Lazy<IActorRef> _tables;
    private readonly ManualTime _time = new(At(60));

    public ApproachAggregatorTests() : this(new TempFolder())
    {
    }

    private ApproachAggregatorTests(TempFolder folder) : base(TestConfig.Sqlite(folder.File("journal.db")))
    {
        _folder = folder;
        _topics = CreateTestProbe();
        _tables = new Lazy<IActorRef>(() =>
            Sys.ActorOf(FlowTableWriter.Props(new FlowTables(new SqliteJournal(folder.File("journal.db"))), new TableRetention(), TimeProvider.System)));
    }

    [Fact]
    public async Task A_recovered_aggregator_knows_everything_it_answered_for()
    {
        var settings = new AggregationSettings { SnapshotEvery = 3 };
        var aggregator = Start(settings);
        for (var i = 0; i < 10; i++)
            await Deliver(aggregator, Batch(Cam1, 1, Car((i * 2) + 1, (i * 30) + 1), Watched((i * 2) + 2, i * 30, (i + 1) * 30)));
        var bins = await Bins(aggregator);
        var status = await aggregator.Ask<ApproachStatus>(Status);
        await Stop(aggregator);

        var recovered = Start(settings);

        // How much the tables have confirmed is no part of the history.
        Assert.Equal(Structure.Text(status with { Unwritten = 0 }), Structure.Text(await recovered.Ask<ApproachStatus>(Status) with { Unwritten = 0 }));
        Assert.Equal(Structure.Text(bins), Structure.Text(await Bins(recovered)));
        await Deliver(recovered, Batch(Cam1, 1, Car(1, 1), Watched(20, 270, 300)));
        Assert.Equal(10, (await recovered.Ask<ApproachStatus>(Status)).Total(Movement.Entering));
    }

    [Fact]
    public async Task A_clock_that_seems_behind_is_believed_wrong_only_when_the_batch_comes_again_as_late()
    {
        var aggregator = Start();
        await HasBegun(aggregator);
        var behind = Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 5)) with { Clock = new ClockReading(At(60) - TimeSpan.FromHours(2), TimeSpan.Zero) };

        // Two sendings that waited somewhere come at once: the older one first.
        aggregator.Tell(behind, TestActor);
        aggregator.Tell(behind with { Clock = behind.Clock! with { SentAt = behind.Clock.SentAt.AddSeconds(5) } }, TestActor);
        Assert.Equal(0, (await aggregator.Ask<ApproachStatus>(Status)).Quarantined);
        // As late as before, with as much time passed on both clocks: it is the clock.
        _time.Advance(TimeSpan.FromSeconds(3));
        aggregator.Tell(behind with { Clock = behind.Clock with { SentAt = behind.Clock.SentAt.AddSeconds(8) } }, TestActor);

        await ExpectMsgAsync<Accepted>(TimeSpan.FromSeconds(30));
        Assert.Equal((2, 0), ((await aggregator.Ask<ApproachStatus>(Status)).Quarantined, (await aggregator.Ask<ApproachStatus>(Status)).Total(Movement.Entering)));
    }

    /// <summary>What it persists first is: deliveries wait for that, and only the last of each camera is kept.</summary>
    private static Task HasBegun(IActorRef aggregator) =>
        aggregator.Ask<OpenBinsClosed>(new CloseOpenBins(TestSites.Kokandori, TestSites.North), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task What_this_servers_own_wrong_clock_held_back_counts_when_it_is_set_right(int hours)
    {
        var aggregator = Start(new AggregationSettings { LatenessCheck = TimeSpan.FromMilliseconds(50) });
        await HasBegun(aggregator);
        _time.Step(TimeSpan.FromHours(hours));
        for (var sending = 0; sending < 2; sending++)
        {
            aggregator.Tell(Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 5)) with { Clock = new ClockReading(At(60 + (3 * sending)), TimeSpan.Zero) }, TestActor);
            await aggregator.Ask<ApproachStatus>(Status);
            _time.Advance(TimeSpan.FromSeconds(3));
        }

        await ExpectMsgAsync<Accepted>(TimeSpan.FromSeconds(30));
        Assert.Equal(2, (await aggregator.Ask<ApproachStatus>(Status)).Quarantined);

        _time.Step(TimeSpan.FromHours(-hours));

        await AwaitConditionAsync(
            async () => await aggregator.Ask<ApproachStatus>(Status) is { Quarantined: 0 } status && status.Total(Movement.Entering) == 1, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_closed_bin_is_published_once_and_again_when_late_data_changes_it()
    {
        var aggregator = Start();
        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 65)));
        Assert.Equal((1, 1), Published());

        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 65)));
        await Deliver(aggregator, Batch(Cam1, 1, Car(3, 2)));
        Assert.Equal((2, 2), Published());

        (int Revision, int? Count) Published()
        {
            var publish = _topics.FishForMessage<Publish>(p => p.Topic == "flow.kokandori.north");
            var bin = Assert.IsType<FlowBinClosed>(publish.Message).Bin;
            return (bin.Revision, bin.Count(Movement.Entering)!.Value);
        }
    }

    [Fact]
    public async Task An_entry_of_a_newer_version_is_not_acknowledged_until_this_server_knows_it()
    {
        var aggregator = Start();

        var accepted = await aggregator.Ask<Accepted>(Batch(Cam1, 1, Car(1, 1), new UnknownEntry(2, Cam1, TestSites.North, []), Car(3, 2)));
        Assert.Equal((1, 1), (accepted.UpToSequence, (await aggregator.Ask<ApproachStatus>(Status)).Total(Movement.Entering)));

        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Car(2, 2), Car(3, 2)));
        Assert.Equal(3, (await aggregator.Ask<ApproachStatus>(Status)).Total(Movement.Entering));
    }

    [Fact]
    public async Task Open_bins_are_published_live()
    {
        var aggregator = Start(new AggregationSettings { LiveInterval = TimeSpan.FromMilliseconds(50) });
        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 5)));

        var publish = _topics.FishForMessage<Publish>(p => p.Topic == "flow.kokandori.north.live");
        var open = Assert.IsType<FlowBinsOpen>(publish.Message);
        Assert.Equal([1, 5, 15, 60], open.Bins.Select(b => b.Key.Duration.Minutes));
        Assert.All(open.Bins, b => Assert.Equal((0, 1), (b.Revision, b.Count(Movement.Entering))));
    }

    [Fact]
    public async Task A_bin_that_nobody_reports_is_published_as_blind_after_the_lateness()
    {
        var aggregator = Start(new AggregationSettings { LatenessCheck = TimeSpan.FromMilliseconds(20) });
        await Deliver(aggregator, Batch(Cam1, 1, Watched(1, 0, 60)));
        _topics.FishForMessage<Publish>(p => p.Message is FlowBinClosed { Bin.Quality: BinQuality.Complete });

        _time.Advance(TimeSpan.FromSeconds(181));

        var publish = _topics.FishForMessage<Publish>(p => p.Message is FlowBinClosed { Bin.Key.Duration.Minutes: 1 });
        var blind = ((FlowBinClosed)publish.Message).Bin;
        Assert.Equal((BinQuality.Blind, At(60), null), (blind.Quality, blind.Key.Start, blind.Count(Movement.Entering)));
    }

    [Fact]
    public async Task Redelivery_in_any_order_across_restarts_counts_the_truth()
    {
        var random = new Random(42);
        var batches = Enumerable.Range(0, 40)
            .Select(i => Batch(Cam1, 1 + (i / 20), Car((i % 20 * 2) + 1, i * 5), Watched((i % 20 * 2) + 2, i * 5, (i + 1) * 5)))
            .ToList();
        var aggregator = Start(new AggregationSettings { SnapshotEvery = 7 });
        for (var next = 0; next < batches.Count;)
        {
            // The outbox waits for an answer before it goes on, but anything earlier may come again.
            await Deliver(aggregator, batches[random.Next(next + 1)]);
            if (random.Next(3) == 0) await Deliver(aggregator, batches[next++]);
            if (random.Next(10) != 0) continue;
            await Stop(aggregator);
            aggregator = Start(new AggregationSettings { SnapshotEvery = 7 });
        }

        var status = await aggregator.Ask<ApproachStatus>(Status);
        Assert.Equal(40, status.Total(Movement.Entering));
        Assert.Equal(200, Assert.Single(status.Cameras).ObservedSeconds);
    }

    [Fact]
    public async Task A_bin_is_published_when_the_tables_hold_it()
    {
        var tables = CreateTestProbe();
        var aggregator = Start(tables: tables);
        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 65)));
        var write = tables.ExpectMsg<WriteBins>();
        _topics.FishForMessage<Publish>(p => p.Topic == "flow.kokandori.north.live");
        _topics.ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        tables.Reply(new BinsWritten(write.Bins[^1].Cursor));

        var published = Assert.IsType<FlowBinClosed>(_topics.FishForMessage<Publish>(p => p.Topic == "flow.kokandori.north").Message);
        Assert.Equal((1, 1), (published.Cursor, published.Bin.Revision));
        Assert.Equal(0, (await aggregator.Ask<ApproachStatus>(Status)).Unwritten);
    }

    [Fact]
    public async Task Revisions_that_a_crash_left_unwritten_are_written_after_it_each_with_the_content_that_it_had()
    {
        var dead = Start(new AggregationSettings { SnapshotEvery = 3 }, CreateTestProbe());
        await Deliver(dead, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 65)));
        await Deliver(dead, Batch(Cam1, 1, Car(3, 2)));
        await Deliver(dead, Batch(Cam1, 1, Car(4, 3)));
        await Stop(dead);

        var recovered = Start();
        await AwaitAssertAsync(async () => Assert.Equal(0, (await recovered.Ask<ApproachStatus>(Status)).Unwritten));

        var page = await recovered.Ask<BinsAfter>(new GetBinsAfter(TestSites.Kokandori, TestSites.North, 0, 10));
        Assert.Equal([(1, 1, 1), (2, 2, 2), (3, 3, 3)], page.Bins.Select(b => (b.Cursor, b.Bin.Revision, b.Bin.Count(Movement.Entering)!.Value)));
        Assert.Equal((3, false, 3), (page.Reached, page.More, page.Last));
        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ =>
            ((FlowBinClosed)_topics.FishForMessage<Publish>(p => p.Topic == "flow.kokandori.north").Message).Cursor));
    }

    [Fact]
    public async Task A_camera_that_the_site_file_gained_does_not_turn_old_bins_blind_even_after_a_restart()
    {
        var aggregator = Start();
        await Deliver(aggregator, Batch(Cam1, 1, Watched(1, 0, 60)));
        aggregator.Tell(new UpdateSetup(Setup(Cam1, Cam2)));
        await Deliver(aggregator, Batch(Cam1, 1, Watched(2, 60, 130)));
        await Deliver(aggregator, Batch(Cam2, 1, Watched(1, 60, 130, Cam2)));
        var bins = await Bins(aggregator);
        await Stop(aggregator);

        var recovered = Start(setup: Setup(Cam1, Cam2));

        Assert.Equal(Structure.Text(bins), Structure.Text(await Bins(recovered)));
        Assert.All(bins.Bins.Where(b => b.IsClosed), b => Assert.Equal(BinQuality.Complete, b.Quality));
        Assert.Equal(2, bins.Bins.Count(b => b.IsClosed));
    }

    [Fact]
    public async Task A_shorter_age_that_comes_while_it_runs_holds_for_the_journal_without_a_new_start()
    {
        TimeSpan? kept = null;
        var settings = new AggregationSettings { LatenessCheck = TimeSpan.FromMilliseconds(20), KeepVehicles = TimeSpan.FromDays(7), JourneysKept = () => kept };
        var aggregator = Start(settings);
        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 65)));
        _time.Advance(TimeSpan.FromHours(30));
        await aggregator.Ask<ApproachStatus>(Status, TimeSpan.FromSeconds(20));
        Assert.Equal(0, Snapshots());

        // As `site reload` puts it in force: a quarter of a day between two snapshots.
        kept = TimeSpan.FromDays(1);
        await AwaitAssertAsync(() => Assert.NotEqual(0, Snapshots()), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50));
        Assert.Equal(TimeSpan.FromDays(7), (settings with { JourneysKept = () => TimeSpan.FromDays(30) }).KeepVehiclesNow);

        long Snapshots()
        {
            using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("journal.db")};Pooling=False;Default Timeout=10");
            database.Open();
            using var count = database.CreateCommand();
            count.CommandText = "SELECT COUNT(*) FROM snapshot";
            return (long)count.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task No_single_vehicle_is_in_the_journal_after_the_stated_time_although_nothing_comes_any_more()
    {
        const string Vehicles = "SELECT COUNT(*) FROM journal WHERE manifest LIKE 'batch-counted%'";
        const string Snapshot = "SELECT COALESCE(MAX(sequence_number), 0) FROM snapshot";
        var settings = new AggregationSettings { LatenessCheck = TimeSpan.FromMilliseconds(20), KeepVehicles = TimeSpan.FromDays(7) };
        var aggregator = Start(settings);
        await Deliver(aggregator, Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 65)));
        Assert.NotEqual(0, Number(Vehicles));

        // Across restarts: when a snapshot was taken stands in it.
        for (var days = 0.0; days < 7; days += 1.75)
        {
            await Stop(aggregator);
            aggregator = Start(settings);
            await aggregator.Ask<ApproachStatus>(Status, TimeSpan.FromSeconds(20));
            var last = Number(Snapshot);
            _time.Advance(TimeSpan.FromDays(1.75));
            await AwaitAssertAsync(() => Assert.True(Number(Snapshot) > last), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50));
        }

        await AwaitAssertAsync(() => Assert.Equal(0, Number(Vehicles)), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, (await aggregator.Ask<ApproachStatus>(Status)).Total(Movement.Entering));

        long Number(string sql)
        {
            using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("journal.db")};Pooling=False;Default Timeout=10");
            database.Open();
            using var count = database.CreateCommand();
            count.CommandText = sql;
            return (long)count.ExecuteScalar()!;
        }
    }

    private IActorRef Start(AggregationSettings? settings = null, IActorRef? tables = null, ApproachSetup? setup = null) => Sys.ActorOf(ApproachAggregator.Props(
        setup ?? Setup(Cam1), settings ?? new AggregationSettings(), new TopicPublisher(_topics), tables ?? _tables.Value, _time));

    private async Task Stop(IActorRef aggregator)
    {
        Watch(aggregator);
        Sys.Stop(aggregator);
        await ExpectTerminatedAsync(aggregator);
    }

    private static async Task Deliver(IActorRef aggregator, DeliveryBatch batch) =>
        Assert.Equal(
            new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence),
            await aggregator.Ask<Accepted>(batch, TimeSpan.FromSeconds(20)));

    private static Task<FlowBins> Bins(IActorRef aggregator) => aggregator.Ask<FlowBins>(
        new GetFlowBins(TestSites.Kokandori, TestSites.North, BinDuration.OneMinute, At(0), At(3600)), TimeSpan.FromSeconds(20));

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }
}
