using System.Numerics;
using OpenCvSharp;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>
/// The bounds of <see cref="PictureCheck"/> against pictures: plates and faces of known size, painted through cameras of known place by OpenCV, and measured in pixels. Error of the
/// measurement: half a pixel at each edge, since painted shapes are one pixel wide at least.
/// </summary>
public sealed class RenderedHeightTests
{
    /// <summary>Sub-pixels on a side, so that half a pixel of them is little.</summary>
    private const int Finer = 8;

    private static readonly FrameFormat s_frame = new(640, 360, 10);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_painted_plate_and_no_painted_face_is_higher_than_the_bound(int seed)
    {
        var random = new Random(seed);
        var camera = Camera(random);
        var setup = Calibrated(camera);
        var heights = PictureCheck.Of(setup);
        Assert.SkipWhen(heights.WhyUnknown is not null, heights.WhyUnknown ?? "");
        using var canvas = new Mat(s_frame.Height * Finer, s_frame.Width * Finer, MatType.CV_8UC1);

        foreach (var height in heights.Heights.Where(h => double.IsFinite(h.Pixels)))
        {
            var largest = 0.0;
            for (var i = 0; i < 40; i++)
            {
                // At the place that is told, and near it, and at the edges of the picture.
                var (x, y) = i == 0 ? (height.At!.Value.X, height.At.Value.Y) : i % 2 == 0 ? (random.NextDouble(), random.NextDouble()) : (Near(height.At!.Value.X), Near(height.At.Value.Y));
                var z = i < 20 ? height.Thing.Highest : height.Thing.Highest * random.NextDouble();
                if (Ground(camera, x, y, z) is not { } middle) continue;
                // Looking at the camera, as a face does that looks up; then turned by chance.
                var outward = Vector3.Normalize(camera.Position - middle);
                if (i % 4 == 3) outward = Vector3.Normalize(outward + new Vector3(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f));
                largest = Math.Max(largest, height.Thing.IsPlate ? Figure(canvas, camera, middle, outward, height.Thing.Size, random) : Face(canvas, camera, middle, outward, height.Thing.Size));
            }

            Assert.True(largest <= height.Pixels + (1.0 / Finer) + 0.02, $"{height.Thing.Kind}: painted {largest:0.00}, bound {height.Pixels:0.00}");
            // The place that is told shows it: the bound is no mere fear.
            Assert.True(largest >= height.Pixels * 0.9, $"{height.Thing.Kind}: painted {largest:0.00}, bound {height.Pixels:0.00}");
        }

        double Near(double place) => Math.Clamp(place + ((random.NextDouble() - 0.5) * 0.05), 0, 1);
    }

    /// <summary>One figure of a plate, twice as high as wide, flat, its upright edge along what the camera sees longest.</summary>
    private static double Figure(Mat canvas, ViewCamera camera, Vector3 middle, Vector3 outward, double size, Random random)
    {
        var up = Upward(camera, middle, outward);
        var tilt = (float)((random.NextDouble() - 0.5) * 0.4);
        var side = Vector3.Cross(up, outward);
        up = (up * MathF.Cos(tilt)) + (side * MathF.Sin(tilt));
        side = Vector3.Cross(up, outward);
        var (h, w) = ((float)size / 2, (float)size / 4);
        return Measure(canvas, camera, [middle + (up * h) - (side * w), middle + (up * h) + (side * w), middle - (up * h) + (side * w), middle - (up * h) - (side * w)], along: (middle - (up * h), middle + (up * h)));
    }

    /// <summary>An oval, 0.7 times as wide as high.</summary>
    private static double Face(Mat canvas, ViewCamera camera, Vector3 middle, Vector3 outward, double size)
    {
        var up = Upward(camera, middle, outward);
        var side = Vector3.Cross(up, outward);
        var rim = Enumerable.Range(0, 64).Select(i => middle + (up * (float)(size / 2 * Math.Cos(i * Math.PI / 32))) + (side * (float)(0.35 * size * Math.Sin(i * Math.PI / 32))));
        return Measure(canvas, camera, [.. rim], along: (middle - (up * (float)size / 2), middle + (up * (float)size / 2)));
    }

