using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

public sealed class CountResultsTests
{
    [Fact]
    public void Flows_tell_mean_speeds_and_leave_unknown_ones_empty()
    {
        var output = new PipelineOutput();
        output.Passages.AddRange([Passage(1, VehicleClass.PassengerCar, 30), Passage(2, VehicleClass.PassengerCar, 60), Passage(3, VehicleClass.Bus, null)]);
        var tally = new CountTally(Recording.UndatedStart);
        tally.Add(output, frames: 1);

        var text = CountResults.Flows(tally);

        Assert.Equal(
            "camera,from_gate,to_gate,class,count,mean_speed_kmh,space_mean_speed_kmh,speeds\n"
            + "cam1,in,out,passenger-car,2,45.0,40.0,2\n"
            + "cam1,in,out,bus,1,,,0\n",
            text);
    }

    private static FlowPassage Passage(long track, VehicleClass vehicleClass, double? speed) => new(
        new CameraId("cam1"), new GateId("in"), CrossingDirection.Forward, new GateId("out"), CrossingDirection.Forward, track,
        Recording.UndatedStart, Recording.UndatedStart.AddSeconds(4), vehicleClass, vehicleClass.Size(), 1)
    {
        SpeedKmh = speed,
    };
}
