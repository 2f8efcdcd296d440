using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Masking;

/// <summary>
/// Blackens a camera's masks in place. The polygons are cut into row spans once, so a frame costs one memory fill per covered row.
/// A pixel is covered when its centre lies in a polygon (even-odd rule) or the polygon's edge passes through its row next to it: the
/// border errs towards black.
/// </summary>
public sealed class MaskAnonymizer : IAnonymizer
{
    private readonly (int Start, int Length)[] _spans;
    private readonly int _width;
    private readonly int _height;

    public MaskAnonymizer(int width, int height, IEnumerable<Polygon> masks)
    {
        _width = width;
        _height = height;
        _spans = [.. masks.SelectMany(mask => Spans(mask, width, height))];
    }

    public static MaskAnonymizer For(CameraSetup camera) => new(camera.Frame.Width, camera.Frame.Height, camera.Masks);

    /// <exception cref="ArgumentException">The frame has another size than the masks were made for: nothing is handed on.</exception>
    public AnonymizedFrame Anonymize(CapturedFrame frame)
    {
        if (frame.Width != _width || frame.Height != _height)
            throw new ArgumentException($"a frame of {frame.Width}x{frame.Height} came, the masks are made for {_width}x{_height}", nameof(frame));
        var pixels = frame.Buffer;
        foreach (var (start, length) in _spans) Array.Clear(pixels, start, length);
        return frame.IntoAnonymized();
    }

    private static IEnumerable<(int Start, int Length)> Spans(Polygon mask, int width, int height)
    {
        var points = mask.Points;
        var crossings = new List<double>();
        for (var row = 0; row < height; row++)
        {
            var y = (row + 0.5) / height;
            crossings.Clear();
            for (var i = 0; i < points.Count; i++)
            {
                var (a, b) = (points[i], points[(i + 1) % points.Count]);
                if (a.Y <= y == b.Y <= y) continue;
                crossings.Add((a.X + ((y - a.Y) / (b.Y - a.Y) * (b.X - a.X))) * width);
            }

            crossings.Sort();
            for (var i = 0; i + 1 < crossings.Count; i += 2)
            {
                var from = Math.Clamp((int)Math.Floor(crossings[i]), 0, width);
                var to = Math.Clamp((int)Math.Ceiling(crossings[i + 1]), 0, width);
                if (to > from) yield return (((row * width) + from) * 3, (to - from) * 3);
            }
        }
    }
}
