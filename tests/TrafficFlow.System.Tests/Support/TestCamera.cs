using System.Diagnostics;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.SystemTests.Support;

/// <summary>Opens sources as a node does.</summary>
internal static class TestCamera
{
    public static readonly DateTimeOffset FileStart = new(2026, 4, 1, 6, 0, 0, TimeSpan.FromHours(9));

    /// <summary>Quick to give up, so that tests are quick; generous enough for a busy machine.</summary>
    public static readonly FfmpegTimeouts Impatient = new(
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.1));

    public static CameraSetup Setup(string source, FrameFormat frame, params IReadOnlyList<Polygon> masks) =>
        new(new CameraId("cam1"), source, frame, "motion", masks, [], []);

    public static async Task<FfmpegFrameReader> OpenAsync(
        string source, FrameFormat frame, FfmpegTimeouts? timeouts = null, params IReadOnlyList<Polygon> masks)
    {
        var factory = new FrameReaderFactory(FileStart, timeouts ?? Impatient, TimeProvider.System);
        return (FfmpegFrameReader)await factory.OpenAsync(Setup(source, frame, masks), default);
    }

    public static Polygon Rectangle(double left, double top, double right, double bottom) =>
        new([new(left, top), new(right, top), new(right, bottom), new(left, bottom)]);

    /// <summary>The next frame, which must come.</summary>
    public static async Task<AnonymizedFrame> NextAsync(this IFrameReader reader) =>
        await reader.ReadAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(30))
            ?? throw new InvalidOperationException("the source ended, a frame was expected");

    /// <summary>Takes frames until the source fails; a source that ends well is an error.</summary>
    public static async Task<FrameSourceException> FailureAsync(this IFrameReader reader)
    {
        try
        {
            while (await reader.ReadAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(30)) is { } frame) frame.Dispose();
        }
        catch (FrameSourceException e)
        {
            return e;
        }

        throw new InvalidOperationException("the source ended well, a failure was expected");
    }

    /// <summary>Waits until something has come true.</summary>
    public static async Task UntilAsync(Func<bool> isTrue)
    {
        var since = Stopwatch.StartNew();
        while (!isTrue())
        {
            if (since.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException("it did not come true");
            await Task.Delay(10);
        }
    }
}
