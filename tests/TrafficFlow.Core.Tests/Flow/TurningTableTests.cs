using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class TurningTableTests
{
    private static readonly ApproachId North = new("north");
    private static readonly ApproachId South = new("south");

    private static readonly CameraSetup Camera = Film.Camera(
        10,
        Film.Across(100, "n") with { Forward = new GateMeaning(GateRole.Enters, North), Backward = new GateMeaning(GateRole.Exits, North) },
        Film.Across(200, "s") with { Forward = new GateMeaning(GateRole.Exits, South) });

    [Fact]
    public void Each_vehicle_counts_once_though_it_passed_two_gates()
    {
        var table = TurningTable.Of(Camera, [Cross("n", 1), Cross("s", 1), Cross("n", 2), Cross("s", 3)], [Turn(1, "n", "s")])!;

        Assert.Equal(1, table.Count(North, South));
        Assert.Equal(1, table.Count(North, null));
        Assert.Equal(1, table.Count(null, South));
        Assert.Equal(3, table.All.Sum(t => t.Count));
    }

    [Fact]
    public void A_class_that_was_voted_later_does_not_tear_entry_and_way_apart()
    {
        var table = TurningTable.Of(Camera, [Cross("n", 1, VehicleClass.PassengerCar)], [Turn(1, "n", "s", VehicleClass.Bus)])!;

        Assert.Equal([new Turning(North, South, VehicleClass.Bus, 1)], table.All);
    }

    [Fact]
    public void A_turn_back_is_a_movement_too()
    {
        var table = TurningTable.Of(Camera, [], [Turn(1, "n", "n", direction: CrossingDirection.Backward)])!;

        Assert.Equal(1, table.Count(North, North));
    }

    [Fact]
    public void Gates_without_an_exit_tell_no_movement() =>
        Assert.Null(TurningTable.Of(Film.Camera(10, Film.Across(100, "n") with { Forward = new GateMeaning(GateRole.Enters, North) }), [Cross("n", 1)], []));

    private static Crossing Cross(string gate, long track, VehicleClass vehicleClass = VehicleClass.PassengerCar) =>
        new(Camera.Id, new GateId(gate), CrossingDirection.Forward, track, Film.At(1), vehicleClass, vehicleClass.Size(), null, 1);

    private static FlowPassage Turn(
        long track, string from, string to, VehicleClass vehicleClass = VehicleClass.PassengerCar, CrossingDirection direction = CrossingDirection.Forward) => new(
        Camera.Id, new GateId(from), CrossingDirection.Forward, new GateId(to), direction, track, Film.At(1), Film.At(4), vehicleClass, vehicleClass.Size(), 1);
}
