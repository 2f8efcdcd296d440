using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Masking;

namespace TrafficFlow.Synthetic;

/// <summary>
/// A synthetic film after a round trip through H.264, as a camera's stream has made it: painted to its end into a file of the given bit rate
/// when it is opened, then read from there. The file goes with the reader.
/// </summary>
public sealed class CompressedFrameReader : IFrameReader
{
    private readonly FfmpegFrameReader _reader;
    private readonly string _file;

    private CompressedFrameReader(FfmpegFrameReader reader, string file) => (_reader, _file) = (reader, file);

    public bool IsLive => false;

    public long Dropped => _reader.Dropped;

    public long? ExpectedFrames => _reader.ExpectedFrames;

    /// <param name="painted">The film before it is compressed; it is read to its end and disposed.</param>
    /// <exception cref="FrameSourceException">ffmpeg is not installed or cannot encode, or there is no room for the film.</exception>
    public static async Task<CompressedFrameReader> OpenAsync(
        SyntheticFrameReader painted, int kbit, CameraSetup camera, FfmpegTimeouts timeouts, TimeProvider time, DateTimeOffset start, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"trafficflow-{Guid.NewGuid():N}.mkv");
        try
        {
            // A sandbox lets ffmpeg write only what is there already.
            FileDraft.Create(file).Dispose();
            await using (painted) await EncodeAsync(painted, kbit, camera.Frame, file, cancellation).ConfigureAwait(false);
            var probed = await VideoFile.ProbeAsync(file, cancellation).ConfigureAwait(false);
            var reader = new FfmpegFrameReader(VideoSource.Parse(file), camera.Frame, MaskAnonymizer.For(camera), start, probed, timeouts, time);
            return new CompressedFrameReader(reader, file);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    public ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation) => _reader.ReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        File.Delete(_file);
    }

    private static async Task EncodeAsync(SyntheticFrameReader painted, int kbit, FrameFormat format, string file, CancellationToken cancellation)
    {
        var rate = format.FramesPerSecond.ToString("0.######", CultureInfo.InvariantCulture);
        using var ffmpeg = FfmpegProcess.StartProgram("ffmpeg",
        [
            "-hide_banner", "-loglevel", "error", "-y",
            "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{format.Width}x{format.Height}", "-r", rate, "-i", "pipe:0",
            // As cameras encode: no pictures from the future, a whole one every two seconds, a rate that is kept.
            "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-bf", "0", "-g", $"{Math.Max(1, (int)(2 * format.FramesPerSecond))}",
            "-b:v", $"{kbit}k", "-maxrate", $"{kbit}k", "-bufsize", $"{kbit}k", "-pix_fmt", "yuv420p", $"file:{file}",
        ], Reach.ToWrite(file));
        var complaints = ffmpeg.StandardError.ReadToEndAsync(cancellation);
        try
        {
            while (await painted.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
            {
                using (frame) ffmpeg.StandardInput.BaseStream.Write(frame.Pixels);
            }

            ffmpeg.StandardInput.Close();
            await ffmpeg.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw await FailureAsync(ffmpeg, complaints, e).ConfigureAwait(false);
        }
        finally
        {
            if (!ffmpeg.HasExited) Children.Kill(ffmpeg);
        }

        if (ffmpeg.ExitCode != 0) throw await FailureAsync(ffmpeg, complaints, null).ConfigureAwait(false);
    }

    private static async Task<FrameSourceException> FailureAsync(Process ffmpeg, Task<string> complaints, Exception? cause)
    {
        if (!ffmpeg.HasExited) Children.Kill(ffmpeg);
        var said = (await complaints.ConfigureAwait(false)).Trim().Split('\n')[0];
        return new FrameSourceException(
            FrameSourceFailure.Died, $"the synthetic film could not be compressed: check the free space of {Path.GetTempPath()} and that ffmpeg has libx264 (ffmpeg: {said})", inner: cause);
    }
}
