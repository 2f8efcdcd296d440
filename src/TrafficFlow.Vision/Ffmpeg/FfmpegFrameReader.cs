using System.Threading.Channels;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>
/// Reads one camera or file through an ffmpeg child. A thread of its own takes raw frames from the pipe, burns the masks in and offers
/// the result: for a file in a short queue that makes ffmpeg wait, for a camera in a slot in which a newer frame replaces the older.
/// </summary>
public sealed class FfmpegFrameReader : IFrameReader
{
    private const int FileFramesAhead = 3;

    private readonly VideoSource _source;
    private readonly FrameFormat _format;
    private readonly IAnonymizer _anonymizer;
    private readonly bool _isCut;
    private readonly FfmpegPatience _patience;
    private readonly TimeProvider _time;
    private readonly FfmpegProcess _process;
    private readonly FramePool _pool;
    private readonly FrameClock _clock;
    private readonly Channel<AnonymizedFrame> _frames;
    private readonly ITimer? _watchdog;
    private readonly Thread _thread;
    private long _dropped;
    private long _read;
    private long _lastFrameAt;
    private volatile FrameSourceException? _verdict;
    private volatile bool _closing;

    /// <param name="start">Event time of a file's first frame; ignored for a live source.</param>
    /// <param name="expectedFrames">How many frames a file should hold; fewer is an error.</param>
    /// <param name="isCut">The file is known to end too early: its last frame does not end it well.</param>
    /// <exception cref="FrameSourceException">ffmpeg is not installed.</exception>
    public FfmpegFrameReader(
        VideoSource source,
        FrameFormat format,
        IAnonymizer anonymizer,
        DateTimeOffset start,
        long? expectedFrames,
        FfmpegPatience patience,
        TimeProvider time,
        bool isCut = false)
    {
        _isCut = isCut;
        _source = source;
        _format = format;
        _anonymizer = anonymizer;
        _patience = patience;
        _time = time;
        ExpectedFrames = expectedFrames;
        _pool = new FramePool(format.ByteCount, FileFramesAhead + 3);
        _clock = new FrameClock(format.FramesPerSecond, source.IsLive ? null : start, time);
        _frames = source.IsLive
            ? Channel.CreateBounded<AnonymizedFrame>(
                new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true }, Drop)
            : Channel.CreateBounded<AnonymizedFrame>(
                new BoundedChannelOptions(FileFramesAhead) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
        _process = FfmpegProcess.Start(FfmpegArguments.Decode(source, format));
        _lastFrameAt = time.GetTimestamp();
        if (source.IsLive) _watchdog = time.CreateTimer(_ => Watch(), null, patience.Check, patience.Check);
        _thread = new Thread(Pump) { IsBackground = true, Name = "frames" };
        _thread.Start();
    }

    public bool IsLive => _source.IsLive;

    public long Dropped => Interlocked.Read(ref _dropped);

    public long? ExpectedFrames { get; }

    /// <summary>Rate of the frames: that of the camera's setup, or the file's own where that is lower.</summary>
    public double FramesPerSecond => _format.FramesPerSecond;

    /// <summary>How many frames ffmpeg has delivered.</summary>
    public long FramesRead => Interlocked.Read(ref _read);

    /// <summary>Pixel buffers that were ever allocated: constant in steady state.</summary>
    public int BuffersMade => _pool.Made;

    /// <summary>Buffers still owned by somebody, for tests of ownership.</summary>
    public int RentedBuffers => _pool.Rented;

