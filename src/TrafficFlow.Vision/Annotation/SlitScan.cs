using OpenCvSharp;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Annotation;

/// <summary>
/// What passes a gate, as one picture: time along x, one column a frame, and the pixels along the gate from its beginning (top) to its end
/// along y. Taken from shown pictures only.
/// </summary>
public sealed class SlitScan : IDisposable
{
    /// <summary>Rows of the picture: pixels along the gate.</summary>
    public const int Rows = 160;

    private readonly List<byte[]> _columns = [];
    private readonly Mat _mapX;
    private readonly Mat _mapY;
    private readonly Mat _column = new();

    public SlitScan(Gate gate, int width, int height)
    {
        Gate = gate;
        _mapX = new Mat(Rows, 1, MatType.CV_32FC1);
        _mapY = new Mat(Rows, 1, MatType.CV_32FC1);
        for (var i = 0; i < Rows; i++)
        {
            var share = (i + 0.5) / Rows;
            _mapX.Set(i, 0, (float)(((gate.From.X + (share * (gate.To.X - gate.From.X))) * width) - 0.5));
            _mapY.Set(i, 0, (float)(((gate.From.Y + (share * (gate.To.Y - gate.From.Y))) * height) - 0.5));
        }
    }

    public Gate Gate { get; }

    /// <summary>How many frames it has seen.</summary>
    public int Frames => _columns.Count;

    public void Add(ShownPicture picture)
    {
        Cv2.Remap(picture.Pixels, _column, _mapX, _mapY, InterpolationFlags.Linear, BorderTypes.Replicate);
        var pixels = new byte[Rows * 3];
        System.Runtime.InteropServices.Marshal.Copy(_column.Data, pixels, 0, pixels.Length);
        _columns.Add(pixels);
    }

    /// <summary>The columns [from, from + count) as a PNG; fewer at the end.</summary>
    public byte[] Png(int from, int count)
    {
        var end = Math.Min(_columns.Count, from + count);
        var width = Math.Max(1, end - from);
        var pixels = new byte[Rows * width * 3];
        for (var x = from; x < end; x++)
            for (var y = 0; y < Rows; y++) _columns[x].AsSpan(3 * y, 3).CopyTo(pixels.AsSpan(3 * ((y * width) + x - from)));
        using var picture = Mat.FromPixelData(Rows, width, MatType.CV_8UC3, pixels);
        Cv2.ImEncode(".png", picture, out var bytes);
        return bytes;
    }

    public void Dispose()
    {
        _mapX.Dispose();
        _mapY.Dispose();
        _column.Dispose();
    }
}
