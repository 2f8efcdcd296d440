using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Count;

/// <summary>Lets a background detector see the first seconds of a file once before they are counted.</summary>
public static class BackgroundLesson
{
    private const double Seconds = 20;
    private const int Every = 6;

    /// <summary>Rate of a reader's frames: a file may be slower than its camera's setup.</summary>
    public static double RateOf(IFrameReader reader, CameraSetup camera) =>
        reader is FfmpegFrameReader file ? file.FramesPerSecond : camera.Frame.FramesPerSecond;

    public static async Task TeachAsync(IVehicleDetector detector, CameraSetup camera, FrameReaderFactory factory, CancellationToken cancellation)
    {
        if (detector is not ILearnsBackground learner) return;
        await using var reader = await factory.OpenAsync(camera, cancellation);
        var rate = RateOf(reader, camera);
        long read = 0;
        try
        {
            for (; read < Seconds * rate && await reader.ReadAsync(cancellation) is { } frame; read++)
            {
                using (frame)
                {
                    if (read % Every == 0) learner.Learn(frame, Every / rate);
                }
            }
        }
        catch (FrameSourceException) when (read > 0)
        {
            // A damaged file is told when it is counted, with the frame that was reached.
        }
    }
}
