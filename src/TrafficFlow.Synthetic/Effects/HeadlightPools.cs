using System.Numerics;
using OpenCvSharp;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>The light that headlights throw on the road ahead, for the dark hours.</summary>
internal sealed class HeadlightPools : IDisposable
{
    private const int Shift = 4;
    private readonly ViewCamera _camera;
    private readonly Mat _glow;
    private readonly Mat _soft;
    private readonly double _share;

    /// <param name="share">How bright they are, 0..1.</param>
    public HeadlightPools(ViewCamera camera, double share, int width, int height)
    {
        _camera = camera;
        _share = share;
        // A quarter of the size: light has no sharp edges, and blurring is cheap there.
        _glow = new Mat(height / 4, width / 4, MatType.CV_8UC1, Scalar.Black);
        _soft = new Mat(height, width, MatType.CV_8UC1, Scalar.Black);
    }

    public void Clear() => _glow.SetTo(Scalar.Black);

    public void Add(in VehicleView v)
    {
        Pool(v, 0.4, 5, 0.6, 1.3, 150 * _share);
        Pool(v, 2.5, 11, 1.0, 2.2, 80 * _share);
    }

    public unsafe void Apply(byte* picture)
    {
        Cv2.GaussianBlur(_glow, _glow, new Size(9, 9), 2);
        Cv2.Resize(_glow, _soft, _soft.Size());
        var soft = _soft.DataPointer;
        var count = _soft.Width * _soft.Height;
        for (var i = 0; i < count; i++)
        {
            int glow = soft[i];
            if (glow == 0) continue;
            var pixel = picture + (3 * i);
            pixel[0] = Lit(pixel[0], glow * 200 / 256);
            pixel[1] = Lit(pixel[1], glow * 240 / 256);
            pixel[2] = Lit(pixel[2], glow);
        }

        static byte Lit(byte under, int glow) => (byte)Math.Min(250, under + (under * glow / 110) + (glow / 9));
    }

    public void Dispose()
    {
        _glow.Dispose();
        _soft.Dispose();
    }

    private void Pool(in VehicleView v, double from, double to, double nearHalf, double farHalf, double value)
    {
        var (cos, sin) = (Math.Cos(v.HeadingRadians), Math.Sin(v.HeadingRadians));
        var corners = new Point[4];
        for (var i = 0; i < 4; i++)
        {
            var along = (v.Length / 2) + (i is 0 or 3 ? from : to);
            var across = (i is 0 or 3 ? nearHalf : farHalf) * (i < 2 ? 1 : -1);
            var place = new Vector3((float)(v.Centre.X + (cos * along) - (sin * across)), (float)(v.Centre.Y + (sin * along) + (cos * across)), 0);
            if (_camera.DepthOf(place) < 1) return;
            var p = _camera.Project(place);
            corners[i] = new Point((int)(p.X * _glow.Width * (1 << Shift)), (int)(p.Y * _glow.Height * (1 << Shift)));
        }

        Cv2.FillConvexPoly(_glow, corners, Scalar.All(value), LineTypes.AntiAlias, Shift);
    }
}
