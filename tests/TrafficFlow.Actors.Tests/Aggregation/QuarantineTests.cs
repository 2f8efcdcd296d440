using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

/// <summary>Wrong clocks: nothing that they stamped is counted into a bin, and nothing is lost.</summary>
public sealed class QuarantineTests
{
    private static readonly AggregationSettings Settings = new();
    private static readonly TimeSpan TwoHours = TimeSpan.FromHours(2);
    private ApproachSetup _setup = Setup(Cam1);
    private ApproachState _state = ApproachState.Empty;

    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public void A_clock_that_is_hours_off_brings_nothing_into_any_bin_and_everything_can_be_moved_to_its_time(int hours)
    {
        Take(Batch(Cam1, 1, Car(1, 5), Watched(2, 0, 60)), at: 60);
        // The node boots with a wrong clock and says so by its own stamps.
        var wrong = TimeSpan.FromHours(hours);
        var by = wrong.TotalSeconds;
        Take(Batch(Cam1, 2, Car(1, 70 + by), Watched(2, 60 + by, 120 + by)) with { Clock = new ClockReading(At(120 + by), TimeSpan.Zero) }, at: 121);

        Assert.Equal((1, 2, At(60)), (Total(), Status.Quarantined, _state.MaxWatermark));
        var run = Assert.Single(_state.Waiting(_setup).Runs);
        Assert.Equal((Cam1, 2, 1, 2), (run.Camera, run.Epoch, run.Vehicles, run.Entries));
        Assert.Equal(1 - by, run.ClockOffset!.Value.TotalSeconds, 3);

        // Set right: the next run counts at once, while the other waits.
        Take(Batch(Cam1, 3, Car(1, 130), Watched(2, 125, 180)) with { Clock = new ClockReading(At(180), TimeSpan.Zero) }, at: 180);
        Assert.Equal((2, 2), (Total(), Status.Quarantined));

        Decide(2, QuarantineAction.Release, -wrong);
        Assert.Equal((3, 0), (Total(), Status.Quarantined));
        Assert.Equal([1, 1, 1], Bins(BinDuration.OneMinute, 180).Select(b => b.Count(Movement.Entering)!.Value));
        Assert.All(Restored().Bins(new Interval(At(-10_000), At(10_000)), BinDuration.OneMinute, _setup), b => Assert.InRange(b.Key.Start, At(0), At(179)));
    }

    [Fact]
    public void What_was_stamped_before_the_clock_was_set_waits_although_the_clock_is_right_when_it_is_sent()
    {
        // Two hours slow, offline; then set right, and the link comes back: the outbox says by how much its clock moved since.
        Take(Batch(Cam1, 1, Car(1, 5), Watched(2, 0, 60)) with { Clock = new ClockReading(At(7_300), TwoHours) }, at: 7_300);

        Assert.Equal((0, 2), (Total(), Status.Quarantined));
        Assert.Equal(TwoHours, Assert.Single(_state.Waiting(_setup).Runs).ClockOffset);
    }

    [Fact]
    public void What_waited_in_its_outbox_for_hours_counts_where_its_clock_is_right()
    {
        Take(Batch(Cam1, 1, Car(1, 5), Watched(2, 0, 60)) with { Clock = new ClockReading(At(7_300), TimeSpan.Zero) }, at: 7_300);

        Assert.Equal((1, 0), (Total(), Status.Quarantined));
    }

    [Fact]
    public void One_stamp_of_the_future_closes_no_bin_and_holds_nothing_else_up()
    {
        Take(Batch(Cam1, 1, Car(1, 5), Watched(2, 0, 30), Watched(3, 30, 40_000), Car(4, 40_000), Car(5, 41), Watched(6, 40, 70)), at: 70);

        Assert.Equal((2, 2, At(70)), (Total(), Status.Quarantined, _state.ClosedThrough));
        Assert.Equal(1, Bins(BinDuration.OneMinute, 60).Single().Revision);
    }

    [Fact]
    public void What_is_released_into_closed_bins_revises_them_once()
    {
        Take(Batch(Cam1, 1, Watched(1, 0, 30)), at: 30);
        Take(Batch(Cam1, 2, Car(1, 7_235), Car(2, 7_236), Watched(3, 7_230, 7_260)), at: 60);
        Take(Batch(Cam1, 3, Watched(1, 60, 400)), at: 400);
        Assert.Equal(BinQuality.Partial, Bins(BinDuration.OneMinute, 60).Single().Quality);

        Decide(2, QuarantineAction.Release, -TwoHours);

        var bin = Bins(BinDuration.OneMinute, 60).Single();
        Assert.Equal((BinQuality.Complete, 2, 2), (bin.Quality, bin.Revision, bin.Count(Movement.Entering)));
    }

    [Fact]
    public void What_is_discarded_is_never_counted_and_delivered_again_it_is_known()
    {
        var wrong = Batch(Cam1, 2, Car(1, 7_235), Watched(2, 7_230, 7_260));
        Take(wrong, at: 60);
        Decide(2, QuarantineAction.Discard, TimeSpan.Zero);

        Assert.Equal((0, 0), (Total(), Status.Quarantined));
        Assert.Null(_state.Process(wrong, _setup, Settings, At(7_300)));
    }

