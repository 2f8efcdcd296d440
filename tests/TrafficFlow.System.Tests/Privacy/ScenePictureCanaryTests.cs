using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Vision.Annotation;
using Xunit;
using static TrafficFlow.SystemTests.Privacy.StripedStreet;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>The picture of the proposed gates is a mean of many frames: stripes on whoever stood before the camera must not be in it.</summary>
public sealed class ScenePictureCanaryTests
{
    private static readonly Box s_place = new(100, 80, 96, 64);
    private static readonly Box s_elsewhere = new(210, 80, 96, 64);

    public static TheoryData<string, int, Func<int, bool>, Func<int, bool>> Stands => new()
    {
        { "leaves before the last sample", 20, i => i < 19, _ => true },
        { "is missed in the last sample", 20, _ => true, i => i < 19 },
        { "is missed in half of the samples", 40, _ => true, i => i % 2 == 0 },
        { "is taken for background after four sights", 400, _ => true, i => i < 4 },
        { "passes a clip of two samples", 2, i => i == 0, _ => true },
        { "is missed in one of two samples", 2, _ => true, i => i == 0 },
    };

    [Theory]
    [MemberData(nameof(Stands))]
    public void Whoever_stood_before_the_camera_is_coarsened(string name, int samples, Func<int, bool> isThere, Func<int, bool> isDetected)
    {
        foreach (var kind in Enum.GetValues<DetectedKind>())
        {
            using var scene = new SceneAverage();
            for (var i = 0; i < samples; i++)
                Add(scene, isThere(i) ? s_place : null, isThere(i) && isDetected(i) ? [new Detection(s_place, 0.9f, VehicleClass.Unclassified, kind)] : []);

            Assert.True(Stripes(scene, s_place) < Unreadable, $"a {kind} that {name}: {Stripes(scene, s_place):0}");
        }
    }

    [Theory]
    [InlineData(VehicleClass.PassengerCar, false)]
    [InlineData(VehicleClass.Unclassified, true)]
    public void Who_is_tracked_is_coarsened_in_samples_that_miss_him(VehicleClass vehicleClass, bool isRider)
    {
        using var scene = new SceneAverage();
        var output = new PipelineOutput();
        (isRider ? output.Riders : output.Tracks).Add(new TrackView(1, s_place, vehicleClass, IsSeen: false));
        for (var i = 0; i < 100; i++) Add(scene, i < 2 ? s_place : s_elsewhere, [], i < 2 ? output : null);

        Assert.True(Stripes(scene, s_place) < 1);
    }

    [Fact]
    public void What_nobody_was_seen_at_stays_sharp()
    {
        using var scene = new SceneAverage();
        for (var i = 0; i < 20; i++) Add(scene, s_place, [new Detection(s_elsewhere, 0.9f, VehicleClass.Unclassified)]);

        Assert.True(Stripes(scene, s_place) > Sharp, "the stripes are not seen even where nobody was: this test proves nothing");
    }

    private static void Add(SceneAverage scene, Box? striped, Detection[] detections, PipelineOutput? output = null)
    {
        using var frame = Frame(striped);
        scene.Add(frame, detections, output ?? new PipelineOutput());
    }

    private static double Stripes(SceneAverage scene, Box box)
    {
        using var shown = new ShownPicture();
        shown.Show(scene);
        return StripedStreet.Stripes(shown, box);
    }
}
