using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Masking;

namespace TrafficFlow.Vision;

/// <summary>Opens a camera's source with ffmpeg: network cameras, files and devices.</summary>
/// <param name="fileStart">Event time of a file's first frame: one for all cameras.</param>
public sealed class VideoReaderFactory(DateTimeOffset fileStart, FfmpegTimeouts timeouts, TimeProvider time) : IFrameReaderFactory
{
    /// <summary>Take a file's last change as the time of its first frame: the same file then has the same times at each start.</summary>
    public bool StampFilesByTheirOwnTime { get; init; }

    public async ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation)
    {
        var source = VideoSource.Parse(camera.Source);
        if (camera.Source.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase))
            throw new FrameSourceException(FrameSourceFailure.Unsupported, $"{source.Shown}: {FfmpegDiagnosis.SrtpRemedy}");
        if (source.IsLive)
            return new FfmpegFrameReader(source, camera.Frame, MaskAnonymizer.For(camera), default, null, timeouts, time);

        var file = await VideoFile.ProbeAsync(source.Address, cancellation);
        var format = WithoutRepeats(camera.Frame, file);
        var start = StampFilesByTheirOwnTime ? new DateTimeOffset(File.GetLastWriteTimeUtc(source.Address)) : fileStart;
        return new FfmpegFrameReader(source, format, MaskAnonymizer.For(camera), start, file, timeouts, time);
    }

    /// <summary>
    /// A file slower than the camera's setup is read at its own rate: repeated pictures would tell the tracker that everything stands
    /// still and then jumps.
    /// </summary>
    private static FrameFormat WithoutRepeats(FrameFormat wanted, VideoFile file) =>
        file.FramesPerSecond is { } own && own < wanted.FramesPerSecond ? wanted with { FramesPerSecond = own } : wanted;
}
