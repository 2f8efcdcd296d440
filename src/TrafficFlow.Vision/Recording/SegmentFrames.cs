using System.Diagnostics;
using System.Runtime.CompilerServices;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Recording;

/// <summary>
/// Decodes a recorded segment to its frames, with their event times and what was detected in them. The MP4 goes through an ffmpeg child from pipe to pipe, in no file; the child has a
/// bounded memory and life, and reaches nothing. Not thread-safe.
/// </summary>
public sealed class SegmentFrames : IAsyncDisposable
{
    /// <summary>Of a stream that cannot be sought in, whose end must be read first: ten minutes at 5 Mbit/s.</summary>
    private const long MostBuffered = 400L << 20;

    private const int FramesKept = 4;
    private const int Portion = 64 << 10;

    /// <summary>Processor time of the child: ten minutes of pictures take a fraction of it.</summary>
    private static readonly TimeSpan s_processor = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(5);

    private readonly Stream _film;
    private readonly SegmentStart _start;
    private readonly Process _ffmpeg;
    private readonly Task<string> _complaints;
    private readonly FramePool _pool;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task<Exception?> _feeding;

    private SegmentFrames(Stream film, SegmentStart start, SegmentIndex? index)
    {
        (_film, _start, Index) = (film, start, index);
        _pool = new FramePool(start.Frame.ByteCount, FramesKept);
        _ffmpeg = FfmpegProcess.StartProgram("ffmpeg", Arguments(start.Frame), Reach.Nothing with { Processor = s_processor });
        _complaints = _ffmpeg.StandardError.ReadToEndAsync();
        _feeding = FeedAsync();
    }

    /// <summary>Null where the recording was cut: then there are neither exact times nor detections.</summary>
    public SegmentIndex? Index { get; }

    /// <summary>Frames that nobody has disposed of yet.</summary>
    public int Rented => _pool.Rented;

    /// <param name="segment">The MP4; the caller keeps it. One that cannot be sought in is read into memory first.</param>
    /// <param name="start">What the store knows of it.</param>
    /// <exception cref="SegmentIndexException">It is no segment, or its index is damaged.</exception>
    /// <exception cref="SegmentStoreException">It is not the segment that <paramref name="start"/> tells of, or ffmpeg is missing.</exception>
    public static async Task<SegmentFrames> OpenAsync(Stream segment, SegmentStart start, CancellationToken cancellation)
    {
        var film = segment.CanSeek ? segment : await BufferedAsync(segment, cancellation).ConfigureAwait(false);
        var begin = film.Position;
        var index = await SegmentBoxes.FindIndexAsync(film, cancellation).ConfigureAwait(false);
        film.Position = begin;
        if (index is not null && (index.Width, index.Height) != (start.Frame.Width, start.Frame.Height))
            throw new SegmentStoreException($"the segment holds pictures of {index.Width}x{index.Height}, and {start.Frame.Width}x{start.Frame.Height} were announced: it is another one");
        try
        {
            return new SegmentFrames(film, start, index);
        }
        catch (FrameSourceException e)
        {
            throw new SegmentStoreException(e.Message, e);
        }
    }

    /// <summary>All frames, in order. The receiver disposes of each.</summary>
    /// <exception cref="SegmentStoreException">Pictures cannot be decoded, or are more or fewer than the index has.</exception>
    public async IAsyncEnumerable<RecordedFrame> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var pictures = _ffmpeg.StandardOutput.BaseStream;
        for (var i = 0; ; i++)
        {
            var buffer = _pool.Rent();
            RecordedFrame? frame = null;
            try
            {
                var got = await pictures.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
                if (got == buffer.Length) frame = FrameOf(i, buffer);
                else await EndAsync(i, got, cancellation).ConfigureAwait(false);
            }
            finally
            {
                if (frame is null) _pool.Return(buffer);
            }

            if (frame is null) yield break;
            yield return frame;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        Children.Kill(_ffmpeg);
        await _feeding.ConfigureAwait(false);
        _ffmpeg.StandardOutput.Dispose();
        _ffmpeg.Dispose();
        _closing.Dispose();
    }

