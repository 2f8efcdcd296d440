using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Delivery;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

public sealed class BinClosePolicyTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(120);

    private readonly ManualTime _time = new(At(0));
    private readonly BinClosePolicy _policy;

    public BinClosePolicyTests() => _policy = new BinClosePolicy(Lateness, TimeSpan.FromDays(3), _time);

    [Fact]
    public void Live_bins_close_one_lateness_behind_the_clock()
    {
        Assert.Null(DueAt(119));
        Assert.Equal(At(80), DueAt(200));
    }

    [Fact]
    public void Bins_of_a_recording_close_one_lateness_after_the_first_camera_was_there()
    {
        var recording = Live() with { Lag = TimeSpan.FromDays(1) };

        Assert.Null(DueAt(200, recording));
        Assert.Null(DueAt(319, recording));
        Assert.Equal(At(60), DueAt(320, recording));
    }

    [Fact]
    public void A_camera_whose_clock_is_slow_is_waited_for_by_its_own_clock()
    {
        DueAt(200);
        _policy.Observe(Cam1, new ClockReading(At(200 - 180), TimeSpan.Zero));

        Assert.Equal(At(230 - 180 - 120), DueAt(230));
    }

    [Theory]
    [InlineData(7_200)]
    [InlineData(-7_200)]
    public void A_server_whose_clock_is_set_closes_by_the_cameras_clocks(double step)
    {
        DueAt(200);
        _policy.Observe(Cam1, new ClockReading(At(200), TimeSpan.Zero));
        _time.Step(TimeSpan.FromSeconds(step));
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(At(110), _policy.Due(Live()));
    }

    [Fact]
    public void A_server_that_starts_with_a_clock_years_ahead_closes_nothing_before_it_hears_a_camera()
    {
        _time.Step(TimeSpan.FromDays(1_000));
        _time.Advance(Lateness);
        Assert.Null(_policy.Due(Live()));

        _policy.Observe(Cam1, new ClockReading(At(300), TimeSpan.Zero));
        Assert.Equal(At(180), _policy.Due(Live()));
    }

    [Fact]
    public void Changed_bins_are_revised_once_in_a_lateness_where_a_camera_does_not_come()
    {
        var changed = Live() with { Unsettled = Live().Unsettled.Add((1, At(0).UtcTicks)) };
        DueAt(200);
        Assert.Null(_policy.RevisionsDue(changed));
        _time.Advance(Lateness - TimeSpan.FromSeconds(1));
        Assert.Null(_policy.RevisionsDue(changed));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(At(200), _policy.RevisionsDue(changed));
        Assert.Null(_policy.RevisionsDue(changed));
    }

    private DateTimeOffset? DueAt(double seconds, ApproachState? state = null)
    {
        _time.Advance(At(seconds) - _time.GetUtcNow());
        return _policy.Due(state ?? Live());
    }

    private static ApproachState Live()
    {
        var setup = Setup(Cam1, Cam2);
        return ApproachState.Empty.Apply(
            ApproachState.Empty.Process(Batch(Cam1, 1, Watched(1, 0, 60)), setup, new AggregationSettings(), At(60))!, setup);
    }
}
