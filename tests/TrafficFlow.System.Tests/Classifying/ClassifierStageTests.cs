using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Vision.Classifying;
using Xunit;

namespace TrafficFlow.SystemTests.Classifying;

public sealed class ClassifierStageTests
{
    private static readonly ScoreBands s_scores = new(0.1f, 0.3f, 0.3f);
    private readonly ClassifierReading _reading = new(0.4f);

    [Theory]
    [InlineData(DetectedKind.Other)]
    [InlineData(DetectedKind.Person)]
    public void Everything_that_may_ride_is_named_a_rider(DetectedKind kind)
    {
        List<Detection> detections = [new(new Box(100, 100, 14, 30), 0.2f, VehicleClass.Unclassified, kind)];

        Riders.Name(detections, s_scores);

        Assert.Equal(DetectedKind.Rider, detections[0].Kind);
    }

    [Fact]
    public void A_slender_walker_a_second_box_and_part_of_a_sure_vehicle_are_no_riders()
    {
        List<Detection> detections =
        [
            new(new Box(10, 100, 8, 30), 0.4f, VehicleClass.Unclassified, DetectedKind.Person),
            new(new Box(100, 100, 14, 30), 0.4f, VehicleClass.Unclassified, DetectedKind.Other),
            new(new Box(101, 101, 14, 30), 0.3f, VehicleClass.Unclassified, DetectedKind.Person),
            new(new Box(200, 100, 20, 30), 0.6f, VehicleClass.Unclassified),
            new(new Box(201, 100, 20, 30), 0.3f, VehicleClass.Unclassified, DetectedKind.Other),
        ];

        Riders.Name(detections, s_scores);

        Assert.Equal(
            [DetectedKind.Person, DetectedKind.Rider, DetectedKind.Person, DetectedKind.Vehicle, DetectedKind.Other], detections.Select(d => d.Kind));
    }

    [Fact]
    public void A_look_takes_the_best_box_on_the_vehicle_and_none_beside_it()
    {
        var car = new Detection(new Box(100, 100, 60, 40), 0.8f, VehicleClass.Unclassified);
        List<Detection> found =
        [
            new(new Box(180, 100, 60, 40), 0.9f, VehicleClass.Bus),
            new(new Box(98, 101, 62, 40), 0.5f, VehicleClass.PassengerCar),
            new(new Box(102, 98, 58, 44), 0.7f, VehicleClass.HeavyGoods),
        ];

        Assert.Equal(new ClassSample(VehicleClass.HeavyGoods, 0.7f), _reading.Of(car, found));
    }

    [Fact]
    public void A_motorcycle_without_its_rider_is_the_riders_and_a_bicycle_speaks_against_it()
    {
        var rider = new Detection(new Box(100, 100, 15, 32), 0.3f, VehicleClass.Unclassified, DetectedKind.Rider);

        Assert.Equal(new ClassSample(VehicleClass.Motorcycle, 0.4f), _reading.Of(rider, [new(new Box(100, 115, 15, 18), 0.4f, VehicleClass.Motorcycle)]));
        Assert.Equal(
            new ClassSample(VehicleClass.Unclassified, 0.5f),
            _reading.Of(rider, [new(new Box(100, 115, 15, 18), 0.4f, VehicleClass.Motorcycle), new(new Box(100, 112, 15, 20), 0.5f, VehicleClass.Unclassified, DetectedKind.Other)]));
    }

    [Fact]
    public void What_was_never_looked_at_comes_before_what_was_and_a_moving_rider_before_all()
    {
        var box = new Box(100, 100, 30, 30);
        var (fresh, known, rider) = (new ClassifierSubject(box, DetectedKind.Vehicle, 0), new ClassifierSubject(box, DetectedKind.Vehicle, 0), new ClassifierSubject(box, DetectedKind.Rider, 0));
        known.Looked(0);
        Assert.True(rider.Worth(2, 10) == 0, "a rider who stands crosses no gate");

        rider.See(box with { X = 130 }, 2);

        Assert.True(fresh.Worth(2, 10) > known.Worth(2, 10));
        Assert.True(rider.Worth(2, 10) > fresh.Worth(2, 10));
    }

    [Fact]
    public void A_vehicle_is_not_looked_at_for_ever()
    {
        var subject = new ClassifierSubject(new Box(100, 100, 30, 30), DetectedKind.Vehicle, 0);
        var looks = 0;
        for (var time = 0.0; time < 60; time += 0.1)
        {
            subject.See(subject.Box with { Width = 30 + (float)time, Height = 30 + (float)time }, time);
            if (subject.Worth(time, 10) == 0) continue;
            subject.Looked(time);
            looks++;
        }

        Assert.InRange(looks, 3, 5);
    }

    [Fact]
    public void What_is_too_small_is_not_looked_at() => Assert.Equal(0, new ClassifierSubject(new Box(0, 0, 9, 40), DetectedKind.Vehicle, 0).Worth(1, 10));
}
