using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Vision.Annotation;
using Xunit;
using static TrafficFlow.SystemTests.Privacy.StripedStreet;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>The pictures of films and of marking: who is tracked is coarsened also where the frame's detections missed him.</summary>
public sealed class ShownPictureCanaryTests
{
    private static readonly Box s_vehicle = new(100, 80, 96, 64);
    private static readonly Box s_rider = new(100, 80, 36, 64);

    [Fact]
    public void A_rider_that_is_missed_becomes_a_few_blocks()
    {
        var output = new PipelineOutput();
        output.Riders.Add(new TrackView(1, s_rider, VehicleClass.Unclassified, IsSeen: false));

        Assert.InRange(Stripes(s_rider, output), 0, Unreadable);
    }

    [Theory]
    [InlineData(VehicleClass.Motorcycle, true)]
    [InlineData(VehicleClass.PassengerCar, false)]
    public void A_narrow_track_is_coarsened_where_somebody_sits_on_it(VehicleClass vehicleClass, bool isCoarsened)
    {
        var output = new PipelineOutput();
        output.Tracks.Add(new TrackView(1, s_rider, vehicleClass, IsSeen: false));

        Assert.Equal(isCoarsened, Stripes(s_rider, output) < Unreadable);
    }

    [Fact]
    public void A_vehicle_that_is_missed_keeps_its_shape_only()
    {
        var output = new PipelineOutput();
        Assert.True(Stripes(s_vehicle, output) > Sharp);
        output.Tracks.Add(new TrackView(1, s_vehicle, VehicleClass.PassengerCar, IsSeen: false));

        Assert.InRange(Stripes(s_vehicle, output), 0, Unreadable);
    }

    [Theory]
    [InlineData(0.2f, true)]
    [InlineData(0.9f, false)]
    public void An_unsure_person_that_fills_half_the_picture_does_not_hide_the_street(float score, bool isShown)
    {
        using var shown = new ShownPicture();
        using var frame = Frame(s_vehicle);
        shown.Show(frame, [new Detection(new Box(0, 0, 0.6f * frame.Width, frame.Height), score, VehicleClass.Unclassified, DetectedKind.Person)]);

        Assert.Equal(isShown, StripedStreet.Stripes(shown, s_vehicle) > Sharp);
    }

    private static double Stripes(Box striped, PipelineOutput output)
    {
        using var shown = new ShownPicture();
        using var frame = Frame(striped);
        shown.Show(frame, [], output);
        return StripedStreet.Stripes(shown, striped);
    }
}
