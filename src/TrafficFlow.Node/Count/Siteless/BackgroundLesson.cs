using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>Lets a background detector see the first seconds of a file once before they are counted.</summary>
public static class BackgroundLesson
{
    private const double Seconds = 20;
    private const int Every = 6;

    /// <summary>Rate of a reader's frames: a file may be slower than its camera's setup.</summary>
    public static double RateOf(IFrameReader reader, CameraSetup camera) => reader switch
    {
        FfmpegFrameReader file => file.FramesPerSecond,
        RecordingReader recording => recording.FramesPerSecond,
        _ => camera.Frame.FramesPerSecond,
    };

    public static async Task TeachAsync(IVehicleDetector detector, CameraSetup camera, FrameReaderFactory factory, CancellationToken cancellation)
    {
        if (detector is not ILearnsBackground) return;
        await using var reader = await factory.OpenAsync(camera, cancellation);
        await TeachAsync(detector, camera, reader, cancellation);
    }

    /// <param name="reader">From the first frame on.</param>
    public static async Task TeachAsync(IVehicleDetector detector, CameraSetup camera, IFrameReader reader, CancellationToken cancellation)
    {
        if (detector is not ILearnsBackground learner) return;
        long read = 0;
        try
        {
            while (await reader.ReadAsync(cancellation) is { } frame)
            {
                using (frame)
                {
                    // Of a recording of several files it is known only with a frame.
                    var rate = RateOf(reader, camera);
                    if (read >= Seconds * rate) return;
                    if (read++ % Every == 0) learner.Learn(frame, Every / rate);
                }
            }
        }
        catch (FrameSourceException) when (read > 0)
        {
            // A damaged file is told when it is counted, with the frame that was reached.
        }
    }
}
