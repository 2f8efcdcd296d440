using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>What somebody with a stolen certificate may send; then the genuine camera goes on. The journal is a real one.</summary>
public sealed class ForgedDeliveryTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly GetApproachStatus Status = new(TestSites.Kokandori, TestSites.North);
    private static readonly long Live = At(0).ToUnixTimeSeconds();
    private readonly TempFolder _folder;
    private readonly ManualTime _time = new(At(60));
    private readonly AggregationSettings _settings = new() { LatenessCheck = TimeSpan.FromMilliseconds(20), SnapshotEvery = 4 };
    private IActorRef _aggregator;

    public ForgedDeliveryTests() : this(new TempFolder())
    {
    }

    private ForgedDeliveryTests(TempFolder folder) : base(TestConfig.Sqlite(folder.File("journal.db")))
    {
        _folder = folder;
        _aggregator = Start();
    }

    public static TheoryData<long, long> Marks => new()
    {
        { long.MaxValue, long.MaxValue },
        { long.MaxValue, 1 },
        { Live + 86_400, 1 },
        { Live + 86_400, 1_000_000_000 },
        { Live, long.MaxValue },
        { Live, 1_000_000_000 },
        { Live, 5_000 },
    };

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task A_mark_that_was_set_ahead_costs_no_later_count(long epoch, long sequence)
    {
        await Deliver(Batch(Cam1, Live, Car(1, 1), Watched(2, 0, 5)));
        Forge(Batch(Cam1, epoch, Watched(sequence, 4, 5)));
        Forge(Batch(Cam1, epoch, Watched(sequence == long.MaxValue ? sequence : sequence + 5, 4, 5)) with { UpToSequence = long.MaxValue });

        await Deliver(Batch(Cam1, Live, Car(3, 6), Watched(4, 5, 10)) with { After = new LogPosition(Live, 2) });
        await Restart();
        await Deliver(Batch(Cam1, Live, Car(3, 6), Watched(4, 5, 10)) with { After = new LogPosition(Live, 2) });
        await Deliver(Batch(Cam1, Live, Car(5, 11), Car(6, 12)) with { After = new LogPosition(Live, 4) });
        await Deliver(Batch(Cam1, Live + 1, Car(1, 21), Watched(2, 20, 25)) with { After = new LogPosition(Live, 6) });

        var status = await StatusAsync();
        Assert.Equal((5, 0), (status.Total(Movement.Entering), status.TooLate));
    }

    [Fact]
    public async Task A_camera_that_the_site_does_not_have_is_not_answered_and_leaves_nothing()
    {
        for (var i = 0; i < 2_000; i++) Forge(Batch(new CameraId($"forged-{i}"), Live, Car(1, 1)));
        await Deliver(Batch(Cam1, Live, Car(1, 1)));

        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        var status = await StatusAsync();
        Assert.Equal("cam1", Assert.Single(status.Cameras).Camera.Value);
        Assert.Equal(1, status.Total(Movement.Entering));
    }

    /// <summary>The sender's clock says that it was set forward to that year since the entries were stamped: those are right, so they say.</summary>
    [Fact]
    public async Task A_clock_of_the_year_9990_makes_no_later_vehicle_too_late_not_even_after_a_restart()
    {
        var far = new DateTimeOffset(9990, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await Deliver(Batch(Cam1, Live, Car(1, 1), Watched(2, 0, 5)));
        // Without entries the approach still passes for a live one.
        Forge(Batch(Cam1, Live, Watched(3, 5, 60)) with { Entries = [], Clock = new ClockReading(far, far - At(60)) });
        await StatusAsync();
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(125));
            await AwaitTicks();
        }

        await Restart();
        await Deliver(Batch(Cam1, Live, Car(7, 430), Watched(8, 60, 435)));
        var status = await StatusAsync();
        Assert.Equal((2, 0), (status.Total(Movement.Entering), status.TooLate));
        Assert.True(status.ClosedThrough < At(1_000), $"closed through {status.ClosedThrough}");
        Assert.Equal(1, await CountAsync(At(420)));
    }

    public static TheoryData<OutboxEntry> Stamps => new(
        Car(3, 250_000_000_000), Watched(3, 5, 250_000_000_000), Watched(3, 250_000_000_000, 10), Watched(3, -60_000_000_000, 10), Car(3, -63_000_000_000),
        new CoverageEntry(3, new Coverage(Cam1, At(5), At(10), 50, 0, WatchState.Watching)
        {
            Queues = [new QueueReading(TestSites.North, At(250_000_000_000), new QueueSums(5, 1, 2, 3, 4))],
        }));

    [Theory]
    [MemberData(nameof(Stamps))]
    public async Task A_stamp_that_cannot_be_true_is_in_no_bin_and_no_later_vehicle_is_too_late(OutboxEntry entry)
    {
        await Deliver(Batch(Cam1, Live, Car(1, 1), Watched(2, 0, 5)));
        await Deliver(Batch(Cam1, Live, entry));
        await Restart();
        await Deliver(Batch(Cam1, Live, Car(4, 61), Watched(5, 10, 125)));

        var status = await StatusAsync();
        Assert.Equal((2, 0, 1), (status.Total(Movement.Entering), status.TooLate, status.Quarantined));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_step_of_the_clock_that_no_clock_makes_ends_no_aggregator(long ticks)
    {
        EventFilter.Exception<OverflowException>().Expect(0, () =>
        {
            foreach (var sent in new[] { DateTimeOffset.MinValue, At(60), DateTimeOffset.MaxValue })
                Forge(Batch(Cam1, Live, Car(1, 1)) with { Clock = new ClockReading(sent, TimeSpan.FromTicks(ticks)) });
        });

        await Deliver(Batch(Cam1, Live + 1, Car(1, 2)));
        Assert.Equal(1, (await StatusAsync()).Total(Movement.Entering));
    }

    private IActorRef Start() => Sys.ActorOf(ApproachAggregator.Props(Setup(Cam1), _settings, new TopicPublisher(CreateTestProbe()), CreateTestProbe(), _time));

    private void Forge(DeliveryBatch batch) => _aggregator.Tell(batch, CreateTestProbe());

    private async Task Deliver(DeliveryBatch batch)
    {
        var answer = await _aggregator.Ask<object>(batch, Patience);
        Assert.Equal(new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence), answer);
    }

    private Task<ApproachStatus> StatusAsync() => _aggregator.Ask<ApproachStatus>(Status, Patience);

    private async Task<int?> CountAsync(DateTimeOffset minute) => (await _aggregator.Ask<FlowBins>(
        new GetFlowBins(TestSites.Kokandori, TestSites.North, BinDuration.OneMinute, minute, minute.AddMinutes(1)), Patience)).Bins.SingleOrDefault()?.Count(Movement.Entering);

    /// <summary>Ticks come each 20 ms; each question is answered behind those that came before it.</summary>
    private async Task AwaitTicks()
    {
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        await StatusAsync();
    }

    private async Task Restart()
    {
        Watch(_aggregator);
        Sys.Stop(_aggregator);
        await ExpectTerminatedAsync(_aggregator, Patience);
        _aggregator = Start();
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }
}