    public async ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation)
    {
        while (await _frames.Reader.WaitToReadAsync(cancellation))
        {
            if (_frames.Reader.TryRead(out var frame)) return frame;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        _closing = true;
        if (_watchdog is not null) await _watchdog.DisposeAsync();
        _process.Kill();
        _frames.Writer.TryComplete();
        // The thread may wait for room in the queue: make some until it has seen the end.
        while (_thread.IsAlive)
        {
            while (_frames.Reader.TryRead(out var left)) left.Dispose();
            await Task.Yield();
            _thread.Join(TimeSpan.FromMilliseconds(5));
        }

        while (_frames.Reader.TryRead(out var left)) left.Dispose();
        _process.Dispose();
    }

    private void Pump()
    {
        FrameSourceException? end;
        try
        {
            end = PumpFrames();
        }
        catch (Exception e)
        {
            // Whatever it is ends this camera's reader and not the process.
            end = new FrameSourceException(FrameSourceFailure.Died, $"{_source.Shown}: broke off after frame {_read}: {e.Message}", _read, e);
        }

        _frames.Writer.TryComplete(_closing ? null : end);
    }

    private FrameSourceException? PumpFrames()
    {
        var frozen = new FrozenPicture(_patience.Frozen);
        var opened = _time.GetTimestamp();
        while (!_closing)
        {
            using var captured = new CapturedFrame(_pool, _format.Width, _format.Height);
            var got = _process.Pictures.ReadAtLeast(captured.Buffer, _format.ByteCount, throwOnEndOfStream: false);
            if (got < _format.ByteCount) return _closing ? null : Judge(got);

            Volatile.Write(ref _lastFrameAt, _time.GetTimestamp());
            if (IsLive && frozen.Watch(captured.Buffer, _time.GetElapsedTime(opened)))
            {
                return new FrameSourceException(
                    FrameSourceFailure.Frozen,
                    $"{_source.Shown}: frozen after frame {_read}: the same picture for {_patience.Frozen.TotalSeconds:0.#} s: the camera hangs and is opened anew",
                    _read);
            }

            captured.Index = _read;
            captured.EventTime = _clock.Stamp(_read);
            _read++;
            Offer(_anonymizer.Anonymize(captured));
        }

        return null;
    }

    private void Offer(AnonymizedFrame frame)
    {
        while (!_frames.Writer.TryWrite(frame))
        {
            // This is the source's own thread: waiting here is what makes ffmpeg wait, so that no frame of a file is dropped.
            if (!_closing && _frames.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult()) continue;
            frame.Dispose();
            return;
        }
    }

    private FrameSourceException? Judge(int bytesOfLastFrame)
    {
        if (_verdict is { } verdict) return verdict;
        var exit = _process.WaitForExit();
        var complaints = _process.Complaints;
        if (IsLive) return FfmpegDiagnosis.Explain(_source, _read, complaints, FrameSourceFailure.Died, "the stream ended; it is opened anew");
        if (_read == 0) return FfmpegDiagnosis.Explain(_source, 0, complaints, FrameSourceFailure.Empty, "no frame could be decoded: check that the file plays elsewhere");

        var cut = _isCut || FfmpegDiagnosis.Find(complaints, isPlaying: true) is { Failure: FrameSourceFailure.Truncated };
        var missing = ExpectedFrames is { } expected && _read < expected - Math.Max(_format.FramesPerSecond, expected * 0.02);
        if (bytesOfLastFrame == 0 && !cut && !missing && exit == 0) return null;
        return FfmpegDiagnosis.Explain(
            _source,
            _read,
            complaints,
            exit == 0 ? FrameSourceFailure.Truncated : FrameSourceFailure.Died,
            ExpectedFrames is { } all ? $"{_read} of about {all} frames could be read: copy the file again from the recorder" : "copy the file again from the recorder");
    }

    private void Watch()
    {
        var silence = _time.GetElapsedTime(Volatile.Read(ref _lastFrameAt));
        if (silence < (_read == 0 ? _patience.FirstFrame : _patience.NextFrame)) return;
        _verdict ??= FfmpegDiagnosis.Explain(
            _source, _read, _process.Complaints, FrameSourceFailure.Silent, $"no frame for {silence.TotalSeconds:0.#} s: check cable, power and address");
        _process.Kill();
    }

    private void Drop(AnonymizedFrame older)
    {
        older.Dispose();
        Interlocked.Increment(ref _dropped);
    }
}

/// <summary>How long a live source may be silent or unchanged before it counts as dead.</summary>
/// <param name="FirstFrame">From opening to the first frame.</param>
/// <param name="NextFrame">Between frames.</param>
/// <param name="Frozen">With the same picture.</param>
/// <param name="Check">How often the watch looks.</param>
public sealed record FfmpegPatience(TimeSpan FirstFrame, TimeSpan NextFrame, TimeSpan Frozen, TimeSpan Check)
{
    public static readonly FfmpegPatience Default = new(
        TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.5));
}
