using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Masking;

/// <summary>The way of a painted picture into the product: as a captured one, through the camera's masks. Vision alone makes captured frames.</summary>
internal static class PaintedFrame
{
    /// <param name="paint">Fills the buffer: BGR, 8 bit, row by row.</param>
    public static AnonymizedFrame Anonymize(
        IAnonymizer anonymizer, FramePool pool, FrameFormat format, long index, DateTimeOffset time, Action<byte[]> paint)
    {
        using var captured = new CapturedFrame(pool, format.Width, format.Height) { Index = index, EventTime = time };
        paint(captured.Buffer);
        return anonymizer.Anonymize(captured);
    }
}
