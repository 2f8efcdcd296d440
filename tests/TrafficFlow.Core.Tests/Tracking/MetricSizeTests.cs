using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;
using Xunit;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class MetricSizeTests
{
    [Theory]
    [InlineData(VehicleClass.HeavyGoods, 4.7, 0.2, VehicleClass.LightGoods, VehicleSize.Small)]
    [InlineData(VehicleClass.LightGoods, 7.5, 0.3, VehicleClass.HeavyGoods, VehicleSize.Large)]
    [InlineData(VehicleClass.HeavyGoods, 8.4, 0.3, VehicleClass.HeavyGoods, VehicleSize.Large)]
    [InlineData(VehicleClass.HeavyGoods, 5.5, 0.2, VehicleClass.HeavyGoods, VehicleSize.Large)]
    [InlineData(VehicleClass.HeavyGoods, 4.0, 1.2, VehicleClass.HeavyGoods, VehicleSize.Large)]
    [InlineData(VehicleClass.PassengerCar, 5.9, 0.1, VehicleClass.PassengerCar, VehicleSize.Small)]
    [InlineData(VehicleClass.PassengerCar, 7.0, 0.1, VehicleClass.PassengerCar, VehicleSize.Unknown)]
    [InlineData(VehicleClass.PassengerCar, 1.7, 0.2, VehicleClass.PassengerCar, VehicleSize.Unknown)]
    [InlineData(VehicleClass.PassengerCar, 1.7, 0.8, VehicleClass.PassengerCar, VehicleSize.Small)]
    [InlineData(VehicleClass.Bus, 4.0, 0.1, VehicleClass.Bus, VehicleSize.Unknown)]
    [InlineData(VehicleClass.Unclassified, 1.7, 0.1, VehicleClass.Unclassified, VehicleSize.Unknown)]
    [InlineData(VehicleClass.Unclassified, 4.4, 0.3, VehicleClass.Unclassified, VehicleSize.Small)]
    [InlineData(VehicleClass.Unclassified, 10.5, 1.0, VehicleClass.Unclassified, VehicleSize.Large)]
    [InlineData(VehicleClass.Unclassified, 5.8, 0.1, VehicleClass.Unclassified, VehicleSize.Unknown)]
    public void Length_divides_goods_vehicles_and_sizes_what_has_no_class(
        VehicleClass voted, double metres, double deviation, VehicleClass refined, VehicleSize size) =>
        Assert.Equal((refined, size), MetricSize.Refine(voted, new Sized(metres, deviation)));

    [Theory]
    [InlineData(VehicleClass.PassengerCar, 4.3, 0.3, true)]
    [InlineData(VehicleClass.PassengerCar, 1.7, 0.1, false)]
    [InlineData(VehicleClass.PassengerCar, 4.3, 1.1, false)]
    [InlineData(VehicleClass.Motorcycle, 1.9, 0.2, true)]
    [InlineData(VehicleClass.Motorcycle, 4.3, 0.2, false)]
    [InlineData(VehicleClass.LightGoods, 1.7, 0.1, false)]
    [InlineData(VehicleClass.HeavyGoods, 16.5, 1.2, true)]
    [InlineData(VehicleClass.Bus, 12, 0.6, true)]
    [InlineData(VehicleClass.Unclassified, 4.3, 0.3, true)]
    [InlineData(VehicleClass.Unclassified, 1.7, 0.1, false)]
    public void A_length_is_told_where_it_is_certain_and_fits_the_class(VehicleClass vehicleClass, double metres, double deviation, bool isTold) =>
        Assert.Equal(isTold ? metres : null, MetricSize.Credible(vehicleClass, new Sized(metres, deviation)));

    [Fact]
    public void Without_a_length_the_vote_stands()
    {
        foreach (var voted in VehicleClassNames.All) Assert.Equal((voted, voted.Size()), MetricSize.Refine(voted, null));
    }

    [Theory]
    [InlineData(VehicleClass.HeavyGoods, 4.7, 1.7, 2.0, VehicleClass.LightGoods)]
    [InlineData(VehicleClass.HeavyGoods, 8.4, 2.4, 3.2, VehicleClass.HeavyGoods)]
    [InlineData(VehicleClass.LightGoods, 8.4, 2.4, 3.2, VehicleClass.HeavyGoods)]
    public void A_crossing_has_the_class_that_its_length_allows(VehicleClass seen, double length, double width, double height, VehicleClass expected)
    {
        var camera = new StreetCamera();
        var film = Film.Run(5, 10, camera.Setup(10, camera.Gate("g", 0, 24, 0, 36)), t =>
            camera.See(new Block(-24 + (10 * t), 30, 90, 10, length, width, height), seen));

        Assert.Equal(expected, film.Crossings.Single().Class);
        Assert.Equal(expected.Size(), film.Crossings.Single().Size);
        Assert.InRange(film.Crossings.Single().LengthMetres!.Value, length - 0.6, length + 0.6);
    }
}
