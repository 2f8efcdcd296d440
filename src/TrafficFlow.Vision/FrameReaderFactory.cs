using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Masking;

namespace TrafficFlow.Vision;

/// <summary>Opens a camera's source: ffmpeg for cameras, files and devices.</summary>
/// <param name="fileStart">Event time of the first frame of a file.</param>
public sealed class FrameReaderFactory(DateTimeOffset fileStart, FfmpegPatience patience, TimeProvider time) : IFrameReaderFactory
{
    public async ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation)
    {
        var source = VideoSource.Parse(camera.Source);
        if (camera.Source.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase))
            throw new FrameSourceException(FrameSourceFailure.Unsupported, $"{source.Shown}: {FfmpegDiagnosis.SrtpRemedy}");
        if (source.IsLive)
            return new FfmpegFrameReader(source, camera.Frame, MaskAnonymizer.For(camera), default, null, patience, time);

        var file = await VideoFile.ProbeAsync(source.Address, cancellation);
        var format = WithoutRepeats(camera.Frame, file);
        long? expected = file.Duration is { } duration ? (long)(duration.TotalSeconds * format.FramesPerSecond) : null;
        return new FfmpegFrameReader(source, format, MaskAnonymizer.For(camera), fileStart, expected, patience, time, file.IsCut);
    }

    /// <summary>
    /// A file slower than the camera's setup is read at its own rate: repeated pictures would tell the tracker that everything stands
    /// still and then jumps.
    /// </summary>
    private static FrameFormat WithoutRepeats(FrameFormat wanted, VideoFile file) =>
        file.FramesPerSecond is { } own && own < wanted.FramesPerSecond ? wanted with { FramesPerSecond = own } : wanted;
}
