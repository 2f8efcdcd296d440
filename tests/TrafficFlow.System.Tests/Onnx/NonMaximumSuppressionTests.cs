using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

public sealed class NonMaximumSuppressionTests
{
    [Fact]
    public void Of_boxes_on_one_vehicle_the_surest_stays() => Assert.Equal([0.9f], Left(Car(0, 0.5f), Car(1, 0.9f), Car(2, 0.7f)));

    [Fact]
    public void A_van_that_is_reported_as_car_and_as_lorry_is_one() =>
        Assert.Equal([0.8f], Left(Car(0, 0.6f), Car(0, 0.8f) with { Class = VehicleClass.HeavyGoods }));

    [Fact]
    public void A_person_before_a_car_stays() =>
        Assert.Equal([0.9f, 0.4f], Left(Car(0, 0.9f), Car(0, 0.4f) with { Kind = DetectedKind.Person, Class = VehicleClass.Unclassified }));

    [Fact]
    public void Cars_side_by_side_stay() => Assert.Equal([0.9f, 0.8f, 0.7f], Left(Car(20, 0.8f), Car(0, 0.7f), Car(40, 0.9f)));

    [Fact]
    public void What_was_suppressed_suppresses_nothing() =>
        // In a chain, the second hides behind the first; the third overlaps the second alone.
        Assert.Equal([0.9f, 0.7f], Left(Car(0, 0.9f), Car(5, 0.8f), Car(10, 0.7f)));

    [Theory]
    [InlineData(10, 1)]
    [InlineData(4, 1)]
    [InlineData(20, 2)]
    public void The_limit_is_the_overlap_that_two_vehicles_may_have(float apart, int stay)
    {
        // Boxes of 30 pixels: 10 apart overlap by a half, and a half is not more than a half.
        var limit = apart == 10 ? 0.499f : 0.5f;
        Assert.Equal(stay, Left(limit, Car(0, 0.9f, 30), Car(apart, 0.8f, 30)).Count);
    }

    [Fact]
    public void Nothing_and_one_are_left_alone()
    {
        Assert.Empty(Left());
        Assert.Equal([0.1f], Left(Car(0, 0.1f)));
    }

    [Fact]
    public void The_order_in_which_they_came_does_not_matter()
    {
        var random = new Random(3);
        var many = Enumerable.Range(0, 60).Select(_ => Car(random.Next(200), random.Next(1, 10) / 10f)).ToArray();
        var expected = Left(many);
        for (var i = 0; i < 20; i++)
        {
            random.Shuffle(many);
            Assert.Equal(expected, Left(many));
        }
    }

    private static Detection Car(float x, float score, float width = 20) => new(new Box(x, 10, width, 10), score, VehicleClass.PassengerCar);

    private static List<float> Left(params Detection[] detections) => Left(0.55f, detections);

    private static List<float> Left(float limit, params Detection[] detections)
    {
        var list = detections.ToList();
        NonMaximumSuppression.Apply(list, limit);
        return [.. list.Select(d => d.Score)];
    }
}
