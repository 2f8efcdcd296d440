using System.Buffers.Binary;
using TrafficFlow.Core.Frames;
using TrafficFlow.Vision.Ffmpeg.Confinement;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>What a video file's container says of its pictures.</summary>
/// <param name="Width">As shown: a film that lies on its side is turned by ffmpeg.</param>
/// <param name="FramesPerSecond">Mean rate; null where it does not tell.</param>
/// <param name="Duration">Null where it does not tell.</param>
/// <param name="Streams">How many streams of pictures there are; the first is read.</param>
/// <param name="IsCut">The file is shorter than its container says, in a way that ffmpeg does not notice.</param>
public sealed record VideoFile(string Path, int Width, int Height, double? FramesPerSecond, TimeSpan? Duration, int Streams = 1, bool IsCut = false)
{
    /// <summary>Frames/s that a recording without times is taken for, by ffmpeg too.</summary>
    public const double UsualRate = 25;

    /// <summary>128 and SIGKILL, which the kernel sends where a bound is both the soft and the hard one.</summary>
    private const int KilledForProcessorTime = 137;

    /// <exception cref="FrameSourceException">No such file, or not a video.</exception>
    public static async Task<VideoFile> ProbeAsync(string path, CancellationToken cancellation = default)
    {
        var source = new VideoSource(path, VideoSourceKind.File);
        if (Directory.Exists(path)) throw new FrameSourceException(FrameSourceFailure.NotAVideo, $"{path}: a folder, not a video: name a file in it");
        if (!File.Exists(path)) throw new FrameSourceException(FrameSourceFailure.NotFound, $"{path}: no such file: check the path");
        if (!FileKind.IsRegular(path)) throw new FrameSourceException(FrameSourceFailure.NotAVideo, $"{path}: a device or a pipe, not a file: record it to a file first");
        if (new FileInfo(path).Length == 0)
            throw new FrameSourceException(FrameSourceFailure.Empty, $"{path}: the file is empty: nothing was recorded into it yet, or its copy failed: compare it with the original");

        using var process = FfmpegProcess.StartProgram("ffprobe", FfmpegArguments.Probe(path), Reach.ToProbe(path));
        try
        {
            var complaining = process.StandardError.ReadToEndAsync(cancellation);
            var answer = await process.StandardOutput.ReadToEndAsync(cancellation);
            var complaints = (await complaining).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            await process.WaitForExitAsync(cancellation);
            if (ProbeAnswer.Read(path, answer) is { } read) return read.File with { IsCut = EndsInsidePacket(path, read.Format) };
            if (process.ExitCode == KilledForProcessorTime)
                throw new FrameSourceException(FrameSourceFailure.NotAVideo, $"{path}: ffprobe has not found out within a minute of processor time what is in it: damaged, or made to keep it busy: leave it out");
            // A name that ends in .mp4 makes ffmpeg miss an index in whatever the file holds.
            var isOther = complaints.Any(c => c.Contains("moov atom not found", StringComparison.Ordinal)) && !BeginsLikeMp4(path);
            if (isOther) throw new FrameSourceException(FrameSourceFailure.NotAVideo, $"{path}: not a video: check what the file is");
            throw FfmpegDiagnosis.Explain(
                source, 0, complaints, FrameSourceFailure.NotAVideo, "there is no video stream in it");
        }
        catch (OperationCanceledException)
        {
            Children.Kill(process);
            throw;
        }
    }

    /// <summary>MPEG-TS is a row of packets of 188 bytes, 192 or 204 with their extras; AVI tells the length of its pictures.</summary>
    private static bool EndsInsidePacket(string path, string format)
    {
        using var file = File.OpenRead(path);
        return format switch
        {
            "mpegts" => file.Length % 188 != 0 && file.Length % 192 != 0 && file.Length % 204 != 0,
            "avi" => AviPicturesEnd(file) > file.Length,
            _ => false,
        };
    }

    /// <summary>Where an AVI file's list of pictures ends by its own account; 0 where it gives none, as a recorder does that was cut off.</summary>
    private static long AviPicturesEnd(FileStream file)
    {
        Span<byte> head = stackalloc byte[12];
        // RIFF, its length, AVI; then lists and chunks with their lengths, padded to even ones.
        for (long at = 12; ;)
        {
            file.Position = at;
            if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return 0;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head[..4].SequenceEqual("LIST"u8) && head[8..].SequenceEqual("movi"u8)) return length is 0 or uint.MaxValue ? 0 : at + 8 + length;
            at += 8 + length + (length & 1);
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
}
