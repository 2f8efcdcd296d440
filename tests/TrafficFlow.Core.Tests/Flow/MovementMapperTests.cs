using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class MovementMapperTests
{
    private static readonly ApproachId North = new("north");
    private static readonly ApproachId South = new("south");

    private static readonly MovementMapper Map = new(Film.Camera(
        10,
        Film.Across(100, "n") with { Forward = new GateMeaning(GateRole.Enters, North), Backward = new GateMeaning(GateRole.Exits, North) },
        Film.Across(200, "s") with { Forward = new GateMeaning(GateRole.Exits, South) },
        Film.Across(300, "plain")));

    public static TheoryData<string, CrossingDirection, string, string> Crossings => new()
    {
        { "n", CrossingDirection.Forward, "north", "entering" },
        { "n", CrossingDirection.Backward, "north", "exiting" },
        { "s", CrossingDirection.Forward, "south", "exiting" },
        { "s", CrossingDirection.Backward, "_gates", "cam1 s backward" },
        { "plain", CrossingDirection.Forward, "_gates", "cam1 plain forward" },
        { "plain", CrossingDirection.Backward, "_gates", "cam1 plain backward" },
        { "unknown", CrossingDirection.Forward, "_gates", "cam1 unknown forward" },
    };

    /// <summary>Gates and directions of a passage, and "approach: movement", or nothing where it is no movement.</summary>
    public static TheoryData<string, CrossingDirection, string, CrossingDirection, string> Passages => new()
    {
        { "n", CrossingDirection.Forward, "s", CrossingDirection.Forward, "north: to south" },
        { "n", CrossingDirection.Forward, "n", CrossingDirection.Backward, "north: to north" },
        { "s", CrossingDirection.Forward, "n", CrossingDirection.Forward, "" },
        { "n", CrossingDirection.Forward, "s", CrossingDirection.Backward, "" },
        { "n", CrossingDirection.Forward, "plain", CrossingDirection.Forward, "" },
        { "plain", CrossingDirection.Forward, "s", CrossingDirection.Forward, "" },
        { "n", CrossingDirection.Backward, "s", CrossingDirection.Forward, "" },
    };

    [Theory]
    [MemberData(nameof(Crossings))]
    public void A_crossing_counts_where_its_gate_says(string gate, CrossingDirection direction, string approach, string movement)
    {
        var crossing = new Crossing(
            new CameraId("cam1"), new GateId(gate), direction, 5, Film.At(3), VehicleClass.Bus, VehicleSize.Large, 31.5, 0.8);

        var counted = Map.Count(crossing);

        Assert.Equal(
            new CountedVehicle(
                new CameraId("cam1"), new ApproachId(approach), new Movement(movement), Film.At(3), VehicleClass.Bus, VehicleSize.Large, 31.5),
            counted);
    }

    [Theory]
    [MemberData(nameof(Passages))]
    public void A_passage_counts_when_it_leads_from_an_approach_to_an_exit(
        string from, CrossingDirection fromDirection, string to, CrossingDirection toDirection, string expected)
    {
        var passage = new FlowPassage(
            new CameraId("cam1"), new GateId(from), fromDirection, new GateId(to), toDirection, 5, Film.At(3), Film.At(9), VehicleClass.Bus, VehicleSize.Large, 0.8);

        var counted = Map.Count(passage);

        Assert.Equal(expected, string.Join("; ", counted.Select(c => $"{c.Approach}: {c.Movement}")));
        Assert.All(counted, c => Assert.Equal(Film.At(9), c.Time));
    }

    [Fact]
    public void A_vehicle_that_two_cameras_see_leave_exits_once_with_the_entry_it_came_from()
    {
        var exit = Film.Across(200, "s") with { Forward = new GateMeaning(GateRole.Exits, South) };
        var first = Film.Camera(10, Film.Across(100, "n") with { Forward = new GateMeaning(GateRole.Enters, North) }, exit);
        var second = Film.Camera(10, exit) with { Id = new CameraId("cam2") };
        var site = new Site(new SiteId("twice"), "", TimeZoneInfo.Utc, [], [first, second], "");
        var passage = new FlowPassage(
            first.Id, new GateId("n"), CrossingDirection.Forward, new GateId("s"), CrossingDirection.Forward, 5, Film.At(3), Film.At(9), VehicleClass.Bus, VehicleSize.Large, 0.8);
        var crossing = new Crossing(first.Id, new GateId("s"), CrossingDirection.Forward, 5, Film.At(9), VehicleClass.Bus, VehicleSize.Large, null, 0.8);

        Assert.Null(new MovementMapper(first, site).Count(crossing));
        Assert.Null(new MovementMapper(second, site).Count(crossing with { Camera = second.Id }));
        Assert.Equal(["north to south", "south exiting"], new MovementMapper(first, site).Count(passage).Select(c => $"{c.Approach} {c.Movement}"));
    }

    [Fact]
    public void A_camera_feeds_every_approach_that_its_gates_name_and_the_gates_without_meaning() =>
        Assert.Equal(["_gates", "north", "south"], Map.Feeds.Select(f => f.Value).Order(StringComparer.Ordinal));
}
