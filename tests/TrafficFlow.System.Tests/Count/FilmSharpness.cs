using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.SystemTests.Count;

/// <summary>How much of its sharpness (variance of the Laplacian) a vehicle keeps in the film of a count.</summary>
internal static class FilmSharpness
{
    /// <summary>A plate on a narrower vehicle is too small to be read in the source.</summary>
    private const float ReadableWidth = 90;

    private const float Sure = 0.6f;

    /// <summary>Film / source for each wide vehicle of each frame, in order of size.</summary>
    public static async Task<List<double>> RatiosAsync(string site, string model, string film)
    {
        var camera = SiteSettings.Load(site).Site.Cameras[0];
        var (width, height) = (camera.Frame.Width, camera.Frame.Height);
        var filmed = await Tools.DecodeAsync(film, width, height);
        using var network = OnnxModel.Load(new OnnxModelSettings("pvb", model), 1);
        using var detector = new OnnxDetector(network, width, height);
        var factory = new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System);
        await using var reader = await factory.OpenAsync(camera, CancellationToken.None);
        var ratios = new List<double>();
        var detections = new List<Detection>();
        var gray = new byte[width * height];
        for (var i = 0; await reader.ReadAsync(CancellationToken.None) is { } frame; i++)
        {
            using (frame)
            {
                detector.Detect(frame, detections);
                var pixels = frame.Pixels;
                for (var p = 0; p < gray.Length; p++) gray[p] = (byte)((pixels[3 * p] + (2 * pixels[(3 * p) + 1]) + pixels[(3 * p) + 2]) / 4);
            }

            var shown = filmed.AsSpan(i * gray.Length, gray.Length);
            foreach (var box in detections.Where(d => d.Kind == DetectedKind.Vehicle && d.Score > Sure).Select(d => d.Box))
            {
                // A vehicle at the edge is cut off; the counter's own lines lie on the rim of a box.
                if (box.Width < ReadableWidth || box.X < 2 || box.Y < 2 || box.Right > width - 2 || box.Bottom > height - 2) continue;
                var inner = new Box(box.X + (0.2f * box.Width), box.Y + (0.2f * box.Height), 0.6f * box.Width, 0.6f * box.Height);
                ratios.Add(Sharpness(shown, width, inner) / Sharpness(gray, width, inner));
            }
        }

        ratios.Sort();
        return ratios;
    }

    private static double Sharpness(ReadOnlySpan<byte> gray, int width, Box box)
    {
        double sum = 0, squares = 0;
        var count = 0;
        for (var y = (int)box.Y; y < (int)box.Bottom; y++)
        {
            for (var x = (int)box.X; x < (int)box.Right; x++)
            {
                var p = (y * width) + x;
                double laplacian = gray[p - 1] + gray[p + 1] + gray[p - width] + gray[p + width] - (4 * gray[p]);
                sum += laplacian;
                squares += laplacian * laplacian;
                count++;
            }
        }

        return (squares / count) - (sum / count * (sum / count));
    }
}
