using OpenCvSharp;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Throttling;

/// <summary>
/// Tells whether anything in the picture has moved since a frame that was remembered. Small and cheap: a hundredth of an inference. It errs
/// on the side of motion: light, rain and trees open it too.
/// </summary>
internal sealed class MotionGate(double change) : IDisposable
{
    private const int LargestWidth = 160;

    private readonly Mat _small = new();
    private readonly Mat _now = new();
    private readonly Mat _then = new();
    private readonly Mat _difference = new();
    private bool _remembers;

    public void Forget() => _remembers = false;

    /// <returns>True where something has moved; then this frame is remembered in place of the former.</returns>
    public bool HasChanged(AnonymizedFrame frame)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        var width = Math.Min(LargestWidth, frame.Width);
        Cv2.Resize(picture, _small, new Size(width, Math.Max(1, frame.Height * width / frame.Width)), 0, 0, InterpolationFlags.Area);
        Cv2.CvtColor(_small, _now, ColorConversionCodes.BGR2GRAY);
        if (_remembers)
        {
            Cv2.Absdiff(_now, _then, _difference);
            Cv2.Blur(_difference, _difference, new Size(3, 3));
            Cv2.MinMaxLoc(_difference, out _, out double most);
            if (most < change) return false;
        }

        _now.CopyTo(_then);
        _remembers = true;
        return true;
    }

    public void Dispose()
    {
        foreach (var mat in new[] { _small, _now, _then, _difference }) mat.Dispose();
    }
}
