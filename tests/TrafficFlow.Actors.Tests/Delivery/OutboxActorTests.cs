using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Delivery;

/// <summary>The outbox on a real SQLite journal; the test is the tracker and the aggregators.</summary>
public sealed class OutboxActorTests : TestKit
{
    private static readonly OutboxSettings Settings = new() { RetryMin = TimeSpan.FromMilliseconds(100), RetryMax = TimeSpan.FromMilliseconds(300) };
    private readonly TempFolder _folder;
    private readonly TestProbe _approaches;
    private readonly TestProbe _camera;

    public OutboxActorTests() : this(new TempFolder())
    {
    }

    private OutboxActorTests(TempFolder folder) : base(TestConfig.Sqlite(folder.File("journal.db")))
    {
        _folder = folder;
        _approaches = CreateTestProbe();
        _camera = CreateTestProbe();
    }

    [Fact]
    public async Task Entries_are_stored_before_they_are_sent_and_sent_again_until_accepted()
    {
        var outbox = Start();
        await Open(outbox, "run");

        Assert.Equal(new Stored(1, 2), await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Watched(2, 0, 5)])));

        var first = _approaches.ExpectMsg<DeliveryBatch>();
        var again = _approaches.ExpectMsg<DeliveryBatch>();
        Assert.Equal((2, 2), (first.UpToSequence, again.UpToSequence));
        var delivered = outbox.Ask<EverythingDelivered>(AwaitOutboxDelivery.Instance);
        outbox.Tell(new Accepted(Cam1, TestSites.North, 1, 2), _approaches);
        await delivered;
    }

    [Fact]
    public async Task A_server_that_answers_for_no_approach_is_one_line_of_the_log()
    {
        var outbox = Start();
        await outbox.Ask<EpochReady>(new OpenEpoch("run", TestSites.Motion, [TestSites.North, TestSites.South]));
        await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Car(2, 2, approach: TestSites.South), Watched(3, 0, 5)]));

        await EventFilter.Warning(contains: "No answer from approach").ExpectOneAsync(TimeSpan.FromSeconds(10), async () =>
        {
            var sendings = new Dictionary<string, int>();
            while (sendings.Count < 2 || sendings.Values.Min() < 6)
            {
                var batch = await _approaches.ExpectMsgAsync<DeliveryBatch>();
                sendings[batch.Approach.Value] = sendings.GetValueOrDefault(batch.Approach.Value) + 1;
            }
        });
    }

    [Fact]
    public async Task Entries_behind_a_gap_are_refused_and_the_log_says_so_once()
    {
        var outbox = Start();
        await Open(outbox, "run");

        await EventFilter.Error(contains: "holds entries up to 1/0, and gets 1/3").ExpectOneAsync(async () =>
        {
            Assert.Equal(new Stored(1, 0), await outbox.Ask<Stored>(new Store(1, [Car(3, 3)])));
            Assert.Equal(new Stored(1, 0), await outbox.Ask<Stored>(new Store(1, [Car(3, 3), Car(4, 4)])));
        });
    }

    [Fact]
    public async Task A_killed_outbox_still_has_what_it_stored_and_drops_what_is_sent_twice()
    {
        var outbox = Start();
        await Open(outbox, "run");
        await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Car(2, 2)]));
        await Stop(outbox);

        outbox = Start();
        // The tracker lives on and sends what it got no answer for.
        Assert.Equal(new Stored(1, 4), await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Car(2, 2), Car(3, 3), Watched(4, 0, 5)])));

        var all = (DeliveryBatch)_approaches.FishForMessage(m => m is DeliveryBatch { UpToSequence: 4 });
        Assert.Equal([1, 2, 3, 4], all.Entries.Select(e => e.Sequence));
    }

    [Fact]
    public async Task What_an_earlier_life_measured_is_delivered_before_the_next_epoch()
    {
        var outbox = Start();
        await Open(outbox, "first life");
        await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Watched(2, 0, 5)]));
        Assert.Equal(2, await Open(outbox, "second life"));
        await outbox.Ask<Stored>(new Store(2, [Car(1, 9)]));

        Assert.Equal(1, _approaches.ExpectMsg<DeliveryBatch>().Epoch);
        outbox.Tell(new Accepted(Cam1, TestSites.North, 1, 2), _approaches);
        Assert.Equal(2, ((DeliveryBatch)_approaches.FishForMessage(m => m is DeliveryBatch { Epoch: 2 })).Epoch);
    }

    [Fact]
    public async Task A_trimmed_journal_recovers_without_what_was_accepted()
    {
        var outbox = Start(Settings with { TrimAfterEntries = 2 });
        await Open(outbox, "run");
        await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Car(2, 2)]));
        _approaches.ExpectMsg<DeliveryBatch>();
        outbox.Tell(new Accepted(Cam1, TestSites.North, 1, 2), _approaches);
        await outbox.Ask<Stored>(new Store(1, [Car(3, 3)]));
        await Stop(outbox);

        outbox = Start();
        var status = await outbox.Ask<OutboxStatus>(GetOutboxStatus.Instance);

        Assert.Equal((new LogPosition(1, 3), 1L), (status.LastStored, status.Pending));
        Assert.Equal(1, await Open(outbox, "run"));
        Assert.Equal(3, Assert.Single(((DeliveryBatch)_approaches.FishForMessage(m => m is DeliveryBatch { UpToSequence: 3 })).Entries).Sequence);
    }

    [Fact]
    public async Task A_batch_holds_no_more_than_the_bound()
    {
        var outbox = Start(Settings with { BatchEntries = 10 });
        await Open(outbox, "run");
        await outbox.Ask<Stored>(new Store(1, [.. Enumerable.Range(1, 25).Select(i => Car(i, i))]));

        foreach (var upTo in (long[])[10, 20, 25])
        {
            var batch = (DeliveryBatch)_approaches.FishForMessage(m => m is DeliveryBatch b && b.UpToSequence == upTo);
            Assert.InRange(batch.Entries.Count, 5, 10);
            outbox.Tell(new Accepted(Cam1, TestSites.North, 1, upTo), _approaches);
        }

        await outbox.Ask<EverythingDelivered>(AwaitOutboxDelivery.Instance);
    }

    [Fact]
    public async Task After_the_stated_time_no_accepted_entry_of_a_live_camera_is_in_the_journal()
    {
        var time = new ManualTime(At(10));
        var settings = Settings with { TrimInterval = TimeSpan.FromMilliseconds(50), KeepVehicles = TimeSpan.FromDays(7), Time = time };
        var outbox = Start(settings);
        await outbox.Ask<EpochReady>(new OpenEpoch("live", TestSites.Motion, [TestSites.North], 1, new ClockOrigin("boot", TimeSpan.Zero, At(0))));
        await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Watched(2, 0, 5)]));
        var delivered = outbox.Ask<EverythingDelivered>(AwaitOutboxDelivery.Instance);
        outbox.Tell(new Accepted(Cam1, TestSites.North, 1, 2), _approaches);
        await delivered;
        Assert.Equal(1, Stored());

        time.Advance(TimeSpan.FromDays(7));

        await AwaitAssertAsync(() => Assert.Equal(0, Stored()), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50));
        await Stop(outbox);
        outbox = Start(settings);
        Assert.Equal(new LogPosition(1, 2), (await outbox.Ask<OutboxStatus>(GetOutboxStatus.Instance)).LastStored);
        Assert.Equal(new Stored(1, 3), await outbox.Ask<Stored>(new Store(1, [Car(3, 20)])));

        long Stored()
        {
            using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File("journal.db")};Pooling=False;Default Timeout=10");
            database.Open();
            using var count = database.CreateCommand();
            count.CommandText = "SELECT COUNT(*) FROM journal WHERE manifest LIKE 'entries-stored%'";
            return (long)count.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task What_is_over_its_age_goes_only_once_that_is_in_the_audit()
    {
        var custody = new Limit(At(6));
        var outbox = Start(Settings with { TrimInterval = TimeSpan.FromMilliseconds(50), Custody = custody });
        await outbox.Ask<EpochReady>(new OpenEpoch("live", TestSites.Motion, [TestSites.North], 1, new ClockOrigin("boot", TimeSpan.Zero, At(0))));
        await outbox.Ask<Stored>(new Store(1, [Car(1, 1), Watched(2, 0, 5)]));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        foreach (var answer in new[] { false, true })
        {
            var (entries, recorded) = await custody.Asked.Reader.ReadAsync(limit.Token);
            Assert.Equal((2, 2), (entries, (await outbox.Ask<OutboxStatus>(GetOutboxStatus.Instance)).Pending));
            recorded.SetResult(answer);
        }

        await AwaitAssertAsync(async () => Assert.Equal(0, (await outbox.Ask<OutboxStatus>(GetOutboxStatus.Instance)).Pending), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50));
    }

    private sealed class Limit(DateTimeOffset counts) : IOutboxRetention
    {
        public Channel<(long Entries, TaskCompletionSource<bool> Recorded)> Asked { get; } = Channel.CreateUnbounded<(long, TaskCompletionSource<bool>)>();

        public (DateTimeOffset? Journeys, DateTimeOffset? Counts) OverBefore(SiteId site, DateTimeOffset now) => (null, counts);

        public Task<bool> RecordAsync(SiteId site, CameraId camera, long entries)
        {
            var recorded = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            Asked.Writer.TryWrite((entries, recorded));
            return recorded.Task;
        }
    }

    private IActorRef Start(OutboxSettings? settings = null) =>
        _camera.ChildActorOf(OutboxActor.Props(TestSites.Kokandori, Cam1, settings ?? Settings, _approaches));

    private static async Task<long> Open(IActorRef outbox, string run) =>
        (await outbox.Ask<EpochReady>(new OpenEpoch(run, TestSites.Motion, [TestSites.North]), TimeSpan.FromSeconds(20))).Epoch;

    private async Task Stop(IActorRef outbox)
    {
        Watch(outbox);
        Sys.Stop(outbox);
        await ExpectTerminatedAsync(outbox, TimeSpan.FromSeconds(10));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }
}
