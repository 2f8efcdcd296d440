using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Calibrate;

/// <summary>One picture of a video, coarse wherever somebody was seen in it or in the seconds around it.</summary>
internal static class StillPicture
{
    /// <summary>A camera is not waited for as long as a file is read ahead.</summary>
    private const double LiveSeconds = 2;

    /// <param name="at">Seconds from the first picture; where the video ends before, its last one is taken.</param>
    /// <exception cref="JobFailedException">The video holds no picture.</exception>
    public static async Task TakeAsync(
        IFrameReader reader, IVehicleDetector detector, FrameFormat format, double at, ShownPicture shown, CancellationToken cancellation)
    {
        var privacy = new PrivacyWatch(detector.Identity, format);
        var detections = new List<Detection>();
        // Where the picture becomes coarse as a whole, it does not matter who comes.
        var ahead = !detector.Identity.KnowsPersons ? 0 : reader.IsLive ? LiveSeconds : privacy.Horizon.TotalSeconds;
        DateTimeOffset? first = null;
        // Where the video ends before, its last picture is taken: the seconds around that one are looked at.
        var asked = reader.ExpectedFrames is { } frames ? Math.Min(at, frames / format.FramesPerSecond) : at;
        var from = asked - privacy.Horizon.TotalSeconds;
        DateTimeOffset? looked = null;
        AnonymizedFrame? taken = null;
        try
        {
            while (await CalibrationVideo.NextAsync(reader, isNeeded: taken is null, cancellation) is { } frame)
            {
                using var read = frame;
                var seconds = (frame.EventTime - (first ??= frame.EventTime)).TotalSeconds;
                // Half a frame of any camera: times are whole ticks.
                var isTaken = taken is null || seconds <= at + 0.005;
                // Every picture: a detector may see somebody in few of them only.
                if (seconds >= from)
                {
                    detector.Detect(frame, detections);
                    privacy.Observe(frame.EventTime, detections, [], []);
                    looked ??= frame.EventTime;
                }

                if (isTaken)
                {
                    taken?.Dispose();
                    taken = frame.Lend();
                }

                if (seconds >= at + ahead) break;
            }

            if (taken is null) throw new JobFailedException("the video holds no picture");
            if (looked is null)
            {
                // The container promised more than there is.
                detector.Detect(taken, detections);
                privacy.Observe(taken.EventTime, detections, [], []);
            }

            shown.Show(taken, privacy.At(taken.EventTime));
        }
        finally
        {
            taken?.Dispose();
        }
    }
}
