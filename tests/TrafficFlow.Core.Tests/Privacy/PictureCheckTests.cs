using System.Numerics;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Calibration;
using Xunit;

namespace TrafficFlow.Core.Tests.Privacy;

public sealed class PictureCheckTests
{
    private static readonly FrameFormat s_frame = new(640, 360, 10);

    /// <summary>
    /// Random cameras, calibrated from ten places of the road, and things of every kind at random places, heights and turns: none is seen larger than the bound, and some come near it. Of places
    /// surveyed to 3 cm, and so of a pose that is wrong beyond them, none by more than 2 %.
    /// </summary>
    [Theory]
    [InlineData(0, 0, 0.95)]
    [InlineData(0.03, 0.02, 0.9)]
    public void Nothing_is_larger_than_the_bound_and_something_comes_near_it(double surveyNoise, double beyond, double near)
    {
        var (worst, nearest) = (0.0, 1.0);
        for (var seed = 0; seed < 40; seed++)
        {
            var view = new RandomView(seed, surveyNoise);
            if (view.Setup is not { } setup) continue;
            foreach (var height in PictureCheck.Of(setup).Heights.Where(h => double.IsFinite(h.Pixels)))
            {
                var largest = view.LargestOf(height.Thing, 4_000);
                worst = Math.Max(worst, largest / height.Pixels);
                nearest = Math.Min(nearest, largest / height.Pixels);
            }
        }

        Assert.True(worst <= 1 + beyond && nearest >= near, $"{worst} {nearest}");
    }

    [Fact]
    public void It_is_computed_by_the_distance_and_the_lens_alone()
    {
        // Nine metres up, 40 degrees across. In the lower corners of the picture it is nearest to the edge of the lens, where it is seen largest.
        var camera = new SurveyCamera(new(0, 0, 9), new(0, 20, 0), 1.374, 16.0 / 9);
        var heights = PictureCheck.Of(Setup(camera));

        var tilt = Math.Atan2(9, 20);
        var (aside, below) = (0.5 / 1.374, 0.5 / (1.374 * 16 / 9));
        var depth = (9 - 1.9) / (Math.Sin(tilt) + (below * Math.Cos(tilt)));
        var slant = Math.Sqrt(1 + (aside * aside) + (below * below));
        var face = heights.Heights.Single(h => h.Thing.Kind == IdentifyingKind.FaceOnFoot);
        Assert.Equal(depth * slant, face.DistanceMetres, 0.002 * depth);
        Assert.Equal(1.374 * 640 * 0.23 / depth * slant, face.Pixels, 0.015 * face.Pixels);
        Assert.Equal(1, face.At!.Value.Y);
        Assert.True(heights.Heights.Single(h => h.Thing.Kind == IdentifyingKind.FaceAtWheel).Pixels > face.Pixels);
        Assert.Equal(heights.Heights[0].Pixels * 1.5, heights.Heights[1].Pixels, 0.02 * heights.Heights[1].Pixels);
        Assert.Equal(heights.LargestFace!.Pixels, heights.Face);
        Assert.Equal(heights.LargestPlate!.Pixels, heights.Plate);
    }

    [Fact]
    public void Twice_the_size_is_twice_the_height_and_the_place_stays()
    {
        var setup = Setup(SurveyCamera.Mast);

        var (small, large) = (PictureCheck.Of(setup), PictureCheck.Of(setup with { Frame = new FrameFormat(1280, 720, 10) }));

        Assert.Equal(2 * small.Plate!.Value, large.Plate!.Value, 0.001);
        Assert.Equal(small.LargestFace!.At, large.LargestFace!.At);
    }

    [Fact]
    public void A_mask_over_the_near_part_makes_it_smaller_and_one_over_all_makes_it_nothing()
    {
        var setup = Setup(SurveyCamera.Mast);
        var half = PictureCheck.Of(setup with { Masks = [Rectangle(0, 0.5, 1, 1)] });

        Assert.True(half.Face < PictureCheck.Of(setup).Face * 0.8);
        Assert.InRange(half.LargestFace!.At!.Value.Y, 0.48, 0.51);
        Assert.Equal((0, 0), (PictureCheck.Of(setup with { Masks = [Rectangle(0, 0, 1, 1)] }).Face, PictureCheck.Of(setup with { Masks = [Rectangle(0, 0, 1, 1)] }).Plate));
    }

    [Fact]
    public void A_slit_between_two_masks_is_found()
    {
        var slit = PictureCheck.Of(Setup(SurveyCamera.Mast) with { Masks = [Rectangle(0, 0.5, 0.5, 1), Rectangle(0.5032, 0.5, 1, 1)] });

        Assert.InRange(slit.LargestFace!.At!.Value.X, 0.49, 0.51);
        Assert.Equal(1, slit.LargestFace!.At!.Value.Y);
    }

