using Akka.Actor;
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

/// <summary>An aggregator whose rows in a real SQLite journal are damaged between two lives.</summary>
public sealed class DamagedJournalTests : TestKit
{
    private static readonly GetApproachStatus Status = new(TestSites.Kokandori, TestSites.North);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder;
    private readonly IActorRef _tables;

    public DamagedJournalTests() : this(new TempFolder())
    {
    }

    private DamagedJournalTests(TempFolder folder) : base(TestConfig.Sqlite(folder.File("journal.db")))
    {
        _folder = folder;
        _tables = Sys.ActorOf(FlowTableWriter.Props(new FlowTables(new SqliteJournal(Journal)), new TableRetention(), TimeProvider.System));
    }

    private string Journal => _folder.File("journal.db");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_a_damaged_row_held_is_asked_for_again_and_counted_once(int fromTheEnd)
    {
        var batches = Enumerable.Range(0, 5)
            .Select(i => Batch(Cam1, 1, Car((i * 2) + 1, i * 20), Watched((i * 2) + 2, i * 20, (i + 1) * 20)))
            .Select((b, i) => b with { After = i == 0 ? null : new LogPosition(1, i * 2) }).ToList();
        var aggregator = Start();
        foreach (var batch in batches) await aggregator.Ask<Accepted>(batch, Patience);
        await Stop(aggregator);
        JournalSurgery.Damage(Journal, $"manifest LIKE 'batch-counted-%' ORDER BY ordering DESC LIMIT 1 OFFSET {fromTheEnd - 1}");

        aggregator = Start();
        var behind = await aggregator.Ask<Behind>(Batch(Cam1, 1, Car(11, 100)) with { After = new LogPosition(1, 10) }, Patience);
        Assert.Equal(new LogPosition(1, (5 - fromTheEnd) * 2), behind.HighWater);
        await aggregator.Ask<Accepted>(Batch(Cam1, 1, [.. batches.SelectMany(b => b.Entries).Where(e => e.Sequence > behind.HighWater.Sequence)]), Patience);
        await Stop(aggregator);

        // The row is still damaged, and history is still the same.
        aggregator = Start();
        var status = await aggregator.Ask<ApproachStatus>(Status, Patience);
        Assert.Equal((5, 100.0), (status.Total(Movement.Entering), Assert.Single(status.Cameras).ObservedSeconds));
        await AwaitAssertAsync(async () => Assert.Equal(0, (await aggregator.Ask<ApproachStatus>(Status, Patience)).Unwritten), Patience);
        var page = await aggregator.Ask<BinsAfter>(new GetBinsAfter(TestSites.Kokandori, TestSites.North, null, 10), Patience);
        Assert.Equal((1, 3), (page.Bins.Single().Bin.Revision, page.Bins.Single().Bin.Count(Movement.Entering)));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_dropped_and_the_journal_tells_everything()
    {
        var aggregator = Start();
        for (var i = 0; i < 12; i++)
            await aggregator.Ask<Accepted>(Batch(Cam1, 1, Car((i * 2) + 1, i * 20), Watched((i * 2) + 2, i * 20, (i + 1) * 20)), Patience);
        await AwaitAssertAsync(() => JournalSurgery.Damage(Journal, "sequence_number >= 10", "snapshot", "snapshot"), Patience);
        await Stop(aggregator);

        // The life that finds it ends; the shard starts the next one.
        await AwaitAssertAsync(async () =>
        {
            var again = Start();
            Assert.Equal(12, (await again.Ask<ApproachStatus>(Status, TimeSpan.FromSeconds(3))).Total(Movement.Entering));
        }, Patience);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Behind_a_damaged_snapshot_recovery_begins_at_the_one_before_it_though_the_journal_is_trimmed(int damaged)
    {
        var settings = new AggregationSettings { SnapshotEvery = 10, SnapshotsKept = 3, TrimMargin = 5 };
        var aggregator = Start(settings);
        for (var i = 0; i < 65; i++)
            await aggregator.Ask<Accepted>(Batch(Cam1, 1, Car((i * 2) + 1, i * 4), Watched((i * 2) + 2, i * 4, (i + 1) * 4)), Patience);
        // Snapshots at 40, 50 and 60; the row that ends what was deleted stays, marked.
        await AwaitAssertAsync(() => Assert.Equal((3, 35), (Rows("SELECT count(*) FROM snapshot"), Rows("SELECT max(sequence_number) FROM journal WHERE deleted = 1"))), Patience);
        Assert.Equal(1, Rows("SELECT count(*) FROM journal WHERE sequence_number <= 35"));
        await Stop(aggregator);
        for (var i = 0; i < damaged; i++)
            JournalSurgery.Damage(Journal, $"sequence_number = (SELECT max(sequence_number) - {i * 10} FROM snapshot)", "snapshot", "snapshot");

        await AwaitAssertAsync(async () =>
        {
            var again = Start(settings);
            var status = await again.Ask<ApproachStatus>(Status, TimeSpan.FromSeconds(3));
            Assert.Equal((65, 260.0), (status.Total(Movement.Entering), Assert.Single(status.Cameras).ObservedSeconds));
        }, Patience);
    }

    [Fact]
    public async Task Without_any_usable_snapshot_a_trimmed_history_is_an_alarm_and_bins_get_new_cursors()
    {
        var settings = new AggregationSettings { SnapshotEvery = 10, SnapshotsKept = 1, TrimMargin = 0 };
        var aggregator = Start(settings);
        for (var i = 0; i < 25; i++)
            await aggregator.Ask<Accepted>(Batch(Cam1, 1, Car((i * 2) + 1, i * 4), Watched((i * 2) + 2, i * 4, (i + 1) * 4)), Patience);
        await AwaitAssertAsync(() => Assert.Equal((1, 20), (Rows("SELECT count(*) FROM snapshot"), Rows("SELECT max(sequence_number) FROM journal WHERE deleted = 1"))), Patience);
        await Stop(aggregator);
        JournalSurgery.Damage(Journal, "1 = 1", "snapshot", "snapshot");

        await AwaitAssertAsync(async () =>
        {
            var again = Start(settings);
            Assert.True((await again.Ask<ApproachStatus>(Status, TimeSpan.FromSeconds(3))).Cursor >= 1_000_000);
        }, Patience);
    }

    private long Rows(string sql)
    {
        using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Journal};Pooling=False;Default Timeout=10");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    private IActorRef Start(AggregationSettings? settings = null) => Sys.ActorOf(ApproachAggregator.Props(
        Setup(Cam1), settings ?? new AggregationSettings { SnapshotEvery = 10 }, new TopicPublisher(CreateTestProbe()), _tables, new ManualTime(At(60))));

    private async Task Stop(IActorRef aggregator)
    {
        Watch(aggregator);
        Sys.Stop(aggregator);
        await ExpectTerminatedAsync(aggregator, Patience);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }
}
