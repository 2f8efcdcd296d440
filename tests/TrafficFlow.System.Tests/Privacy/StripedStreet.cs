using OpenCvSharp;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>Frames of a grey street with stripes of a pixel where somebody stands, and how much of them is left in a picture.</summary>
internal static class StripedStreet
{
    public const double Sharp = 100;

    /// <summary>Of 255: stripes that nobody can read.</summary>
    public const double Unreadable = 12;

    private const int Width = 320;
    private const int Height = 240;

    private static readonly FramePool s_pool = new(Width * Height * 3, 1);

    public static AnonymizedFrame Frame(Box? striped)
    {
        using var captured = new CapturedFrame(s_pool, Width, Height);
        var pixels = captured.Buffer.AsSpan();
        pixels.Fill(96);
        if (striped is { } box)
        {
            for (var y = (int)box.Y; y < (int)box.Bottom; y++)
                for (var x = (int)box.X; x < (int)box.Right; x++) pixels.Slice(((y * Width) + x) * 3, 3).Fill((byte)(x % 2 == 0 ? 0 : 255));
        }

        return captured.IntoAnonymized();
    }

    /// <summary>Mean difference of neighbours.</summary>
    public static double Stripes(ShownPicture shown, Box box)
    {
        shown.Pixels.GetArray(out Vec3b[] pixels);
        return Enumerable.Range((int)box.Y + 4, (int)box.Height - 8).Average(y =>
            Enumerable.Range((int)box.X + 4, (int)box.Width - 8).Average(x => Math.Abs(pixels[(y * Width) + x].Item0 - pixels[(y * Width) + x + 1].Item0)));
    }
}
