using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class TurningMatrixTests
{
    private static readonly ApproachId North = new("north");
    private static readonly ApproachId East = new("east");
    private static readonly ApproachId South = new("south");
    private static readonly IReadOnlyList<ApproachId> Arms = [North, East, South];
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void Rows_add_up_to_what_entered_and_columns_to_what_left_with_the_unknown()
    {
        var matrix = TurningMatrix.Of(Arms,
        [
            Bin(North, 0, Row(Movement.Entering, 10), Row(Movement.To(East), 3), Row(Movement.To(South), 5)),
            Bin(North, 5, Row(Movement.Entering, 4), Row(Movement.To(South), 4), Row(Movement.Exiting, 2)),
            Bin(South, 0, Row(Movement.Exiting, 12)),
        ]);

        Assert.Equal((3, 9), (matrix.Way(North, East).Count, matrix.Way(North, South).Count));
        Assert.Equal((14, 2), (matrix.Entering(North).Count, matrix.UnknownExit(North)));
        Assert.Equal((12, 3), (matrix.Exiting(South).Count, matrix.UnknownEntry(South)));
        Assert.Equal(14, matrix.Total.Count);
        foreach (var arm in Arms) Assert.Equal(matrix.Entering(arm).Count, Arms.Sum(to => matrix.Way(arm, to).Count) + matrix.UnknownExit(arm));
    }

    [Fact]
    public void One_class_alone_can_be_shown()
    {
        FlowBin[] bins = [Bin(North, 0, Row(Movement.To(East), 3), Row(Movement.To(East), 2, VehicleClass.Bus), Row(Movement.Entering, 2, VehicleClass.Bus))];

        Assert.Equal(2, TurningMatrix.Of(Arms, bins, VehicleClass.Bus).Way(North, East).Count);
        Assert.Equal(5, TurningMatrix.Of(Arms, bins).Way(North, East).Count);
    }

    private static FlowRow Row(Movement movement, int count, VehicleClass vehicleClass = VehicleClass.PassengerCar) => new(movement, vehicleClass, new FlowSums(count, 0, 0, 0, 0, 0));

    private static FlowBin Bin(ApproachId approach, int minute, params ImmutableArray<FlowRow> rows) => new(
        new BinKey(new SiteId("s"), approach, BinDuration.FiveMinutes, Noon.AddMinutes(minute)), Noon.AddMinutes(minute + 5), TimeSpan.FromMinutes(5), BinQuality.Complete, 1, rows, []);
}
