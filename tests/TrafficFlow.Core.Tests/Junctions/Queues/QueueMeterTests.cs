using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Junctions.Queues;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Junctions.Queues;

/// <summary>Queues by hand before the north arm's entering gate, which lies 9.5 m north of the middle: vehicles there drive south.</summary>
public sealed class QueueMeterTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 7, 0, 30, TimeSpan.FromHours(9));
    private static readonly ApproachId North = new("north");

    private readonly QueueMeter _meter = new(GroundGates.Of(MapSite.Site));

    [Fact]
    public void The_back_of_queue_reaches_to_the_rear_of_the_last_vehicle()
    {
        Measure(0, [Standing(1, 12.5), Standing(2, 19.5), Standing(3, 40)]);
        Measure(1, [Standing(1, 12.5), Standing(2, 19.5), Standing(3, 40)]);

        var queue = Of(North, until: 1);

        Assert.Equal(1, queue.Seconds, 6);
        // The third stands 16 m behind the second.
        Assert.Equal(40 - 9.5 + 2.5, queue.MaxMetres, 6);
        Assert.Equal(queue.MaxMetres, queue.MeanMetres!.Value, 6);
        Assert.Equal(3, queue.MaxVehicles);
    }

    [Fact]
    public void What_stands_far_behind_stands_for_another_reason()
    {
        Measure(0, [Standing(1, 12.5), Standing(2, 50)]);
        Measure(1, [Standing(1, 12.5), Standing(2, 50)]);

        Assert.Equal(1, Of(North, until: 1).MaxVehicles);
    }

    [Fact]
    public void The_tail_of_a_queue_counts_while_its_head_drives_off()
    {
        Measure(0, [Standing(1, 12.5), Standing(2, 20), Standing(3, 27), Standing(4, 34)]);
        Measure(1, [Driving(1, 5, 25), Driving(2, 12, 25), Driving(3, 22, 25), Standing(4, 34)]);
        // So does one that comes behind it.
        Measure(2, [Driving(3, 12, 40), Standing(4, 34), Standing(5, 45)]);

        _meter.Take(1, Start);
        var queue = Of(North, until: 2);

        Assert.Equal(2, queue.MaxVehicles);
        Assert.Equal(45 - 9.5 + 2.5, queue.MaxMetres, 6);
    }

    [Fact]
    public void A_vehicle_that_creeps_stays_queued_and_one_that_drives_never_was()
    {
        Measure(0, [Standing(1, 12.5), Standing(2, 20), Driving(3, 26, 30)]);
        Measure(1, [Standing(1, 12.5), Driving(2, 19, 8), Driving(3, 23, 8)]);

        Assert.Equal(2, Of(North, until: 1).MaxVehicles);
    }

    [Fact]
    public void What_drives_the_other_way_or_is_on_the_junction_is_no_queue_here()
    {
        QueueCandidate[] vehicles = [new(1, new GroundPoint(-3, 14), 0, 1, 0, 5), Standing(2, 3), new(3, new GroundPoint(-14, 3), 1, 0, 0, 5)];
        Measure(0, vehicles);
        Measure(1, vehicles);

        var readings = _meter.Take(1, Start).ToDictionary(r => r.Approach, r => r.Sums);

        // The third stands before the west arm's gate.
        Assert.Equal(1, readings[new ApproachId("west")].MaxVehicles);
        Assert.All(readings.Where(r => r.Key.Value != "west"), r => Assert.Equal(0, r.Value.MaxVehicles));
        Assert.Equal(0, readings[North].MeanMetres);
    }

    [Fact]
    public void What_stands_longer_than_any_red_is_parked()
    {
        for (var second = 0; second <= 320; second++) Measure(second, [Standing(1, 12.5)]);

        _meter.Take(310, Start);

        Assert.Equal(0, Of(North, until: 320).MaxVehicles);
    }

    [Fact]
    public void Time_that_nobody_watched_is_not_measured()
    {
        Measure(0, []);
        Measure(1, []);
        Measure(30, []);
        Measure(31, []);

        Assert.Equal(2, _meter.Take(31, Start).Where(r => r.Approach == North).Sum(r => r.Sums.Seconds), 6);
    }

    [Fact]
    public void An_approach_whose_camera_is_gone_is_missing_and_not_empty()
    {
        Measure(0, [Standing(1, 12.5)]);
        for (var second = 1; second <= 10; second++)
        {
            foreach (var camera in MapSite.Site.Cameras.Where(c => c.Id != MapSite.CameraOf(0))) _meter.Watch(camera.Id, second);
            _meter.Measure(second, []);
        }

        var readings = _meter.Take(10, Start).ToLookup(r => r.Approach, r => r.Sums.Seconds);

        Assert.Equal(3, readings[North].Sum(), 6);
        Assert.Equal(10, readings[new ApproachId("east")].Sum(), 6);
    }

    [Fact]
    public void Each_minute_has_its_own_reading_and_none_is_given_twice()
    {
        for (var second = 0; second <= 60; second++) Measure(second, second < 30 ? [] : [Standing(1, 12.5)]);

        var readings = _meter.Take(60, Start).Where(r => r.Approach == North).ToList();

        Assert.Equal([Start, Start.AddSeconds(30)], readings.Select(r => r.From));
        Assert.Equal([30, 30], readings.Select(r => r.Sums.Seconds));
        Assert.Equal(1, readings[1].Sums.MaxVehicles);
        Assert.Equal(1, readings[0].Sums.MaxVehicles);
        Assert.Equal(30, readings[1].Sums.VehicleSeconds, 6);
        Assert.True(_meter.Take(60, Start).IsEmpty);
    }

    private void Measure(double now, IEnumerable<QueueCandidate> vehicles)
    {
        foreach (var camera in MapSite.Site.Cameras) _meter.Watch(camera.Id, now);
        _meter.Measure(now, vehicles);
    }

    private QueueSums Of(ApproachId approach, double until) =>
        _meter.Take(until, Start).Where(r => r.Approach == approach).Select(r => r.Sums).Aggregate((a, b) => a + b);

    private static QueueCandidate Standing(long number, double north) => Driving(number, north, 0);

    private static QueueCandidate Driving(long number, double north, double kmh) => new(number, new GroundPoint(3.5, north), 0, -1, kmh, 5);
}
