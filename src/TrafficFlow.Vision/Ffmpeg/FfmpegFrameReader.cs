using System.Threading.Channels;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Ffmpeg.Relay;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>
/// Reads one camera or file through an ffmpeg child. A thread of its own takes raw frames from the pipe, burns the masks in and offers
/// the result: for a file in a short queue that makes ffmpeg wait, for a camera in a slot in which a newer frame replaces the older.
/// </summary>
public sealed class FfmpegFrameReader : IFrameReader
{
    private const int FileFramesAhead = 3;

    /// <summary>Cameras send a picture that builds upon no other every few seconds: till then damage is seen.</summary>
    private static readonly TimeSpan DamageLasts = TimeSpan.FromSeconds(4);

    /// <summary>A child that was killed ends its pipe at once.</summary>
    private static readonly TimeSpan DiesWithin = TimeSpan.FromSeconds(2);

    private const string LiveRemedy = "check cable, power and address";

    private const string FileRemedy = "check the disk it lies on; if that is well, the file is damaged, or made to keep ffmpeg busy: leave it out";

    private readonly VideoSource _source;
    private readonly FrameFormat _format;
    private readonly IAnonymizer _anonymizer;
    private readonly VideoFile? _file;
    private readonly long _bytes;
    private readonly VideoTimeline? _timeline;
    private readonly FfmpegTimeouts _timeouts;
    private readonly TimeProvider _time;
    private readonly FfmpegProcess _process;
    private readonly RtspRelay? _relay;
    private readonly FramePool _pool;
    private readonly FrameClock _clock;
    private readonly Channel<AnonymizedFrame> _frames;
    private readonly ITimer _watchdog;
    private readonly TaskCompletionSource _pumped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _dropped;
    private long _read;
    private long _lastFrameAt;
    private long _lastDamageAt;
    private long? _killedAt;
    private volatile bool _isReading;
    private volatile bool _wasDamaged;
    private volatile VideoFault? _cut;
    private volatile FrameSourceException? _verdict;
    private volatile bool _closing;

    /// <param name="start">Event time of a file's first frame; ignored for a live source.</param>
    /// <param name="file">What is known of a file; null for a live source.</param>
    /// <exception cref="FrameSourceException">ffmpeg is not installed.</exception>
    public FfmpegFrameReader(
        VideoSource source,
        FrameFormat format,
        IAnonymizer anonymizer,
        DateTimeOffset start,
        VideoFile? file,
        FfmpegTimeouts timeouts,
        TimeProvider time)
        : this(source, format, anonymizer, start, file, timeouts, time, "ffmpeg", MachineSandbox.Current)
    {
    }

