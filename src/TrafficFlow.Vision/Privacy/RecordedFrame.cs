using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;

namespace TrafficFlow.Vision.Privacy;

/// <summary>A picture of a recording, which was coarsened before it was encoded. Only what decodes recordings makes it.</summary>
public sealed class RecordedFrame : IDisposable
{
    internal RecordedFrame(AnonymizedFrame frame, IndexedFrame? indexed) => (Frame, Indexed) = (frame, indexed);

    /// <summary>Its event time is an estimate, by the rate of the film, where <see cref="Indexed"/> is null. Disposed of with this one.</summary>
    public AnonymizedFrame Frame { get; }

    /// <summary>What is known of it; null where the recording was cut, and with it its index.</summary>
    public IndexedFrame? Indexed { get; }

    public IReadOnlyList<Detection> Detections => Indexed?.Detections ?? [];

    /// <summary>The picture as a JPEG of high quality, for learning: it was masked and coarsened before it was recorded.</summary>
    public byte[] ToJpeg()
    {
        using var picture = Mat.FromPixelData(Frame.Height, Frame.Width, MatType.CV_8UC3, Frame.Address);
        Cv2.ImEncode(".jpg", picture, out var bytes, new ImageEncodingParam(ImwriteFlags.JpegQuality, 95));
        return bytes;
    }

    public void Dispose() => Frame.Dispose();
}
