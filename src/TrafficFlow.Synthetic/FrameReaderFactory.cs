using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Masking;

namespace TrafficFlow.Synthetic;

/// <summary>Opens a camera's source: the simulation for synthetic ones, ffmpeg for all others.</summary>
/// <param name="fileStart">Event time of a file's first frame, and of the synthetic junction's zero: one for all cameras.</param>
public sealed class FrameReaderFactory(DateTimeOffset fileStart, FfmpegTimeouts timeouts, TimeProvider time) : IFrameReaderFactory
{
    private const int SyntheticBuffers = 4;

    /// <inheritdoc cref="VideoReaderFactory.StampFilesByTheirOwnTime"/>
    public bool StampFilesByTheirOwnTime { get; init; }

    public async ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation)
    {
        if (!SyntheticSource.IsSynthetic(camera.Source))
            return await new VideoReaderFactory(fileStart, timeouts, time) { StampFilesByTheirOwnTime = StampFilesByTheirOwnTime }.OpenAsync(camera, cancellation);
        var painted = await SyntheticFrameReader.OpenAsync(
            camera, MaskAnonymizer.For(camera), new FramePool(camera.Frame.ByteCount, SyntheticBuffers), time, fileStart, cancellation);
        return SyntheticSource.Parse(camera.Source).BitrateKbit is { } kbit
            ? await CompressedFrameReader.OpenAsync(painted, kbit, camera, timeouts, time, fileStart, cancellation)
            : painted;
    }
}
