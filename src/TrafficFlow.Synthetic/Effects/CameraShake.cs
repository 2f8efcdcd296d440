using OpenCvSharp;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>A pole that sways in wind and under lorries: the whole picture moves and turns a little, in gusts.</summary>
/// <param name="pixels">How far the picture moves at most, pixels.</param>
internal sealed class CameraShake(double pixels, int seed)
{
    private readonly double[] _phases = [.. Enumerable.Range(0, 6).Select(i => Math.Tau * Scenery.Noise.Cell(i, seed, 801))];

    public unsafe void Apply(Span<byte> picture, int width, int height, double seconds)
    {
        var (dx, dy, turn) = At(seconds, width);
        var (cos, sin) = (Math.Cos(turn), Math.Sin(turn));
        fixed (byte* start = picture)
        {
            using var still = Mat.FromPixelData(height, width, MatType.CV_8UC3, (nint)start);
            using var from = still.Clone();
            using var map = new Mat(2, 3, MatType.CV_64FC1);
            var (cx, cy) = (width / 2.0, height / 2.0);
            map.Set(0, 0, cos);
            map.Set(0, 1, -sin);
            map.Set(0, 2, cx - (cos * cx) + (sin * cy) + dx);
            map.Set(1, 0, sin);
            map.Set(1, 1, cos);
            map.Set(1, 2, cy - (sin * cx) - (cos * cy) + dy);
            Cv2.WarpAffine(from, still, map, still.Size(), InterpolationFlags.Linear, BorderTypes.Replicate);
        }
    }

    /// <summary>The shift in pixels and the turn in radians at a moment.</summary>
    private (double X, double Y, double Turn) At(double seconds, int width)
    {
        var gust = 0.3 + (0.7 * Math.Abs(Math.Sin((seconds * 0.31) + _phases[0])));
        var x = (0.65 * Math.Sin((seconds * 5.6) + _phases[1])) + (0.35 * Math.Sin((seconds * 14.3) + _phases[2]));
        var y = (0.65 * Math.Sin((seconds * 6.9) + _phases[3])) + (0.35 * Math.Sin((seconds * 17.1) + _phases[4]));
        return (pixels * gust * x, 0.6 * pixels * gust * y, 0.4 * pixels / width * gust * Math.Sin((seconds * 4.7) + _phases[5]));
    }
}
