using TrafficFlow.Server.Aggregation;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Aggregation;

public sealed class BinClosePolicyTests
{
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(120);

    [Fact]
    public void Live_bins_close_one_lateness_behind_the_clock()
    {
        var clock = new BinClosePolicy(Lateness, At(0));

        Assert.Null(clock.Due(Live(), At(119)));
        Assert.Equal(At(80), clock.Due(Live(), At(200)));
    }

    [Fact]
    public void Bins_of_a_recording_close_one_lateness_after_the_first_camera_was_there()
    {
        var clock = new BinClosePolicy(Lateness, At(100_000));
        var recording = Live() with { Lag = TimeSpan.FromDays(1) };

        Assert.Null(clock.Due(recording, At(100_200)));
        Assert.Null(clock.Due(recording, At(100_319)));
        Assert.Equal(At(60), clock.Due(recording, At(100_320)));
    }

    private static ApproachState Live()
    {
        var setup = Setup(Cam1, Cam2);
        return ApproachState.Empty.Apply(
            ApproachState.Empty.Process(Batch(Cam1, 1, Watched(1, 0, 60)), setup, new AggregationSettings(), At(60))!, setup);
    }
}
