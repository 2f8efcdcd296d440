using System.Numerics;
using OpenCvSharp;
using TrafficFlow.Simulation.People;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>What vehicles and people take from the light on the road: the sun's shadow, and the dark under and around each.</summary>
internal sealed class GroundShadows : IDisposable
{
    private const int Shift = 4;
    private readonly ViewCamera _camera;
    private readonly Lighting _lighting;
    private readonly Mat _sun;
    private readonly Mat _contact;
    private readonly Point[] _corners = new Point[16];
    private readonly Point2f[] _seen = new Point2f[16];

    public GroundShadows(ViewCamera camera, Lighting lighting, int width, int height)
    {
        _camera = camera;
        _lighting = lighting;
        _sun = new Mat(height, width, MatType.CV_8UC1, Scalar.Black);
        _contact = new Mat(height, width, MatType.CV_8UC1, Scalar.Black);
    }

    public void Clear()
    {
        _sun.SetTo(Scalar.Black);
        _contact.SetTo(Scalar.Black);
    }

    public void Add(in VehicleView v)
    {
        var isLow = v.Shape is BodyShape.Motorcycle or BodyShape.Scooter;
        Span<Vector3> floor = stackalloc Vector3[8];
        Corners(v, isLow ? 0.25f : 1.06f, 1.0f, 0, floor[..4]);
        Polygon(_contact, floor[..4], 255);
        if (_lighting.Sun.X < 0.4f) return;
        // The hull's lower part is as wide as the vehicle, the cabin narrower: two convex shadows make the step between them.
        var isTall = v.Height > 2.2 || v.Shape is BodyShape.KeiVan or BodyShape.Van;
        Corners(v, isLow ? 0.5f : 0.98f, 0.98f, 0.1f, floor[..4]);
        Corners(v, isLow ? 0.4f : 0.94f, 0.98f, (float)v.Height * (isTall ? 0.98f : 0.6f), floor[4..]);
        Polygon(_sun, floor, 255);
        if (isTall) return;
        Corners(v, 0.85f, 0.66f, 0.5f, floor[..4]);
        Corners(v, 0.72f, 0.48f, (float)v.Height * 0.98f, floor[4..]);
        Polygon(_sun, floor, 255);
    }

    public void Add(in PersonView p)
    {
        Span<Vector3> floor = stackalloc Vector3[8];
        Square(p, 0.16f, 0.17f, 0, floor[..4]);
        Polygon(_contact, floor[..4], 190);
        if (_lighting.Sun.X < 0.4f) return;
        // Legs and trunk, then the head.
        var h = (float)p.Height;
        Square(p, 0.10f, 0.13f, 0.05f, floor[..4]);
        Square(p, 0.11f, 0.23f, 0.80f * h, floor[4..]);
        Polygon(_sun, floor, 255);
        Square(p, 0.07f, 0.07f, 0.80f * h, floor[..4]);
        Square(p, 0.07f, 0.06f, 0.99f * h, floor[4..]);
        Polygon(_sun, floor, 255);
    }

    public void Add(in CyclistView c)
    {
        var rider = new PersonView(c.Id, c.Place, c.HeadingRadians, c.Height, PersonBuild.Man, 0, 0, c.Clothes, Carried.Nothing, false, default);
        Add(rider);
        if (_lighting.Sun.X < 0.4f) return;
        Span<Vector3> floor = stackalloc Vector3[8];
        Square(rider, 0.85f, 0.03f, 0, floor[..4]);
        Square(rider, 0.7f, 0.05f, 0.6f, floor[4..]);
        Polygon(_sun, floor, 255);
    }

    /// <summary>Darkens the road in a B G R picture. <paramref name="shaded"/> is each pixel's brightness without the sun, of 255.</summary>
    public unsafe void Apply(byte* picture, byte[] shaded)
    {
        Cv2.Blur(_sun, _sun, new Size(3, 3));
        Cv2.Blur(_contact, _contact, new Size(5, 5));
        var sun = _sun.DataPointer;
        var contact = _contact.DataPointer;
        var count = _sun.Width * _sun.Height;
        for (var i = 0; i + 8 <= count; i += 8)
        {
            if ((*(ulong*)(sun + i) | *(ulong*)(contact + i)) == 0) continue;
            for (var k = i; k < i + 8; k++)
            {
                var light = 255 - (sun[k] * (255 - shaded[k]) / 255);
                light = light * (255 - (contact[k] * 150 / 255)) / 255;
                var pixel = picture + (3 * k);
                pixel[0] = (byte)(pixel[0] * light / 255);
                pixel[1] = (byte)(pixel[1] * light / 255);
                pixel[2] = (byte)(pixel[2] * light / 255);
            }
        }
    }

    public void Dispose()
    {
        _sun.Dispose();
        _contact.Dispose();
    }

    private void Corners(in VehicleView v, float wide, float @long, float z, Span<Vector3> corners)
    {
        var (cos, sin) = ((float)Math.Cos(v.HeadingRadians), (float)Math.Sin(v.HeadingRadians));
        var (half, side) = ((float)v.Length / 2 * @long, (float)v.Width / 2 * wide);
        // Along the sun's ray down to the road.
        var (sx, sy) = (-_lighting.ToSun.X / _lighting.ToSun.Z * z, -_lighting.ToSun.Y / _lighting.ToSun.Z * z);
        for (var i = 0; i < 4; i++)
        {
            var (f, l) = (i is 0 or 3 ? half : -half, i < 2 ? side : -side);
            corners[i] = new Vector3((float)v.Centre.X + (cos * f) - (sin * l) + sx, (float)v.Centre.Y + (sin * f) + (cos * l) + sy, 0);
        }
    }

    private void Square(in PersonView p, float halfLong, float halfWide, float z, Span<Vector3> corners)
    {
        var (cos, sin) = ((float)Math.Cos(p.HeadingRadians), (float)Math.Sin(p.HeadingRadians));
        var (sx, sy) = (-_lighting.ToSun.X / _lighting.ToSun.Z * z, -_lighting.ToSun.Y / _lighting.ToSun.Z * z);
        for (var i = 0; i < 4; i++)
        {
            var (f, l) = (i is 0 or 3 ? halfLong : -halfLong, i < 2 ? halfWide : -halfWide);
            corners[i] = new Vector3((float)p.Place.X + (cos * f) - (sin * l) + sx, (float)p.Place.Y + (sin * f) + (cos * l) + sy, 0);
        }
    }

    private void Polygon(Mat mask, ReadOnlySpan<Vector3> places, double value)
    {
        for (var i = 0; i < places.Length; i++)
        {
            if (_camera.DepthOf(places[i]) < 1) return;
            var p = _camera.Project(places[i]);
            _seen[i] = new Point2f((float)p.X * mask.Width, (float)p.Y * mask.Height);
        }

        var count = ConvexHull.Of(_seen.AsSpan(0, places.Length));
        for (var i = 0; i < count; i++)
            _corners[i] = new Point((int)((_seen[i].X - 0.5f) * (1 << Shift)), (int)((_seen[i].Y - 0.5f) * (1 << Shift)));
        Cv2.FillConvexPoly(mask, _corners.AsSpan(0, count).ToArray(), Scalar.All(value), LineTypes.AntiAlias, Shift);
    }
}