    [Fact]
    public void A_camera_as_low_as_a_head_bounds_nothing()
    {
        var low = PictureCheck.Of(Setup(new SurveyCamera(new(0, -10, 2.2f), new(0, 8, 0.5f), 0.8, 16.0 / 9)));

        Assert.Equal(double.PositiveInfinity, low.Face);
        Assert.True(double.IsFinite(low.Plate!.Value));
        Assert.False(PictureCheck.Keeps(low, new PictureLimits(null, 1000, Requirement.Refuse)));
        Assert.Null(PictureCheck.FurtherMask(Setup(new SurveyCamera(new(0, -10, 2.2f), new(0, 8, 0.5f), 0.8, 16.0 / 9)), new PictureLimits(null, 1000, Requirement.Refuse)));
    }

    [Fact]
    public void Without_calibration_it_cannot_be_said_and_what_to_do_is()
    {
        var heights = PictureCheck.Of(Setup(SurveyCamera.Mast) with { Plane = null });

        Assert.Equal((null, null), (heights.Plate, heights.Face));
        Assert.Equal("how large plates and faces are in the picture of cam1 cannot be said: it is not calibrated: survey ground points (trafficflow calibrate)", heights.WhyUnknown);
        Assert.Null(PictureCheck.Keeps(heights, new PictureLimits(10, 10, Requirement.Refuse)));
    }

    /// <summary>What is proposed is what is asked for: with it, and only with it, the limit is kept.</summary>
    [Fact]
    public void A_smaller_picture_or_a_further_mask_keeps_the_limits()
    {
        var (smaller, masked) = (0, 0);
        for (var seed = 0; seed < 24; seed++)
        {
            var view = new RandomView(seed, 0);
            if (view.Setup is not { } setup) continue;
            var heights = PictureCheck.Of(setup);
            if (!double.IsFinite(heights.Face!.Value)) continue;
            var limits = new PictureLimits(heights.Plate * 0.7, heights.Face * 0.8, Requirement.Refuse);
            Assert.False(PictureCheck.Keeps(heights, limits));

            if (PictureCheck.SmallerFrame(setup, heights, limits) is { } frame)
            {
                smaller++;
                Assert.True(PictureCheck.Keeps(PictureCheck.Of(setup with { Frame = frame }), limits));
                Assert.InRange(frame.Width, setup.Frame.Width * 0.6, setup.Frame.Width * 0.71);
                Assert.Equal((double)setup.Frame.Width / setup.Frame.Height, (double)frame.Width / frame.Height, 0.02);
            }

            if (PictureCheck.FurtherMask(setup, limits) is { } mask)
            {
                masked++;
                Assert.True(PictureCheck.Keeps(PictureCheck.Of(setup with { Masks = [.. setup.Masks, mask] }), limits));
                Assert.All(mask.Points, p => Assert.True(p.IsInside));
                Assert.InRange(mask.Points.Count, 3, 20);
            }
        }

        Assert.True(smaller > 15 && masked > 15, $"{smaller} smaller, {masked} masked");
    }

    [Fact]
    public void Where_the_limit_is_kept_nothing_is_proposed()
    {
        var setup = Setup(SurveyCamera.Mast);
        var limits = new PictureLimits(500, null, Requirement.Refuse);

        Assert.True(PictureCheck.Keeps(PictureCheck.Of(setup), limits));
        Assert.Null(PictureCheck.SmallerFrame(setup, PictureCheck.Of(setup), limits));
        Assert.Null(PictureCheck.FurtherMask(setup, limits));
    }

    private static CameraSetup Setup(SurveyCamera camera)
    {
        var ground = camera.Survey([(-6, 0), (6, 0), (-6, 12), (6, 12), (0, 4), (-3, 20), (4, 24), (0, 30), (5, 6), (-5, 7)]);
        return new CameraSetup(new CameraId("cam1"), "a.mp4", s_frame, "motion", [], [], ground) { Plane = GroundPlaneFit.Fit(ground, camera.Aspect, camera.Lens).Plane };
    }

    private static Polygon Rectangle(double left, double top, double right, double bottom) => new([new(left, top), new(right, top), new(right, bottom), new(left, bottom)]);

    /// <summary>A camera somewhere over a road, with a lens, and masks or none.</summary>
    private sealed class RandomView
    {
        private readonly SurveyCamera _camera;
        private readonly Random _random;