    /// <summary>Paints the shape and measures what was painted, from end to end along its height.</summary>
    private static double Measure(Mat canvas, ViewCamera camera, Vector3[] shape, (Vector3 From, Vector3 To) along)
    {
        canvas.SetTo(Scalar.Black);
        var corners = shape.Select(p => camera.Project(p)).Select(p => new Point((int)Math.Round((p.X * s_frame.Width * Finer) - 0.5), (int)Math.Round((p.Y * s_frame.Height * Finer) - 0.5))).ToArray();
        // What the picture's edge cuts is smaller than it is: the picture is moved to it.
        var shift = new Point((s_frame.Width * Finer / 2) - (int)corners.Average(c => c.X), (s_frame.Height * Finer / 2) - (int)corners.Average(c => c.Y));
        Cv2.FillPoly(canvas, [corners.Select(c => c + shift)], Scalar.White);
        using var painted = new Mat();
        Cv2.FindNonZero(canvas, painted);
        Assert.False(painted.Empty());
        painted.GetArray(out Point[] pixels);
        var (from, to) = (camera.Project(along.From), camera.Project(along.To));
        var (dx, dy) = ((to.X - from.X) * s_frame.Width, (to.Y - from.Y) * s_frame.Height);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        // Along its middle line: corners of a figure that is seen aslant reach further, and are no part of its height.
        var (cx, cy) = (((from.X + to.X) / 2 * s_frame.Width * Finer) - 0.5 + shift.X, ((from.Y + to.Y) / 2 * s_frame.Height * Finer) - 0.5 + shift.Y);
        var places = pixels.Where(p => Math.Abs(((p.X - cx) * dy) - ((p.Y - cy) * dx)) / length <= 1.5).Select(p => ((p.X * dx) + (p.Y * dy)) / length).ToList();
        return (places.Max() - places.Min()) / Finer;
    }

    /// <summary>Across the view, away from the middle of the picture.</summary>
    private static Vector3 Upward(ViewCamera camera, Vector3 middle, Vector3 outward)
    {
        var sight = Vector3.Normalize(middle - camera.Position);
        var away = sight - (camera.Forward * Vector3.Dot(sight, camera.Forward));
        away -= outward * Vector3.Dot(away, outward);
        return away.Length() > 1e-3f ? Vector3.Normalize(away) : Vector3.Normalize(Vector3.UnitZ - (outward * outward.Z));
    }

    private static Vector3? Ground(ViewCamera camera, double x, double y, double z)
    {
        var ray = camera.RayThrough((float)x, (float)y);
        if (ray.Z > -0.02f) return null;
        return camera.Position + (ray * (((float)z - camera.Position.Z) / ray.Z));
    }

    private static ViewCamera Camera(Random random)
    {
        var height = 5 + (8 * random.NextSingle());
        return new ViewCamera(
            new((random.NextSingle() * 16) - 8, -height * (0.8f + random.NextSingle()), height), new((random.NextSingle() * 4) - 2, random.NextSingle() * 6, 0), 0.6f + random.NextSingle(), 16f / 9)
        {
            Roll = (random.NextSingle() - 0.5f) * 0.1f,
            Lens = random.Next(2) == 0 ? new LensDistortion(0.1, 0, 16.0 / 9) : null,
        };
    }

    private static CameraSetup Calibrated(ViewCamera camera)
    {
        GroundReference[] ground =
        [
            .. from x in new[] { 0.1, 0.4, 0.65, 0.9 }
               from y in new[] { 0.55, 0.75, 0.95 }
               let at = Ground(camera, x, y, 0)
               where at is not null && camera.Project(at.Value).IsInside
               let seen = camera.Project(at.Value)
               select new GroundReference(seen, at.Value.X, at.Value.Y),
        ];
        return new CameraSetup(new CameraId("cam1"), "a.mp4", s_frame, "motion", [], [], ground) { Plane = GroundPlaneFit.Fit(ground, 16.0 / 9, camera.Lens).Plane };
    }
}
