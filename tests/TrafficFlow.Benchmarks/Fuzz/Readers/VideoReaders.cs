using System.Text;
using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>What ffmpeg and ffprobe tell of a video that somebody else made, and model files.</summary>
internal static class VideoReaders
{
    private static readonly TimeSpan LongestVideo = TimeSpan.FromDays(36500);

    public static IEnumerable<FuzzReader> All()
    {
        yield return new FuzzReader("ffprobe", ReadProbe)
        {
            Seeds = SeedFiles.Of("ffprobe"),
            Words = SeedFiles.Words(
                "{", "}", "[", "]", "null", "true", "\"streams\":", "\"width\":", "\"height\":", "\"rotation\":", "\"side_data_list\":", "\"packets\":", "\"pts_time\":", "\"tags\":", "\"DURATION\":",
                "\"99999999:00:00\"", "\"avg_frame_rate\":", "\"1/0\"", "\"nan\"", "1e999", "\"inf\"", "99999999999", "-1"),
        };
        yield return new FuzzReader("ffmpeg-lines", ReadLines)
        {
            Seeds = SeedFiles.Of("ffmpeg-lines"),
            Words = SeedFiles.Words(
                "\n", "[Parsed_showinfo_0 @ 0x5] [info] ", "config in time_base: 1/15360", " pts:", " iskey:1 ", "[h264 @ 0x5] [error] ", "[info] ", "[warning] ", "corrupt", "missed", "nan", "1e308", "-1e308",
                "٣", "config in time_base: ٣/٤"),
        };
        yield return new FuzzReader("onnx", ReadModel)
        {
            Seeds = SeedFiles.Of("onnx"),
            Words = SeedFiles.Words("location", "weights.bin", "../../etc/passwd", "\x3a", "\x2a", "\x6a", "ORTM", "com.example"),
        };
        yield return new FuzzReader("onnx-metadata", ReadMetadata)
        {
            Seeds = SeedFiles.Of("onnx-metadata"),
            Words = SeedFiles.Words("\n", "{0: 'car', 1: \"bus\"}", "['car']", "[640, 640]", "'", "\"", "\\", "{", "}", "2147483648", "-1"),
        };
    }

    private static bool ReadProbe(byte[] input)
    {
        if (ProbeAnswer.Read("clip.mp4", Encoding.UTF8.GetString(input)) is not { } read) return false;
        var (file, _) = read;
        var isSane = file is { Width: > 0, Height: > 0, Streams: > 0 } && (file.FramesPerSecond is not { } rate || (double.IsFinite(rate) && rate > 0))
            && (file.Duration is not { } length || (length > TimeSpan.Zero && length < LongestVideo));
        return isSane ? true : throw new WrongAcceptanceException($"{file} cannot be");
    }

    private static bool ReadLines(byte[] input)
    {
        var timeline = new VideoTimeline();
        var complaints = new List<string>();
        foreach (var text in Encoding.UTF8.GetString(input).Split('\n'))
        {
            var line = FfmpegLine.Read(text);
            timeline.Take(line);
            if (line.IsComplaint) complaints.Add(line.Text);
        }

        timeline.End();
        var faults = timeline.Faults();
        var (pauses, _) = timeline.At(1.5, 0.04);
        if (faults.Any(f => f.To < f.From) || pauses < TimeSpan.Zero) throw new WrongAcceptanceException("a fault ends before it begins");
        return FfmpegDiagnosis.Find(complaints) is not null || faults.Count > 0;
    }

    private static bool ReadModel(byte[] input)
    {
        try
        {
            OnnxFile.Check("model.onnx", "fuzz", input);
            return true;
        }
        catch (DetectorException)
        {
            return false;
        }
    }

    /// <summary>Task, names, size and stride, a line each.</summary>
    private static bool ReadMetadata(byte[] input)
    {
        var parts = Encoding.UTF8.GetString(input).Split('\n');
        string[] keys = ["task", "names", "imgsz", "stride", "description"];
        var read = new OnnxMetadata(keys.Zip(parts).ToDictionary(p => p.Item1, p => p.Item2));
        if (read.PictureSize is { } size && (size.Width <= 0 || size.Height <= 0)) throw new WrongAcceptanceException("a size below 1");
        if (read.Names is { } names) ClassNames.Map(names);
        return read.Names is not null;
    }
}
