using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

public sealed class ApproachStateTests
{
    private static readonly AggregationSettings Settings = new() { Retention = TimeSpan.FromHours(2) };
    private ApproachSetup _setup = Setup(Cam1);
    private ApproachState _state = ApproachState.Empty;

    [Fact]
    public void A_batch_that_was_counted_is_not_counted_again()
    {
        var batch = Batch(Cam1, 1, Car(1, 1), Car(2, 2), Watched(3, 0, 5));
        Take(batch);

        Assert.Null(_state.Process(batch, _setup, Settings, At(5)));
        Take(Batch(Cam1, 1, Car(2, 2), Watched(3, 0, 5), Car(4, 6)));
        Assert.Equal(3, Total());
    }

    [Fact]
    public void A_new_epoch_begins_anew_and_what_an_old_one_still_brings_counts_once()
    {
        Take(Batch(Cam1, 1, Car(1, 1), Car(2, 2)));
        Take(Batch(Cam1, 2, Car(1, 3)));

        Take(Batch(Cam1, 1, Car(3, 3)));
        Assert.Null(_state.Process(Batch(Cam1, 1, Car(2, 2), Car(3, 3)), _setup, Settings, At(5)));
        Assert.Equal(4, Total());
    }

    [Fact]
    public void A_bin_closes_when_every_camera_has_passed_its_end()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 65)));
        Assert.Empty(Closed(BinDuration.OneMinute));

        Take(Batch(Cam2, 1, Watched(1, 0, 61)));

        var bin = Assert.Single(Closed(BinDuration.OneMinute));
        Assert.Equal((BinQuality.Complete, 1, 60.0), (bin.Quality, bin.Revision, bin.ObservedSeconds));
        Assert.Equal(0, bin.Count(Movement.Entering));
    }

    [Fact]
    public void Observed_is_what_all_cameras_watched_at_once()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 40), Watched(2, 50, 70)));
        Take(Batch(Cam2, 1, Watched(1, 10, 70)));

        var bin = Assert.Single(Closed(BinDuration.OneMinute));
        Assert.Equal((40.0, BinQuality.Partial), (bin.ObservedSeconds, bin.Quality));
    }

    [Fact]
    public void A_camera_that_reports_late_leaves_a_partial_or_blind_bin_after_the_lateness()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 130)));
        Take(Batch(Cam2, 1, Watched(1, 0, 30)));

        Apply(_state.ProcessLateness(At(150), _setup, Settings, At(270))!);

        Assert.Collection(
            Closed(BinDuration.OneMinute),
            b => Assert.Equal((BinQuality.Partial, 30.0), (b.Quality, b.ObservedSeconds)),
            b => Assert.Equal((BinQuality.Blind, 0.0, null), (b.Quality, b.ObservedSeconds, b.Count(Movement.Entering))));
    }

    [Fact]
    public void Late_data_revises_a_closed_bin_of_every_duration_that_is_closed()
    {
        Take(Batch(Cam1, 1, Watched(1, 0, 310)));

        var late = Take(Batch(Cam1, 1, Car(2, 70), Car(3, 71)));

        Assert.Equal([(1, 2, 2), (5, 2, 2)], late.Select(b => (b.Key.Duration.Minutes, b.Revision, b.Count(Movement.Entering)!.Value)));
        Assert.Equal(1, Closed(BinDuration.OneMinute)[0].Revision);
    }

    [Fact]
    public void A_bin_that_closed_blind_is_revised_when_the_coverage_comes()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 65)));
        Apply(_state.ProcessLateness(At(61), _setup, Settings, At(181))!);
        Assert.Equal(BinQuality.Blind, Closed(BinDuration.OneMinute)[0].Quality);

        var late = Take(Batch(Cam2, 1, Car(1, 3, Cam2), Watched(2, 0, 65, Cam2)));

        var bin = late.Single(b => b.Key.Duration == BinDuration.OneMinute);
        Assert.Equal((BinQuality.Complete, 2, 1), (bin.Quality, bin.Revision, bin.Count(Movement.Entering)));
    }

    [Fact]
    public void Degraded_coverage_makes_a_degraded_bin()
    {
        Take(Batch(Cam1, 1, Watched(1, 0, 30), Watched(2, 30, 35, state: WatchState.Degraded), Watched(3, 35, 65)));

        Assert.Equal(BinQuality.Degraded, Closed(BinDuration.OneMinute)[0].Quality);
    }

    [Fact]
    public void Vehicles_behind_the_retention_are_in_the_totals_only_and_show_as_too_late()
    {
        Take(Batch(Cam1, 1, Watched(1, 0, 4 * 3600)));
        var bins = _state.Cells.MinuteCount;

        Assert.Empty(Take(Batch(Cam1, 1, Car(2, 60))));

        Assert.Equal((1, 1, bins), (Total(), _state.TooLate, _state.Cells.MinuteCount));
        Assert.Equal(At(2 * 3600), _state.RetainFrom);
        Assert.Equal(At(2 * 3600), _state.Bins(new Interval(At(0), At(5 * 3600)), BinDuration.Hour, _setup).First().Key.Start);
    }

    [Fact]
    public void No_more_data_closes_the_last_bins_too()
    {
        Take(Batch(Cam1, 1, Car(1, 30), Watched(2, 0, 90)));

        Apply(Assert.Single(_state.Process(new CloseOpenBins(TestSites.Kokandori, TestSites.North), _setup, Settings, At(200))));

        Assert.Equal(BinQuality.Partial, Assert.Single(Closed(BinDuration.Hour)).Quality);
        Assert.Empty(_state.Process(new CloseOpenBins(TestSites.Kokandori, TestSites.North), _setup, Settings, At(200)));
    }

    [Fact]
    public void A_bin_names_every_detector_that_made_it()
    {
        Take(Batch(Cam1, 1, Watched(1, 0, 30)));
        var better = TestSites.Motion with { DetectorName = "yolo", SiteHash = "new" };
        Take(Batch(Cam1, 2, Watched(1, 30, 130)) with { Provenance = better });

        Assert.Collection(
            Closed(BinDuration.OneMinute),
            b => Assert.Equal(["motion", "yolo"], b.Sources.Select(s => s.Provenance.DetectorName)),
            b => Assert.Equal(("yolo", "new"), (Assert.Single(b.Sources).Provenance.DetectorName, b.SiteHash)));
    }

    [Fact]
    public void A_snapshot_holds_the_whole_state()
    {
        Late_data_revises_a_closed_bin_of_every_duration_that_is_closed();
        Take(Batch(Cam1, 2, Watched(1, 310, 400, state: WatchState.Degraded)) with { Provenance = TestSites.Motion with { DetectorName = "yolo" } });

        var restored = ApproachSnapshots.Restore(ApproachSnapshots.Take(_state));

        Assert.Equal(ApproachSnapshots.Take(_state), ApproachSnapshots.Take(restored));
        Assert.Equal(_state.Bins(new Interval(At(0), At(900)), BinDuration.OneMinute, _setup).Select(b => (b.Revision, b.Observed)),
            restored.Bins(new Interval(At(0), At(900)), BinDuration.OneMinute, _setup).Select(b => (b.Revision, b.Observed)));
    }

    [Fact]
    public void Every_closed_and_revised_bin_takes_the_next_number_and_keeps_the_content_that_it_had()
    {
        Take(Batch(Cam1, 1, Car(1, 5), Watched(2, 0, 65)));
        Take(Batch(Cam1, 1, Car(3, 6)));
        Take(Batch(Cam1, 1, Watched(4, 65, 125)));

        Assert.Equal(
            [(1, 0.0, 1, 1), (2, 0, 2, 2), (3, 60, 1, 0)],
            _state.Unwritten.Values.Select(b => (b.Cursor, (b.Bin.Key.Start - At(0)).TotalSeconds, b.Bin.Revision, b.Bin.Count(Movement.Entering)!.Value)));
        Assert.Equal((3, 1), (_state.Cursor, _state.Written(2).Unwritten.Count));
        Assert.Equal(ApproachSnapshots.Take(_state), ApproachSnapshots.Take(ApproachSnapshots.Restore(ApproachSnapshots.Take(_state))));
    }

    [Fact]
    public void After_a_jump_of_event_time_beyond_the_retention_what_was_counted_before_is_closed_and_numbered_too()
    {
        Take(Batch(Cam1, 1, Car(1, 5), Watched(2, 0, 30)));
        Take(Batch(Cam1, 1, Watched(3, 1_000_000, 1_000_100)));

        var old = _state.Unwritten.Values.Where(b => b.Bin.Key.Start < At(3600)).ToList();
        Assert.Equal([1, 5, 15, 60], old.Select(b => b.Bin.Key.Duration.Minutes));
        Assert.All(old, b => Assert.Equal(1, b.Bin.Count(Movement.Entering)));
        Assert.True(_state.Unwritten.Count < 300);
    }

    [Fact]
    public void A_camera_that_is_added_leaves_the_bins_before_it_as_they_were_and_is_waited_for_after()
    {
        Apply(_state.Process(_setup, At(0))!);
        Take(Batch(Cam1, 1, Watched(1, 0, 90)));
        _setup = Setup(Cam1, Cam2);
        Apply(_state.Process(_setup, At(90))!);
        Assert.Null(_state.Process(_setup, At(91)));

        Take(Batch(Cam1, 1, Watched(2, 90, 200)));
        Assert.Equal(At(90), _state.ClosedThrough);
        Take(Batch(Cam2, 1, Watched(1, 100, 200, Cam2)));

        Assert.Collection(
            Closed(BinDuration.OneMinute),
            b => Assert.Equal((BinQuality.Complete, 60.0), (b.Quality, b.ObservedSeconds)),
            b => Assert.Equal((BinQuality.Partial, 50.0), (b.Quality, b.ObservedSeconds)),
            b => Assert.Equal((BinQuality.Complete, 60.0), (b.Quality, b.ObservedSeconds)));
        Assert.Equal(ApproachSnapshots.Take(_state), ApproachSnapshots.Take(ApproachSnapshots.Restore(ApproachSnapshots.Take(_state))));
    }

    [Fact]
    public void A_camera_that_is_removed_is_waited_for_no_more()
    {
        _setup = Setup(Cam1, Cam2);
        Apply(_state.Process(_setup, At(0))!);
        Take(Batch(Cam1, 1, Watched(1, 0, 60)));
        Take(Batch(Cam2, 1, Watched(1, 0, 60, Cam2)));
        _setup = Setup(Cam1);
        Apply(_state.Process(_setup, At(60))!);

        Take(Batch(Cam1, 1, Watched(2, 60, 130)));

        Assert.All(Closed(BinDuration.OneMinute), b => Assert.Equal(BinQuality.Complete, b.Quality));
        Assert.Equal(2, Closed(BinDuration.OneMinute).Count);
    }

    [Fact]
    public void An_event_that_follows_a_damaged_row_waits_until_both_are_delivered_again()
    {
        var first = Counted(Batch(Cam1, 1, Car(1, 1)));
        Apply(first);
        var damaged = Counted(Batch(Cam1, 1, Car(2, 2)));
        var whole = _state.Apply(damaged, _setup);
        var last = Assert.IsType<BatchCounted>(whole.Process(Batch(Cam1, 1, Car(3, 3)), _setup, Settings, At(0)));

        Apply(last);
        Assert.Equal(new LogPosition(1, 1), _state.LogOf(Cam1).HighWater);
        Take(Batch(Cam1, 1, Car(2, 2), Car(3, 3)));

        Assert.Equal(3, Total());
        BatchCounted Counted(DeliveryBatch batch) => Assert.IsType<BatchCounted>(_state.Process(batch, _setup, Settings, At(0)));
    }

    [Fact]
    public void An_unknown_event_is_refused() => Assert.Throws<NotSupportedException>(() => _state.Apply(new StrangeEvent(), _setup));

    private sealed record StrangeEvent : ApproachEvent;

    private List<FlowBin> Take(DeliveryBatch batch)
    {
        var counted = Assert.IsType<BatchCounted>(_state.Process(batch, _setup, Settings, batch.Entries.Max(ClockSkewCheck.Latest)));
        var late = _state.LateBins(counted.Entries, _setup);
        Apply(counted);
        return [.. late.Select(l => _state.Bin(l.Bin, l.Duration, _setup)).OrderBy(b => b.Key.Duration)];
    }

    private void Apply(ApproachEvent e) => _state = _state.Apply(e, _setup);

    private List<FlowBin> Closed(BinDuration duration) =>
        [.. _state.Bins(new Interval(At(0), At(5 * 3600)), duration, _setup).Where(b => b.IsClosed)];

    private long Total() => _state.Status(_setup).Total(Movement.Entering);
}