    internal FfmpegFrameReader(
        VideoSource source,
        FrameFormat format,
        IAnonymizer anonymizer,
        DateTimeOffset start,
        VideoFile? file,
        FfmpegTimeouts timeouts,
        TimeProvider time,
        string program,
        Sandbox sandbox)
    {
        _file = file;
        if (file is not null) _bytes = new FileInfo(file.Path).Length;
        _source = source;
        _format = format;
        _anonymizer = anonymizer;
        _timeouts = timeouts;
        _time = time;
        ExpectedFrames = file?.Duration is { } duration ? (long)(duration.TotalSeconds * format.FramesPerSecond) : null;
        _pool = new FramePool(format.ByteCount, FileFramesAhead + 3);
        _clock = new FrameClock(format.FramesPerSecond, source.IsLive ? null : start, time);
        _frames = source.IsLive
            ? Channel.CreateBounded<AnonymizedFrame>(
                new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true }, Drop)
            : Channel.CreateBounded<AnonymizedFrame>(
                new BoundedChannelOptions(FileFramesAhead) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });
        _timeline = file is null ? null : new VideoTimeline();
        _relay = source.Kind == VideoSourceKind.Rtsp ? RtspRelay.To(source.Address) : null;
        var arguments = FfmpegArguments.Decode(_relay is null ? source : source with { Address = _relay.Address }, format, file is null ? null : file.FramesPerSecond ?? VideoFile.UsualRate);
        try
        {
            _process = FfmpegProcess.Start(program, arguments, Reach.Of(source), sandbox, Handle);
        }
        catch
        {
            _relay?.Dispose();
            throw;
        }

        _lastFrameAt = time.GetTimestamp();
        _watchdog = time.CreateTimer(_ => Watch(), null, timeouts.Check, timeouts.Check);
        new Thread(Pump) { IsBackground = true, Name = "frames" }.Start();
    }

    public bool IsLive => _source.IsLive;

    public long Dropped => Interlocked.Read(ref _dropped);

    public long? ExpectedFrames { get; }

    /// <summary>Rate of the frames: that of the camera's setup, or the file's own where that is lower.</summary>
    public double FramesPerSecond => _format.FramesPerSecond;

    public IReadOnlyList<VideoFault> Faults => [.. _timeline?.Faults() ?? [], .. _cut is { } cut ? [cut] : Array.Empty<VideoFault>()];

    /// <summary>How many streams of pictures a file holds; the first is read.</summary>
    public int Streams => _file?.Streams ?? 1;

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
        await _watchdog.DisposeAsync();
        _process.Kill();
        _relay?.Dispose();
        _frames.Writer.TryComplete();
        // A child that cannot be killed keeps the pipe open, and its thread in it: this waits with it, and holds no thread of the pool.
        await _pumped.Task;
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
        _pumped.TrySetResult();
    }

    private FrameSourceException? PumpFrames()
    {
        var frozen = new FrozenPicture(_timeouts.Frozen);
        var opened = _time.GetTimestamp();
        while (!_closing)
        {
            using var captured = new CapturedFrame(_pool, _format.Width, _format.Height);
            _isReading = true;
            var got = _process.Pictures.ReadAtLeast(captured.Buffer, _format.ByteCount, throwOnEndOfStream: false);
            if (got < _format.ByteCount) return _closing ? null : Judge(got);
            _isReading = false;
            Volatile.Write(ref _lastFrameAt, _time.GetTimestamp());
            if (IsLive && frozen.Watch(captured.Buffer, _time.GetElapsedTime(opened)))
            {
                return new FrameSourceException(
                    FrameSourceFailure.Frozen,
                    $"{_source.Shown}: frozen after frame {_read}: the same picture for {_timeouts.Frozen.TotalSeconds:0.#} s: the camera hangs and is opened anew",
                    _read);
            }

            captured.Index = _read;
            captured.EventTime = _clock.Stamp(_read);
            if (_timeline is not null)
            {
                var (pauses, isDamaged) = _timeline.At(_read / FramesPerSecond, 1 / FramesPerSecond);
                captured.EventTime += pauses;
                captured.IsDamaged = isDamaged;
            }
            else
            {
                captured.IsDamaged = _wasDamaged && _time.GetElapsedTime(Volatile.Read(ref _lastDamageAt)) < DamageLasts;
            }

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
            if (!_closing && !IsGivenUp && _frames.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult()) continue;
            frame.Dispose();
            return;
        }
    }

    private void Handle(FfmpegLine? line)
    {
        if (line is not { } told)
        {
            _timeline?.End();
            return;
        }

        _timeline?.Take(told);
        if (_timeline is not null || told.Kind is not (FfmpegLineKind.Damage or FfmpegLineKind.Seam)) return;
        Volatile.Write(ref _lastDamageAt, _time.GetTimestamp());
        _wasDamaged = true;
    }

    private FrameSourceException? Judge(int bytesOfLastFrame)
    {
        if (_verdict is { } verdict) return verdict;
        var exit = _process.WaitForExit();
        var complaints = Complaints;
        if (_file is null) return FfmpegDiagnosis.Explain(_source, _read, complaints, FrameSourceFailure.Died, "the stream ended; it is opened anew");
        if (_read == 0) return FfmpegDiagnosis.Explain(_source, 0, complaints, FrameSourceFailure.Empty, "no frame could be decoded: check that the file plays elsewhere");

        var grown = new FileInfo(_file.Path) is { Exists: true } now && now.Length > _bytes;
        var cut = _file.IsCut || FfmpegDiagnosis.Find(complaints, isPlaying: true) is { Failure: FrameSourceFailure.Truncated };
        // Of a clock that jumped, a container cannot tell how long it lasted.
        var missing = ExpectedFrames is { } expected && !_timeline!.HasJumped && _read < expected - Math.Max(FramesPerSecond, expected * 0.02);
        if (bytesOfLastFrame == 0 && !cut && !missing && !grown && exit == 0) return null;
        var failure = EndsTooEarly(complaints, grown, exit);
        var end = TimeSpan.FromSeconds(_read / FramesPerSecond) + _timeline!.At(_read / FramesPerSecond, 0).Pauses;
        var whole = missing ? TimeSpan.FromSeconds(ExpectedFrames!.Value / FramesPerSecond) : end;
        _cut = new VideoFault(end, whole, VideoFaultKind.Cut, failure.Message[(_source.Shown.Length + 2)..]);
        return failure;
    }

    private FrameSourceException EndsTooEarly(IReadOnlyCollection<string> complaints, bool isGrowing, int? exit)
    {
        if (isGrowing)
        {
            return new FrameSourceException(
                FrameSourceFailure.Truncated,
                $"{_source.Shown}: still being written: it has grown while it was read; it was read up to frame {_read}: count it again when the recording has ended",
                _read);
        }

        var reached = ExpectedFrames is { } all ? $"{_read} of about {all} frames could be read" : $"{_read} frames could be read";
        if (exit != 0)
        {
            return FfmpegDiagnosis.Explain(
                _source, _read, complaints, FrameSourceFailure.Died, $"{reached}, then ffmpeg ended {(exit is { } code ? $"with {code}" : "not")}: try again, and look for a lack of memory");
        }

        return FfmpegDiagnosis.Explain(_source, _read, complaints, FrameSourceFailure.Truncated, $"{reached}: {FfmpegDiagnosis.CutRemedy}");
    }

    private void Watch()
    {
        // A file's taker may take its time: ffmpeg is late only while it is waited for.
        if (!IsLive && !_isReading) Volatile.Write(ref _lastFrameAt, _time.GetTimestamp());
        var silence = _time.GetElapsedTime(Volatile.Read(ref _lastFrameAt));
        if (silence < (!IsLive ? _timeouts.FileFrame : _read == 0 ? _timeouts.FirstFrame : _timeouts.NextFrame)) return;
        _verdict ??= FfmpegDiagnosis.Explain(
            _source, _read, Complaints, FrameSourceFailure.Silent, $"no frame for {silence.TotalSeconds:0.#} s: {(IsLive ? LiveRemedy : FileRemedy)}");
        if (_killedAt is not { } killed)
        {
            _killedAt = _time.GetTimestamp();
            _process.Kill();
        }
        else if (_time.GetElapsedTime(killed) > DiesWithin)
        {
            // It hangs in the kernel: nothing will end the pipe, and the reader is not to wait for that.
            _frames.Writer.TryComplete(_verdict);
        }
    }

    private IReadOnlyCollection<string> Complaints => _relay is null ? _process.Complaints : [.. _relay.Complaints, .. _process.Complaints.Select(_relay.Restore)];

    /// <summary>The watch has judged that the source is dead.</summary>
    private bool IsGivenUp => _verdict is not null;

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
public sealed record FfmpegTimeouts(TimeSpan FirstFrame, TimeSpan NextFrame, TimeSpan Frozen, TimeSpan Check)
{
    /// <summary>How long a file may be decoded without a frame: a stretch without pictures is skipped at the disk's pace, and a hostile file is given up.</summary>
    public TimeSpan FileFrame { get; init; } = TimeSpan.FromMinutes(10);

    public static readonly FfmpegTimeouts Default = new(
        TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(0.5));
}
