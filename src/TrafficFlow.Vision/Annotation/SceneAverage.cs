using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Annotation;

/// <summary>The mean of many frames of a fixed camera: the road without what moves on it. Not to be shown as it is: <see cref="ShownPicture"/>.</summary>
public sealed class SceneAverage : IDisposable
{
    private readonly Mat _sum = new();
    private int _frames;

    /// <summary>What was found in the last frame that was added.</summary>
    internal IReadOnlyList<Detection> Last { get; private set; } = [];

    /// <summary>The caller keeps the frame.</summary>
    public void Add(AnonymizedFrame frame, IEnumerable<Detection> detections)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        if (_frames == 0) _sum.Create(picture.Size(), MatType.CV_64FC3);
        if (_frames == 0) _sum.SetTo(Scalar.All(0));
        using var everywhere = new Mat();
        Cv2.Accumulate(picture, _sum, everywhere);
        _frames++;
        Last = [.. detections];
    }

    /// <exception cref="InvalidOperationException">No frame was added.</exception>
    internal void CopyTo(Mat picture)
    {
        if (_frames == 0) throw new InvalidOperationException("no frame was added");
        _sum.ConvertTo(picture, MatType.CV_8UC3, 1.0 / _frames);
    }

    public void Dispose() => _sum.Dispose();
}
