using System.Globalization;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>What a video file's container says of it.</summary>
/// <param name="FramesPerSecond">Mean rate; null where it does not tell.</param>
/// <param name="Duration">Null where it does not tell.</param>
public sealed record VideoFile(string Path, int Width, int Height, double? FramesPerSecond, TimeSpan? Duration)
{
    /// <exception cref="FrameSourceException">No such file, or not a video.</exception>
    public static async Task<VideoFile> ProbeAsync(string path, CancellationToken cancellation = default)
    {
        var source = new VideoSource(path, VideoSourceKind.File);
        if (Directory.Exists(path)) throw new FrameSourceException(FrameSourceFailure.NotAVideo, $"{path}: a folder, not a video: name a file in it");
        if (!File.Exists(path)) throw new FrameSourceException(FrameSourceFailure.NotFound, $"{path}: no such file: check the path");
        if (new FileInfo(path).Length == 0) throw new FrameSourceException(FrameSourceFailure.Empty, $"{path}: the file is empty: copy it again from the recorder");

        using var process = FfmpegProcess.StartProgram("ffprobe", FfmpegArguments.Probe(path));
        try
        {
            var complaining = process.StandardError.ReadToEndAsync(cancellation);
            var answer = await process.StandardOutput.ReadToEndAsync(cancellation);
            var complaints = (await complaining).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            await process.WaitForExitAsync(cancellation);
            return Read(path, answer) ?? throw FfmpegDiagnosis.Explain(
                source, 0, complaints, FrameSourceFailure.NotAVideo, "there is no video stream in it");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Reads ffprobe's key=value lines; null when no picture size is among them.</summary>
    internal static VideoFile? Read(string path, string answer)
    {
        var facts = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2 && pair[1] != "N/A")
            .GroupBy(pair => pair[0])
            .ToDictionary(group => group.Key, group => group.First()[1]);
        if (!facts.TryGetValue("width", out var w) || !int.TryParse(w, CultureInfo.InvariantCulture, out var width)) return null;
        if (!facts.TryGetValue("height", out var h) || !int.TryParse(h, CultureInfo.InvariantCulture, out var height)) return null;
        if (width <= 0 || height <= 0) return null;
        double? seconds = facts.TryGetValue("duration", out var d) && double.TryParse(d, CultureInfo.InvariantCulture, out var s) && s > 0 ? s : null;
        var rate = Rate(facts.GetValueOrDefault("avg_frame_rate")) ?? Rate(facts.GetValueOrDefault("r_frame_rate"));
        return new VideoFile(path, width, height, rate, seconds is { } known ? TimeSpan.FromSeconds(known) : null);
    }

    private static double? Rate(string? fraction)
    {
        var parts = fraction?.Split('/');
        if (parts is not { Length: 2 }) return null;
        if (!double.TryParse(parts[0], CultureInfo.InvariantCulture, out var frames)) return null;
        if (!double.TryParse(parts[1], CultureInfo.InvariantCulture, out var seconds)) return null;
        return frames > 0 && seconds > 0 ? frames / seconds : null;
    }
}
