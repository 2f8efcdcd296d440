using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Tests.Support;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class RiderWatchTests
{
    [Fact]
    public void A_motorcycle_is_counted_when_the_looks_that_tell_it_come_behind_the_gate()
    {
        var film = Film.Run(4, 10, Film.Across(200), time => Rider(time, looks: time is > 2.4 and < 3 ? VehicleClass.Motorcycle : null));

        Assert.Equal("g Forward 2", film.Summary());
        Assert.Equal(VehicleClass.Motorcycle, film.Crossings[0].Class);
        Assert.Empty(film.Late);
    }

    [Fact]
    public void A_rider_that_is_never_classified_as_a_motorcycle_is_not_counted() =>
        Assert.Empty(Film.Run(4, 10, Film.Across(200), time => Rider(time, looks: null)).Crossings);

    [Fact]
    public void A_bicycle_that_looks_like_a_motorcycle_half_the_time_is_not_counted() =>
        Assert.Empty(Film.Run(
            4, 10, Film.Across(200), time => Rider(time, Math.Floor(time * 10) % 2 == 0 ? VehicleClass.Motorcycle : VehicleClass.Unclassified)).Crossings);

    [Fact]
    public void A_motorcycle_that_is_seen_as_vehicle_and_as_rider_is_counted_once()
    {
        var film = Film.Run(
            4, 10, Film.Across(200), time => Rider(time, VehicleClass.Motorcycle), time => Rider(time, VehicleClass.Motorcycle) with { Kind = DetectedKind.Vehicle, Score = 0.8f });

        Assert.Single(film.Crossings);
    }

    [Fact]
    public void A_motorcycle_beside_a_car_crosses_beside_it_in_order_of_time()
    {
        var film = Film.Run(
            4, 10, Film.Across(200), time => Film.Car(400, 110 + (40 * time)), time => Rider(time, VehicleClass.Motorcycle));

        Assert.Equal([VehicleClass.Motorcycle, VehicleClass.PassengerCar], film.Crossings.Select(c => c.Class));
        Assert.Equal(2, film.Crossings.Select(c => c.Track).Distinct().Count());
        Assert.True(film.Crossings[0].Time < film.Crossings[1].Time);
    }

    private static Found Rider(double time, VehicleClass? looks) => Film.Car(200, 120 + (40 * time), 0.3f, 14, 30) with
    {
        Kind = DetectedKind.Rider,
        Class = VehicleClass.Unclassified,
        Look = looks is { } said ? new ClassSample(said, 0.4f) : default,
    };
}