        public RandomView(int seed, double surveyNoise)
        {
            _random = new Random(seed);
            var height = 4.5f + (10 * _random.NextSingle());
            var away = height * (0.6f + (2 * _random.NextSingle()));
            var position = new Vector3((_random.NextSingle() * 20) - 10, -away, height);
            const double Aspect = 16.0 / 9;
            _camera = new SurveyCamera(position, new((_random.NextSingle() * 6) - 3, (_random.NextSingle() * 8) - 2, 0), 0.5 + (1.2 * _random.NextDouble()), Aspect, seed % 3 == 0 ? new LensDistortion(0.15 * _random.NextDouble(), 0, Aspect) : null);
            var places = Enumerable.Range(0, 400).Select(_ => (X: (_random.NextDouble() * 40) - 20, Y: (_random.NextDouble() * 60) - away)).Where(p => Sees(p.X, p.Y, 0) is { } at && at.IsInside).Take(10).ToList();
            if (places.Count < 10) return;
            GroundReference[] ground = [.. places.Select(p => new GroundReference(Sees(p.X, p.Y, 0)!.Value, p.X + Noise(surveyNoise), p.Y + Noise(surveyNoise)))];
            Polygon[] masks = seed % 2 == 0 ? [] : [Rectangle(0, 0.6 + (0.3 * _random.NextDouble()), _random.NextDouble(), 1)];
            try
            {
                Setup = new CameraSetup(new CameraId("cam1"), "a.mp4", s_frame, "motion", masks, [], ground) { Plane = GroundPlaneFit.Fit(ground, Aspect, _camera.Lens).Plane };
                if (PictureCheck.Of(Setup).WhyUnknown is not null) Setup = null;
            }
            catch (CalibrationException)
            {
                // Ten places that nobody would survey.
            }
        }

        public CameraSetup? Setup { get; }

        /// <summary>Pixels: of many things seen with their middle in the unmasked picture, each turned in many ways, across the view among them.</summary>
        public double LargestOf(IdentifyingThing thing, int tries)
        {
            var largest = 0.0;
            for (var i = 0; i < tries; i++)
            {
                // Most where it is largest: near, and as high as it can be.
                var z = i % 2 == 0 ? thing.Highest : thing.Highest * _random.NextDouble();
                var place = new PicturePoint(_random.NextDouble(), i % 4 == 0 ? _random.NextDouble() : 1 - (_random.NextDouble() * 0.02));
                if (Ground(place, z) is not { } at || IsMasked(place)) continue;
                var middle = new Vector3((float)at.X, (float)at.Y, (float)z);
                var way = i % 3 == 0 ? Across(middle) : Vector3.Normalize(new Vector3(_random.NextSingle() - 0.5f, _random.NextSingle() - 0.5f, _random.NextSingle() - 0.5f));
                var (a, b) = (middle + (way * (float)(thing.Size / 2)), middle - (way * (float)(thing.Size / 2)));
                if (Sees(a.X, a.Y, a.Z) is not { } p || Sees(b.X, b.Y, b.Z) is not { } q) continue;
                largest = Math.Max(largest, Math.Sqrt(Math.Pow((p.X - q.X) * s_frame.Width, 2) + Math.Pow((p.Y - q.Y) * s_frame.Height, 2)));
            }

            return largest;
        }

        /// <summary>Away from the middle of the picture, and across the way of the light: so it is seen longest.</summary>
        private Vector3 Across(Vector3 middle)
        {
            var forward = Vector3.Normalize(_camera.LookAt - _camera.Position);
            var sight = Vector3.Normalize(middle - _camera.Position);
            var outward = sight - (forward * Vector3.Dot(sight, forward));
            outward -= sight * Vector3.Dot(outward, sight);
            return outward.Length() < 1e-3 ? Vector3.Normalize(Vector3.Cross(sight, Vector3.UnitZ)) : Vector3.Normalize(outward);
        }

        /// <summary>The true camera's, not the calibration's.</summary>
        private GroundPoint? Ground(PicturePoint place, double height)
        {
            var straight = _camera.Lens?.Correct(place) ?? place;
            var forward = Vector3.Normalize(_camera.LookAt - _camera.Position);
            var right = Vector3.Normalize(Vector3.Cross(forward, Vector3.UnitZ));
            var down = Vector3.Cross(forward, right);
            var ray = forward + (right * (float)((straight.X - 0.5) / _camera.FocalShare)) + (down * (float)((straight.Y - 0.5) / (_camera.FocalShare * _camera.Aspect)));
            if (ray.Z >= -1e-3) return null;
            var reach = ((float)height - _camera.Position.Z) / ray.Z;
            var at = _camera.Position + (ray * reach);
            return reach > 0 ? new GroundPoint(at.X, at.Y) : null;
        }

        private PicturePoint? Sees(double x, double y, double z)
        {
            var forward = Vector3.Normalize(_camera.LookAt - _camera.Position);
            if (Vector3.Dot(new Vector3((float)x, (float)y, (float)z) - _camera.Position, forward) < 0.5f) return null;
            try
            {
                return _camera.See(x, y, z);
            }
            catch (InvalidOperationException)
            {
                return null; // far outside the picture, where the lens' model ends
            }
        }

        private bool IsMasked(PicturePoint p) => Setup!.Masks.Any(m => p.X >= m.Points[0].X && p.X <= m.Points[2].X && p.Y >= m.Points[0].Y && p.Y <= m.Points[2].Y);

        private double Noise(double sigma) => sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
    }
}
