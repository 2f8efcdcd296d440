using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Onnx.Recognition;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

public sealed class OnnxMetadataTests
{
    [Theory]
    [InlineData("{0: 'person', 1: 'bicycle', 2: 'car'}")]
    [InlineData("{\"0\": \"person\", \"1\": \"bicycle\", \"2\": \"car\"}")]
    [InlineData("['person', 'bicycle', 'car']")]
    [InlineData("[\"person\",\"bicycle\",\"car\"]")]
    public void Names_are_read_as_Python_and_JSON_print_them(string text) =>
        Assert.Equal(["0 person", "1 bicycle", "2 car"], Names(text)!.OrderBy(n => n.Key).Select(n => $"{n.Key} {n.Value}"));

    [Fact]
    public void A_name_may_hold_what_else_divides_names() =>
        Assert.Equal(["driver's cab", "a, b: {c}"], Names("{0: \"driver's cab\", 1: 'a, b: {c}'}")!.OrderBy(n => n.Key).Select(n => n.Value));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{a: 'b'}")]
    [InlineData("{0: }")]
    public void What_cannot_be_read_is_as_if_it_were_not_there(string text) => Assert.Null(Names(text));

    [Fact]
    public void Size_stride_and_task_are_read()
    {
        var metadata = new OnnxMetadata(new Dictionary<string, string> { ["imgsz"] = "[384, 640]", ["stride"] = "32", ["task"] = "Detect" });
        Assert.Equal(((640, 384), 32, "detect"), (metadata.PictureSize!.Value, metadata.Stride, metadata.Task));
        Assert.Null(OnnxMetadata.None.PictureSize);
        Assert.Null(OnnxMetadata.None.Task);
    }

    [Theory]
    [InlineData("car", DetectedKind.Vehicle, VehicleClass.PassengerCar)]
    [InlineData("Passenger Car", DetectedKind.Vehicle, VehicleClass.PassengerCar)]
    [InlineData("passenger-car", DetectedKind.Vehicle, VehicleClass.PassengerCar)]
    [InlineData("Van", DetectedKind.Vehicle, VehicleClass.LightGoods)]
    [InlineData("pickup_truck", DetectedKind.Vehicle, VehicleClass.LightGoods)]
    [InlineData("truck", DetectedKind.Vehicle, VehicleClass.HeavyGoods)]
    [InlineData("LKW", DetectedKind.Vehicle, VehicleClass.HeavyGoods)]
    [InlineData("バス", DetectedKind.Vehicle, VehicleClass.Bus)]
    [InlineData("motor", DetectedKind.Vehicle, VehicleClass.Motorcycle)]
    [InlineData("vehicle", DetectedKind.Vehicle, VehicleClass.Unclassified)]
    [InlineData("people", DetectedKind.Person, VehicleClass.Unclassified)]
    [InlineData("Person_sitting", DetectedKind.Person, VehicleClass.Unclassified)]
    [InlineData("bicycle", DetectedKind.Other, VehicleClass.Unclassified)]
    public void Names_of_well_known_data_sets_mean_what_they_say(string name, DetectedKind kind, VehicleClass which) =>
        Assert.Equal(new ClassMeaning(kind, which), ClassNames.Map(new Dictionary<int, string> { [7] = name })[7]);

    [Theory]
    [InlineData("traffic light")]
    [InlineData("train")]
    [InlineData("carpet")]
    public void Other_names_mean_nothing(string name) => Assert.Empty(ClassNames.Map(new Dictionary<int, string> { [0] = name }));

    [Fact]
    public void Every_class_of_ours_is_known_by_our_own_name()
    {
        foreach (var which in VehicleClassNames.All.Where(c => c != VehicleClass.Unclassified))
            Assert.Equal(which, ClassNames.Map(new Dictionary<int, string> { [0] = which.Name() })[0].Class);
    }

    private static IReadOnlyDictionary<int, string>? Names(string text) => new OnnxMetadata(new Dictionary<string, string> { ["names"] = text }).Names;
}