    /// <summary>Its masks were burned in, and it was coarsened, before it was recorded.</summary>
    private RecordedFrame FrameOf(int number, byte[] buffer)
    {
        if (Index is { } index && number >= index.Frames.Count) throw Bad($"has more pictures than the {index.Frames.Count} of its index");
        var indexed = Index?.Frames[number];
        var time = indexed?.Time ?? _start.From + TimeSpan.FromSeconds(number / _start.Frame.FramesPerSecond);
        var isDamaged = indexed is not null && indexed.Marks.HasFlag(IndexedMarks.IsDamaged);
        return new RecordedFrame(new AnonymizedFrame(_pool, buffer, _start.Frame.Width, _start.Frame.Height, number, time) { IsDamaged = isDamaged }, indexed);
    }

    private async Task EndAsync(int frames, int left, CancellationToken cancellation)
    {
        if (await _feeding.WaitAsync(cancellation).ConfigureAwait(false) is { } failure)
            throw failure as SegmentStoreException ?? new SegmentStoreException($"the segment of {_start.Camera} from {_start.From:yyyy-MM-dd HH:mm:ss zzz} cannot be read: {failure.GetBaseException().Message}", failure);
        await _ffmpeg.WaitForExitAsync(cancellation).ConfigureAwait(false);
        if (Index is null) return;
        if (frames == Index.Frames.Count && left == 0 && _ffmpeg.ExitCode == 0) return;
        var said = (await _complaints.WaitAsync(s_dying, cancellation).ConfigureAwait(false)).Trim().Split('\n')[^1];
        throw Bad($"gives {frames} of the {Index.Frames.Count} pictures of its index{(said.Length > 0 ? $" (ffmpeg: {said})" : "")}");
    }

    private SegmentStoreException Bad(string what) => new($"the segment of {_start.Camera} from {_start.From:yyyy-MM-dd HH:mm:ss zzz} {what}: it is damaged");

    /// <returns>What the stream failed with; null where it was read to its end, or nobody takes it any more.</returns>
    private async Task<Exception?> FeedAsync()
    {
        var input = _ffmpeg.StandardInput.BaseStream;
        var portion = new byte[Portion];
        try
        {
            while (true)
            {
                int got;
                try
                {
                    got = await _film.ReadAsync(portion, _closing.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    return e;
                }

                if (got == 0) return null;
                await input.WriteAsync(portion.AsMemory(0, got), _closing.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The child has ended, and its pictures tell so; or nobody wants them any more.
            return null;
        }
        finally
        {
            Finish(input);
        }
    }

    private static void Finish(Stream input)
    {
        try
        {
            input.Dispose();
        }
        catch (IOException)
        {
            // The child has ended.
        }
    }

    private static async Task<MemoryStream> BufferedAsync(Stream segment, CancellationToken cancellation)
    {
        var film = new MemoryStream();
        var portion = new byte[Portion];
        while (await segment.ReadAsync(portion, cancellation).ConfigureAwait(false) is var got and > 0)
        {
            if (film.Length + got > MostBuffered) throw new SegmentStoreException($"a segment of more than {MostBuffered >> 20} MB cannot be read from a stream: take it to a file system that can be sought in");
            film.Write(portion, 0, got);
        }

        film.Position = 0;
        return film;
    }

    private static IReadOnlyList<string> Arguments(FrameFormat format) =>
    [
        "-hide_banner", "-nostats", "-loglevel", "error", "-threads", "1", "-max_pixels", $"{MediaRules.MostPixels}",
        "-format_whitelist", "mp4", "-protocol_whitelist", "pipe", "-f", "mp4", "-i", "pipe:0", "-map", "0:V:0", "-an", "-sn", "-dn",
        // In 4:2:0 only even sizes could be cut out.
        "-vf", $"format=bgr24,crop={format.Width}:{format.Height}:0:0", "-fps_mode", "passthrough", "-pix_fmt", "bgr24", "-f", "rawvideo", "pipe:1",
    ];
}
