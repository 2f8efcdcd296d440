using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>What somebody forged while older versions believed it is in journals: a mark at the end of numbers, bins closed through the year 9990.</summary>
public sealed class RepairTests
{
    private static readonly AggregationSettings Settings = new();
    private static readonly DateTimeOffset Far = new(9990, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly ApproachSetup _setup = Setup(Cam1, Cam2);
    private ApproachState _state = ApproachState.Empty;

    [Fact]
    public void After_a_repair_counts_flow_into_bins_again()
    {
        Take(Batch(Cam1, 1, Car(1, 1), Watched(2, 0, 60)));
        Take(Batch(Cam2, 1, Watched(1, 0, 60, Cam2)));
        Apply(new BatchCounted(Cam1, new LogPosition(long.MaxValue - 1, 5), TestSites.Motion, [Watched(5, 60, 61)], null, null, At(60), new LogPosition(1, 2)));
        Apply(new LatenessPassed(Far, Far.AddDays(-3), At(61)));
        Apply(new FeedsChanged(Far.AddDays(1), [Cam1, Cam2]));
        Take(Batch(Cam1, 1, Car(3, 70), Watched(4, 60, 75)));
        Assert.Equal(1, _state.TooLate);

        Repair(null, At(80));

        Assert.Equal(new LogPosition(1, 4), _state.LogOf(Cam1).HighWater);
        Assert.True(_state.MaxWatermark <= At(80));
        Take(Batch(Cam1, 1, Car(5, 90), Watched(6, 75, 130)));
        Take(Batch(Cam2, 1, Watched(2, 60, 130, Cam2)));
        Assert.Equal((3, 1), (_state.Status(_setup).Total(Movement.Entering), _state.TooLate));
        Assert.Equal(At(130), _state.ClosedThrough);
        Assert.Equal(1, Assert.Single(_state.Bins(new Interval(At(60), At(120)), BinDuration.OneMinute, _setup)).Count(Movement.Entering));
        Assert.All(_state.Unwritten.Values, b => Assert.True(b.Bin.Key.Start < At(1_000)));
    }

    [Fact]
    public void Counts_after_the_place_are_taken_again_where_they_are_delivered_again()
    {
        Take(Batch(Cam1, 1, Car(1, 1), Car(2, 2), Car(3, 3)));

        Repair(new LogPosition(1, 2), At(10));

        Assert.Equal(new Behind(Cam1, TestSites.North, new LogPosition(1, 2)), _state.ProcessPlace(Batch(Cam1, 1, Car(4, 4)) with { After = new LogPosition(1, 3) }));
        Take(Batch(Cam1, 1, Car(3, 3), Car(4, 4)));
        Assert.Equal(5, _state.Status(_setup).Total(Movement.Entering));
    }

    [Fact]
    public void A_camera_whose_clock_was_years_ahead_is_let_through()
    {
        var ahead = At(0).AddYears(50).ToUnixTimeSeconds();
        var batch = Batch(Cam1, ahead, Car(1, 1));
        var refused = BatchCheck.Refuse(batch, _setup, _state.LogOf(Cam1), At(5));
        Assert.Equal("epoch-ahead", refused!.Kind);
        Assert.Contains($"approach repair kokandori/north/cam1 {ahead}/0", refused.Remedy, StringComparison.Ordinal);

        Repair(new LogPosition(ahead, 0), At(6));

        Assert.Null(BatchCheck.Refuse(batch, _setup, _state.LogOf(Cam1), At(7)));
        Take(batch);
        Assert.Null(BatchCheck.Refuse(Batch(Cam1, ahead + 1, Car(1, 2)), _setup, _state.LogOf(Cam1), At(8)));
        Assert.NotNull(BatchCheck.Refuse(Batch(Cam1, ahead + 5_000, Car(1, 2)), _setup, _state.LogOf(Cam1), At(8)));
    }

    [Fact]
    public void Who_is_nobody_here_has_no_mark() => Assert.Contains(
        "feeds nothing here", _state.Process(new RepairCamera(TestSites.Kokandori, TestSites.North, new("cam9"), null), _setup, Settings, At(0)).Problem, StringComparison.Ordinal);

    private void Repair(LogPosition? to, DateTimeOffset now) =>
        Apply(_state.Process(new RepairCamera(TestSites.Kokandori, TestSites.North, Cam1, to), _setup, Settings, now).Event!);

    private void Take(DeliveryBatch batch) =>
        Apply(Assert.IsType<BatchCounted>(_state.Process(batch, _setup, Settings, batch.Entries.Max(ClockSkewCheck.Latest))));

    private void Apply(ApproachEvent e)
    {
        _state = _state.Apply(e, _setup);
        Assert.Equal(ApproachSnapshots.Take(_state), ApproachSnapshots.Take(ApproachSnapshots.Restore(ApproachSnapshots.Take(_state))));
    }
}
