using System.Globalization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>The command line with which ffmpeg decodes, limits the rate, scales, and writes raw BGR frames to its standard output.</summary>
public static class FfmpegArguments
{
    /// <summary>How long ffmpeg itself waits for a silent peer before it gives up, in microseconds.</summary>
    private const string PeerTimeoutMicroseconds = "5000000";

    /// <summary>
    /// The fps filter needs no rate of the source, and the packets of the analysis are decoded too: thrown away (nobuffer), they would take
    /// the key frame with them, and the first picture would wait for the next one.
    /// </summary>
    private static readonly string[] StartAtOnce = ["-fpsprobesize", "0"];

    public static IReadOnlyList<string> Decode(VideoSource source, FrameFormat format)
    {
        List<string> arguments = ["-hide_banner", "-nostdin", "-loglevel", "error"];
        // A camera comes at its own pace: threads of one stream would only be late for each other, and hold pictures back. A file has time to gain.
        if (source.IsLive) arguments.AddRange(["-threads", "1", "-filter_threads", "1"]);
        arguments.AddRange(source.Kind switch
        {
            VideoSourceKind.Rtsp => ["-rtsp_transport", "tcp", "-timeout", PeerTimeoutMicroseconds, .. StartAtOnce],
            // Motion JPEG carries no times, and ffmpeg would take it for 25 pictures a second: the arrival is the time.
            VideoSourceKind.Http when source.IsMotionJpeg => ["-rw_timeout", PeerTimeoutMicroseconds, .. StartAtOnce, "-use_wallclock_as_timestamps", "1"],
            VideoSourceKind.Http => ["-rw_timeout", PeerTimeoutMicroseconds, .. StartAtOnce],
            VideoSourceKind.Device => ["-f", "v4l2"],
            _ => Array.Empty<string>(),
        });
        // A file name may begin with a dash or look like a protocol: file: says that it is neither.
        arguments.AddRange(["-i", source.Kind == VideoSourceKind.File ? $"file:{source.Address}" : source.Address]);
        var rate = format.FramesPerSecond.ToString("0.######", CultureInfo.InvariantCulture);
        arguments.AddRange(["-map", "0:v:0", "-an", "-sn", "-dn"]);
        arguments.AddRange(["-vf", $"fps={rate},scale={format.Width}:{format.Height}"]);
        // The filter has made the rate constant: ffmpeg's own rate control would only repeat the first picture where sound begins earlier.
        arguments.AddRange(["-fps_mode", "passthrough", "-pix_fmt", "bgr24", "-f", "rawvideo", "pipe:1"]);
        return arguments;
    }

    /// <summary>What ffprobe is asked about a file.</summary>
    public static IReadOnlyList<string> Probe(string file) =>
    [
        "-v", "error", "-select_streams", "v:0",
        "-show_entries", "stream=width,height,avg_frame_rate,r_frame_rate,duration:stream_tags=DURATION:format=duration,format_name",
        "-of", "default=noprint_wrappers=1", $"file:{file}",
    ];
}
