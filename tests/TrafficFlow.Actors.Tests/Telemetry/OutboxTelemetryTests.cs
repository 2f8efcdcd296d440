using System.Diagnostics;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Telemetry;

public sealed class OutboxTelemetryTests
{
    private static readonly long s_second = Stopwatch.Frequency;

    [Fact]
    public void The_oldest_entry_that_waits_tells_for_how_long_though_others_are_accepted()
    {
        var marks = new WaitingMarks();
        marks.Look(At(1), At(3), 100 * s_second);
        marks.Look(At(1), At(8), 160 * s_second);
        marks.Look(At(1), At(9), 220 * s_second);
        Assert.Equal(100 * s_second, marks.Oldest);

        // One approach has taken more; the first entry is still not everybody's.
        marks.Look(At(1), At(9), 300 * s_second);
        Assert.Equal(100 * s_second, marks.Oldest);
        marks.Look(At(4), At(9), 310 * s_second);
        Assert.Equal(160 * s_second, marks.Oldest);
        marks.Look(At(9), At(9), 320 * s_second);
        Assert.Equal(220 * s_second, marks.Oldest);
        marks.Look(null, At(9), 330 * s_second);
        Assert.Null(marks.Oldest);
    }

    [Fact]
    public void What_an_approach_asks_for_again_waits_since_then()
    {
        var marks = new WaitingMarks();
        marks.Look(null, At(50), 100 * s_second);
        marks.Look(At(20), At(50), 200 * s_second);

        Assert.Equal(200 * s_second, marks.Oldest);
    }

    [Fact]
    public void The_gauges_of_an_outbox_end_with_it()
    {
        using var listener = new Listener("ended");
        var telemetry = new OutboxTelemetry(new SiteId("ended"), new CameraId("cam"));
        var opened = OutboxState.Empty.Process(new OpenEpoch("run", TestSites.Motion, [TestSites.North])).Aggregate(OutboxState.Empty, (s, e) => s.Apply(e, 1));
        var state = opened.Process(new Store(1, [Car(1, 1), Car(2, 2)]), int.MaxValue).Aggregate(opened, (s, e) => s.Apply(e, 2));

        telemetry.Waiting(state);
        Assert.Equal(2, listener.Values("trafficflow.outbox.pending").Last());
        telemetry.Stopped();

        var told = listener.Values("trafficflow.outbox.pending").Count();
        Assert.Equal(told, listener.Values("trafficflow.outbox.pending").Count());
        Assert.Equal(listener.Values("trafficflow.outbox.delivery.wait").Count(), listener.Values("trafficflow.outbox.delivery.wait").Count());
    }

    private static LogPosition At(long sequence) => new(1, sequence);
}