    [Fact]
    public void Nothing_is_released_into_the_future_and_what_does_not_wait_is_named()
    {
        Take(Batch(Cam1, 2, Car(1, 7_235)), at: 60);

        Assert.Contains("still ahead", Problem(2, TimeSpan.Zero), StringComparison.Ordinal);
        Assert.Contains("still ahead", Problem(2, TimeSpan.MaxValue), StringComparison.Ordinal);
        Assert.Contains("first day", Problem(2, TimeSpan.MinValue + TimeSpan.FromTicks(1)), StringComparison.Ordinal);
        Assert.Contains("epoch 3", Problem(3, -TwoHours), StringComparison.Ordinal);
        Assert.Equal("", Problem(2, -TwoHours));
    }

    /// <summary>A server that starts with a clock hours ahead closes hours of bins blind; then the cameras deliver, each ten seconds.</summary>
    [Fact]
    public void A_bin_that_closed_too_early_is_revised_once_when_its_cameras_have_passed_its_end()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 10)), at: 10);
        Take(Batch(Cam2, 1, Watched(1, 0, 10, Cam2)), at: 10);
        Apply(_state.ProcessLateness(At(7_200), _setup, Settings, At(7_320))!);
        for (var s = 1; s < 720; s++)
        {
            Take(Batch(Cam1, 1, Car(2 * s, (10 * s) + 5), Watched((2 * s) + 1, 10 * s, 10 * (s + 1))), at: 10 * (s + 1));
            Take(Batch(Cam2, 1, Watched(s + 1, 10 * s, 10 * (s + 1), Cam2)), at: 10 * (s + 1));
        }

        foreach (var duration in BinDuration.All)
        {
            var published = _state.Unwritten.Values.Where(b => b.Bin.Key.Duration == duration && b.Bin.Key.Start < At(7_000)).GroupBy(b => b.Bin.Key.Start).ToList();
            Assert.NotEmpty(published);
            Assert.All(published, bin => Assert.Equal([1, 2], bin.Select(b => b.Bin.Revision)));
            Assert.All(published, bin => Assert.Equal(BinQuality.Complete, bin.Last().Bin.Quality));
        }
    }

    [Fact]
    public void A_changed_bin_whose_other_camera_never_comes_is_revised_when_it_is_due()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 10)), at: 10);
        Take(Batch(Cam2, 1, Watched(1, 0, 10, Cam2)), at: 10);
        Apply(_state.ProcessLateness(At(120), _setup, Settings, At(240))!);
        Take(Batch(Cam1, 1, Car(2, 15), Watched(3, 10, 125)), at: 250);
        Assert.Equal([1], Published(At(0)));

        Apply(_state.ProcessRevisions(At(130), _setup, At(370))!);

        Assert.Equal([1, 2], Published(At(0)));
        Assert.Null(_state.ProcessRevisions(At(130), _setup, At(370)));
        Assert.Equal(_state.Cursor, Restored().Cursor);
    }

    [Fact]
    public void Events_of_before_the_quarantine_revise_at_once_as_they_did()
    {
        _setup = Setup(Cam1, Cam2);
        Take(Batch(Cam1, 1, Watched(1, 0, 10)), at: 10);
        Apply(_state.ProcessLateness(At(60), _setup, Settings, At(180))!);
        Apply(_state.Process(Batch(Cam1, 1, Watched(2, 10, 20)), _setup, Settings, At(190))! with { Coalesces = false });

        Assert.Equal([1, 2], Published(At(0)));
    }

    private IEnumerable<int> Published(DateTimeOffset start) =>
        _state.Unwritten.Values.Where(b => b.Bin.Key.Start == start && b.Bin.Key.Duration == BinDuration.OneMinute).Select(b => b.Bin.Revision);

    private void Take(DeliveryBatch batch, double at) => Apply(Assert.IsType<BatchCounted>(_state.Process(batch, _setup, Settings, At(at))));

    private void Decide(long epoch, QuarantineAction action, TimeSpan shift)
    {
        var (resolved, problem) = _state.Process(new ResolveQuarantine(TestSites.Kokandori, TestSites.North, Cam1, epoch, action, shift), _setup, Settings, At(400));
        Assert.Equal("", problem);
        Apply(resolved!);
    }

    private string Problem(long epoch, TimeSpan shift) =>
        _state.Process(new ResolveQuarantine(TestSites.Kokandori, TestSites.North, Cam1, epoch, QuarantineAction.Release, shift), _setup, Settings, At(400)).Problem;

    private void Apply(ApproachEvent e)
    {
        _state = _state.Apply(e, _setup);
        Assert.Equal(ApproachSnapshots.Take(_state), ApproachSnapshots.Take(Restored()));
    }

    private ApproachState Restored() => ApproachSnapshots.Restore(ApproachSnapshots.Take(_state));

    private List<FlowBin> Bins(BinDuration duration, double until) =>
        [.. _state.Bins(new Interval(At(0), At(until)), duration, _setup)];

    private ApproachStatus Status => _state.Status(_setup);

    private long Total() => Status.Total(Movement.Entering);
}
