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

    /// <param name="ownRate">
    /// Of a file, in frames/s: ffmpeg then tells of each picture and each jump of the clock, for <see cref="VideoTimeline"/>. Null: only errors.
    /// </param>
    public static IReadOnlyList<string> Decode(VideoSource source, FrameFormat format, double? ownRate = null)
    {
        List<string> arguments = ["-hide_banner", "-nostdin", "-nostats", "-loglevel"];
        arguments.Add(ownRate is not null ? "repeat+level+info" : source.IsLive ? "repeat+level+warning" : "error");
        // A camera comes at its own pace: threads of one stream would only be late for each other, and hold pictures back. A file has time to gain.
        if (source.IsLive) arguments.AddRange(["-threads", "1", "-filter_threads", "1"]);
        arguments.AddRange(MediaRules.For(source));
        arguments.AddRange(source.Kind switch
        {
            VideoSourceKind.Rtsp => ["-rtsp_transport", "tcp", "-timeout", PeerTimeoutMicroseconds, .. StartAtOnce],
            // Motion JPEG carries no times, and ffmpeg would take it for 25 pictures a second: the arrival is the time.
            VideoSourceKind.Http when source.IsMotionJpeg => ["-rw_timeout", PeerTimeoutMicroseconds, .. StartAtOnce, "-use_wallclock_as_timestamps", "1"],
            VideoSourceKind.Http => ["-rw_timeout", PeerTimeoutMicroseconds, .. StartAtOnce],
            VideoSourceKind.Device => ["-f", "v4l2"],
            _ => Array.Empty<string>(),
        });
        if (ownRate is not null)
        {
            // Times as they stand in the file, and complaints in step with the pictures: threads that decode ahead would tell of damage too
            // early, and by chance. The detector is slower than one thread.
            arguments.AddRange(["-copyts", "-thread_type", "slice"]);
        }

        // A file name may begin with a dash or look like a protocol: file: says that it is neither.
        arguments.AddRange(["-i", source.Kind == VideoSourceKind.File ? FileAddress(source.Address) : source.Address]);
        var rate = format.FramesPerSecond.ToString("0.######", CultureInfo.InvariantCulture);
        arguments.AddRange(["-map", "0:V:0", "-an", "-sn", "-dn"]);
        var told = ownRate is { } own ? $"{SteadyClock(own)},showinfo=checksum=0," : "";
        arguments.AddRange(["-vf", $"{told}fps={rate},scale={format.Width}:{format.Height}"]);
        // The filter has made the rate constant: ffmpeg's own rate control would only repeat the first picture where sound begins earlier.
        arguments.AddRange(["-fps_mode", "passthrough", "-pix_fmt", "bgr24", "-f", "rawvideo", "pipe:1"]);
        return arguments;
    }

    /// <summary>
    /// Times that begin at 0 and always go on. Where the file's own hardly advance, are missing or go back a little, the picture comes one step
    /// behind the last; where they jump, too, and the seconds are printed: a pause would become as many repeated pictures as would have fitted.
    /// Variables: 0 from the file's time to ours, 1 and 2 the last picture's time in ours and in the file's, 3 and 4 this one's in both, 5 how
    /// far the file's went. All in ticks.
    /// </summary>
    private static string SteadyClock(double ownRate)
    {
        var step = string.Create(CultureInfo.InvariantCulture, $"(1/{ownRate:0.######}/TB)");
        var pause = string.Create(CultureInfo.InvariantCulture, $"({Math.Max(1, 4 / ownRate):0.######}/TB)");
        return "setpts='"
            + $"st(3,if(isnan(PTS),ld(2)+{step},PTS));"
            + "if(eq(N,0),st(2,ld(3));st(0,-ld(3));st(1,-1/TB));"
            + "st(5,ld(3)-ld(2));st(4,ld(3)+ld(0));"
            + $"if(lt(ld(5),-1/TB)+gt(N,0)*gt(ld(4)-ld(1),{pause}),"
            + $"print((if(lt(ld(5),-1/TB),ld(5),ld(4)-ld(1))-{step})*TB);st(4,ld(1)+{step});st(0,ld(4)-ld(3)),"
            + $"if(lt(ld(4),ld(1)+{step}/10),st(4,ld(1)+{step})));"
            + "st(2,ld(3));st(1,ld(4))'";
    }

    /// <summary>What ffprobe is asked about a file: its pictures' streams, and the times of the first of their packets.</summary>
    public static IReadOnlyList<string> Probe(string file) =>
    [
        "-v", "error", .. MediaRules.For(new VideoSource(file, VideoSourceKind.File)), "-select_streams", "V", "-read_intervals", "%+#200",
        "-show_entries",
        "stream=index,codec_name,width,height,sample_aspect_ratio,avg_frame_rate,r_frame_rate,start_time,duration:stream_tags=DURATION"
            + ":stream_side_data=rotation:format=start_time,duration,format_name:packet=stream_index,dts_time,pts_time",
        "-of", "json", FileAddress(file),
    ];

    /// <summary>Its full path: a sandbox has a current folder of its own.</summary>
    private static string FileAddress(string file) => $"file:{Path.GetFullPath(file)}";
}
