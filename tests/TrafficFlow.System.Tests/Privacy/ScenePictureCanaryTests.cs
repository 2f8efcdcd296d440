using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Vision.Annotation;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>The picture of the proposed gates is a mean of many frames: stripes on whoever stood before the camera must not be in it.</summary>
public sealed class ScenePictureCanaryTests
{
    private const int Width = 320;
    private const int Height = 240;
    private const double Sharp = 100;

    /// <summary>Of 255: stripes that nobody can read.</summary>
    private const double Unreadable = 12;

    private static readonly FramePool s_pool = new(Width * Height * 3, 1);
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

    [Fact]
    public void A_tracked_vehicle_is_coarsened_in_samples_that_miss_it()
    {
        using var scene = new SceneAverage();
        var output = new PipelineOutput();
        output.Tracks.Add(new TrackView(1, s_place, VehicleClass.PassengerCar, IsSeen: false));
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
        using var captured = new CapturedFrame(s_pool, Width, Height);
        captured.Buffer.AsSpan().Fill(96);
        if (striped is { } box)
        {
            for (var y = (int)box.Y; y < (int)box.Bottom; y++)
                for (var x = (int)box.X; x < (int)box.Right; x++) captured.Buffer.AsSpan(((y * Width) + x) * 3, 3).Fill((byte)(x % 2 == 0 ? 0 : 255));
        }

        using var frame = captured.IntoAnonymized();
        scene.Add(frame, detections, output ?? new PipelineOutput());
    }

    /// <summary>Mean difference of neighbours in the written picture.</summary>
    private static double Stripes(SceneAverage scene, Box box)
    {
        using var shown = new ShownPicture();
        shown.Show(scene);
        shown.Pixels.GetArray(out OpenCvSharp.Vec3b[] pixels);
        return Enumerable.Range((int)box.Y + 4, (int)box.Height - 8).Average(y =>
            Enumerable.Range((int)box.X + 4, (int)box.Width - 8).Average(x => Math.Abs(pixels[(y * Width) + x].Item0 - pixels[(y * Width) + x + 1].Item0)));
    }
}
