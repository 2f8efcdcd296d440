using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Recording;

/// <summary>
/// One ffmpeg child that makes H.264 in fragments of about a second out of shown pictures, from pipe to pipe: it reaches no file. Only a <see cref="ShownPicture"/> gets in.
/// Pictures are given on one thread, and the film is taken on another one.
/// </summary>
internal sealed class SegmentEncoder : IDisposable
{
    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(2);

    private readonly Process _ffmpeg;
    private readonly Stream _input;
    private readonly Task<string> _complaints;
    private readonly byte[] _row;
    private readonly int _width;
    private readonly int _height;

    /// <exception cref="Core.Frames.FrameSourceException">ffmpeg cannot be started; the message says what to do.</exception>
    public SegmentEncoder(string program, int width, int height, double framesPerSecond, RecordingSettings settings)
    {
        (_width, _height, _row) = (width, height, new byte[width * height * 3]);
        _ffmpeg = FfmpegProcess.StartProgram(program, Arguments(width, height, framesPerSecond, settings), Reach.Nothing);
        _input = _ffmpeg.StandardInput.BaseStream;
        Film = _ffmpeg.StandardOutput.BaseStream;
        _complaints = _ffmpeg.StandardError.ReadToEndAsync();
    }

    /// <summary>The MP4, as it is made; ends when the child has.</summary>
    public Stream Film { get; }

    /// <exception cref="IOException">The child has ended.</exception>
    public void Write(ShownPicture picture)
    {
        if ((picture.Width, picture.Height) != (_width, _height)) throw new ArgumentException("the picture has another size than the film", nameof(picture));
        Marshal.Copy(picture.Pixels.Data, _row, 0, _row.Length);
        _input.Write(_row);
    }

    /// <summary>No picture will follow.</summary>
    public void Finish()
    {
        try
        {
            _input.Dispose();
        }
        catch (IOException)
        {
            // It has ended already, and its film tells so.
        }
    }

    /// <summary>Once <see cref="Film"/> has ended: why the film is not whole; null where it is.</summary>
    public string? Failure()
    {
        if (!_ffmpeg.WaitForExit(s_dying)) return "ffmpeg does not end";
        if (_ffmpeg.ExitCode == 0) return null;
        // Its pipe ends with it, and is read by others.
        var said = ((IAsyncResult)_complaints).AsyncWaitHandle.WaitOne(s_dying) && _complaints.IsCompletedSuccessfully ? _complaints.GetAwaiter().GetResult().Trim().Split('\n')[^1] : "";
        return $"ffmpeg ended with {_ffmpeg.ExitCode}{(said.Length > 0 ? $" ({said})" : "")}: {Remedy(said)}";
    }

    public void Kill() => Children.Kill(_ffmpeg);

    public void Dispose()
    {
        Kill();
        Finish();
        Film.Dispose();
        _ffmpeg.Dispose();
    }

    internal static IReadOnlyList<string> Arguments(int width, int height, double framesPerSecond, RecordingSettings settings)
    {
        var rate = framesPerSecond.ToString("0.######", CultureInfo.InvariantCulture);
        // A picture that builds upon no other each second: there a fragment begins, and a player can.
        var keys = Math.Max(1, (int)Math.Round(framesPerSecond)).ToString(CultureInfo.InvariantCulture);
        return
        [
            "-hide_banner", "-nostats", "-loglevel", "error",
            "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{width}x{height}", "-framerate", rate, "-i", "pipe:0",
            // Encoders of 4:2:0 need even sizes.
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-fps_mode", "passthrough",
            "-c:v", "libx264", "-preset", "veryfast", "-threads", "1", "-pix_fmt", "yuv420p",
            "-crf", settings.Quality.ToString(CultureInfo.InvariantCulture), .. Bound(settings.MostKilobits),
            "-g", keys, "-keyint_min", keys, "-sc_threshold", "0", "-bf", "0",
            "-movflags", "empty_moov+default_base_moof+frag_keyframe", "-flush_packets", "1", "-f", "mp4", "pipe:1",
        ];
    }

    private static string[] Bound(int? kilobits) => kilobits is { } most ? ["-maxrate", $"{most}k", "-bufsize", $"{2 * most}k"] : [];

    private static string Remedy(string said) => said.Contains("Unknown encoder", StringComparison.Ordinal)
        ? "this ffmpeg was built without libx264: install Debian's ffmpeg"
        : "look for a lack of memory, and whether somebody ended it; it is started again";
}
