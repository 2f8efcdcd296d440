using OpenCvSharp;
using TrafficFlow.Core.Scene;

namespace TrafficFlow.Vision.Scene;

/// <summary>Coarse edges as PNG files: light on dark.</summary>
public static class EdgePng
{
    // Blue, green, red.
    private static readonly byte[] s_ground = [34, 24, 16];
    private static readonly byte[] s_calibrated = [222, 192, 91];
    private static readonly byte[] s_now = [58, 139, 255];

    /// <summary>The calibrated scene alone.</summary>
    public static byte[] OfCalibrated(EdgePicture calibrated) => Draw((calibrated, s_calibrated));

    /// <summary>The scene of now alone.</summary>
    public static byte[] OfNow(EdgePicture now) => Draw((now, s_now));

    /// <summary>Both over each other: where they agree, the colours add up to a light one.</summary>
    /// <exception cref="ArgumentException">They are of pictures of different sizes.</exception>
    public static byte[] OfBoth(SceneEdges edges) => Draw((edges.Calibrated!, s_calibrated), (edges.Now!, s_now));

    private static byte[] Draw(params ReadOnlySpan<(EdgePicture Picture, byte[] Colour)> layers)
    {
        var (width, height) = (layers[0].Picture.Width, layers[0].Picture.Height);
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = s_ground[i % 3];
        foreach (var (picture, colour) in layers)
        {
            if ((picture.Width, picture.Height) != (width, height)) throw new ArgumentException("edges of pictures of different sizes lie on no common ground", nameof(layers));
            for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)Math.Min(255, pixels[i] + (picture.Strength[i / 3] * colour[i % 3] / 255));
        }

        using var drawing = Mat.FromPixelData(height, width, MatType.CV_8UC3, pixels);
        Cv2.ImEncode(".png", drawing, out var bytes);
        return bytes;
    }
}
