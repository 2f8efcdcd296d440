using System.Buffers.Binary;
using System.Globalization;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>What a video file's container says of it.</summary>
/// <param name="FramesPerSecond">Mean rate; null where it does not tell.</param>
/// <param name="Duration">Null where it does not tell.</param>
/// <param name="IsCut">The file is shorter than its container says, in a way that ffmpeg does not notice.</param>
public sealed record VideoFile(string Path, int Width, int Height, double? FramesPerSecond, TimeSpan? Duration, bool IsCut = false)
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
            if (Read(path, answer) is { } file) return file with { IsCut = EndsInsidePacket(path, Facts(answer)) };
            // A name that ends in .mp4 makes ffmpeg miss an index in whatever the file holds.
            var isOther = complaints.Any(c => c.Contains("moov atom not found", StringComparison.Ordinal)) && !BeginsLikeMp4(path);
            if (isOther) throw new FrameSourceException(FrameSourceFailure.NotAVideo, $"{path}: not a video: check what the file is");
            throw FfmpegDiagnosis.Explain(
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
        var facts = Facts(answer);
        if (!facts.TryGetValue("width", out var w) || !int.TryParse(w, CultureInfo.InvariantCulture, out var width)) return null;
        if (!facts.TryGetValue("height", out var h) || !int.TryParse(h, CultureInfo.InvariantCulture, out var height)) return null;
        if (width <= 0 || height <= 0) return null;
        // Matroska tells the picture's own length in a tag; that of the whole file may be its longer sound.
        var seconds = Clock(facts.GetValueOrDefault("TAG:DURATION"))
            ?? (facts.TryGetValue("duration", out var d) && double.TryParse(d, CultureInfo.InvariantCulture, out var s) && s > 0 ? s : null);
        var rate = Rate(facts.GetValueOrDefault("avg_frame_rate")) ?? Rate(facts.GetValueOrDefault("r_frame_rate"));
        return new VideoFile(path, width, height, rate, seconds is { } known ? TimeSpan.FromSeconds(known) : null);
    }

    private static Dictionary<string, string> Facts(string answer) => answer
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split('=', 2))
        .Where(pair => pair.Length == 2 && pair[1] != "N/A")
        .GroupBy(pair => pair[0])
        .ToDictionary(group => group.Key, group => group.First()[1]);

    /// <summary>MPEG-TS is a row of packets of 188 bytes, 192 or 204 with their extras; AVI begins with its own length.</summary>
    private static bool EndsInsidePacket(string path, Dictionary<string, string> facts)
    {
        using var file = File.OpenRead(path);
        switch (facts.GetValueOrDefault("format_name"))
        {
            case "mpegts":
                return file.Length % 188 != 0 && file.Length % 192 != 0 && file.Length % 204 != 0;
            case "avi":
                Span<byte> head = stackalloc byte[8];
                return file.ReadAtLeast(head, 8, throwOnEndOfStream: false) == 8 && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) + 8L > file.Length;
            default:
                return false;
        }
    }

    private static bool BeginsLikeMp4(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> head = stackalloc byte[8];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return false;
        var type = head[4..];
        return type.SequenceEqual("ftyp"u8) || type.SequenceEqual("mdat"u8) || type.SequenceEqual("free"u8) || type.SequenceEqual("skip"u8)
            || type.SequenceEqual("wide"u8) || type.SequenceEqual("pnot"u8);
    }

    /// <summary>Seconds of hours:minutes:seconds.</summary>
    private static double? Clock(string? text)
    {
        var parts = text?.Split(':');
        if (parts is not { Length: 3 }) return null;
        var sum = 0.0;
        foreach (var part in parts)
        {
            if (!double.TryParse(part, CultureInfo.InvariantCulture, out var value)) return null;
            sum = (sum * 60) + value;
        }

        return sum > 0 ? sum : null;
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
