using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Recording;

/// <summary>
/// One segment, from pictures to the store. Pictures come on the recorder's thread; a thread of its own takes the film from the encoder to the store, so that a store that does not
/// return holds nothing else. A watch tells whether either waits too long.
/// </summary>
internal sealed class SegmentRecording : IDisposable
{
    private const int Portion = 64 << 10;

    private static readonly TimeSpan s_explained = TimeSpan.FromSeconds(5);

    private readonly ISegmentStore _store;
    private readonly RecorderLimits _limits;
    private readonly TimeProvider _time;
    private readonly SegmentEncoder _encoder;
    private readonly List<IndexedFrame> _frames = [];
    private readonly object _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SegmentEnd? _end;
    private string? _failure;
    private bool _isStored;
    private bool _isGivenUp;
    private long? _inStoreSince;
    private long? _inEncoderSince;
    private long _progressAt;

    /// <param name="settings">How it is encoded.</param>
    /// <exception cref="RecordingException">ffmpeg cannot be started.</exception>
    public SegmentRecording(ISegmentStore store, SegmentStart start, RecordingSettings settings, RecorderLimits limits, TimeProvider time)
    {
        (_store, Start, _limits, _time) = (store, start, limits, time);
        try
        {
            _encoder = new SegmentEncoder(limits.Encoding, start.Frame.Width, start.Frame.Height, start.Frame.FramesPerSecond, settings);
        }
        catch (FrameSourceException e)
        {
            throw new RecordingException(e.Message, e);
        }

        _progressAt = time.GetTimestamp();
        new Thread(Pump) { IsBackground = true, Name = "segment" }.Start();
    }

    public SegmentStart Start { get; }

    /// <summary>Of the last picture.</summary>
    public DateTimeOffset Last { get; private set; }

    public int Frames => _frames.Count;

    /// <summary>Pictures of its time that did not come.</summary>
    public int Lost { get; set; }

    /// <summary>Completes when nothing of it runs any more, and the store has its writer back.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How long the store has not returned; zero where it is not asked for anything.</summary>
    public TimeSpan InStoreFor
    {
        get
        {
            lock (_gate) return _inStoreSince is { } since ? _time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <exception cref="RecordingException">The segment has failed.</exception>
    public void Write(ShownPicture picture, IndexedFrame frame)
    {
        Throw();
        Waiting(true);
        try
        {
            _encoder.Write(picture);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Failed(e);
        }
        finally
        {
            Waiting(false);
        }

        _frames.Add(frame);
        Last = frame.Time;
    }

    /// <summary>Waits until it is stored, or has failed.</summary>
    /// <exception cref="RecordingException">It could not be stored.</exception>
    public void Close(SegmentEnd end)
    {
        lock (_gate) _end = end;
        Waiting(true);
        _encoder.Finish();
        lock (_gate)
        {
            while (!_isStored && _failure is null) Monitor.Wait(_gate);
            _inEncoderSince = null;
        }

        Throw();
    }

    /// <summary>Ends what takes too long. Of a timer.</summary>
    public void Check()
    {
        string? hangs = null;
        lock (_gate)
        {
            if (_failure is not null || _isStored) return;
            if (_inStoreSince is { } stored)
            {
                if (_time.GetElapsedTime(stored) >= _limits.Store) hangs = StoreHangs(_time.GetElapsedTime(stored));
            }
            else if (_inEncoderSince is { } encoded && _time.GetElapsedTime(Math.Max(encoded, _progressAt)) >= _limits.Encoder)
            {
                hangs = $"ffmpeg has not encoded anything for {_limits.Encoder.TotalSeconds:0.#} s and is ended: look at the load and the memory of the machine; it is started again";
            }
        }

        if (hangs is not null) GiveUp(hangs);
    }

    /// <summary>Why the store may take so long, and what to do.</summary>
    public static string StoreHangs(TimeSpan since) =>
        $"the store of recordings has taken nothing for {since.TotalSeconds:0} s: look whether its disk is full, away or failing (dmesg), and how busy it is";

    /// <summary>Ends it where it stands: what came so far stays in the store, marked as cut.</summary>
    public void Dispose() => GiveUp("it was ended");

    private void GiveUp(string reason)
    {
        lock (_gate)
        {
            _isGivenUp = !_isStored;
            if (!_isStored) _failure ??= reason;
            Monitor.PulseAll(_gate);
        }

        _encoder.Kill();
    }

    private void Pump()
    {
        ISegmentWriter? writer = null;
        try
        {
            if (InStore(() => _store.Problem) is { } problem) throw new RecordingException(problem);
            var portion = new byte[Portion];
            while (_encoder.Film.Read(portion) is var got and > 0)
            {
                Progress();
                // With its first bytes: an encoder that makes none leaves nothing in the store.
                writer ??= InStore(() => _store.Begin(Start));
                InStore(() => writer.Write(portion.AsSpan(0, got)));
                if (IsGivenUp) break;
            }

            Finish(writer);
        }
        catch (Exception e)
        {
            // Whatever it is ends this recording, and not the process.
            Fail(e is RecordingException or SegmentStoreException ? e.Message : $"the store of recordings failed: {e.GetBaseException().Message}: look into the node's log");
        }
        finally
        {
            Release(writer);
            _encoder.Dispose();
            _ended.TrySetResult();
        }
    }

    private void Finish(ISegmentWriter? writer)
    {
        SegmentEnd? end;
        lock (_gate) end = _isGivenUp ? null : _end;
        if (_encoder.Failure() is { } failure) throw new RecordingException(failure);
        if (end is null || writer is null) throw new RecordingException("ffmpeg ended by itself: look whether somebody ended it; it is started again");
        var box = new SegmentIndex(Start.Frame.Width, Start.Frame.Height, Start.Frame.FramesPerSecond, _frames).ToBox();
        InStore(() => writer.Write(box));
        InStore(() => writer.Close(end));
        lock (_gate)
        {
            _isStored = _failure is null;
            Monitor.PulseAll(_gate);
        }
    }

    private void Release(ISegmentWriter? writer)
    {
        try
        {
            InStore(() => writer?.Dispose());
        }
        catch (Exception e)
        {
            Fail($"the store of recordings failed: {e.GetBaseException().Message}: look into the node's log");
        }
    }

    private void Fail(string reason)
    {
        lock (_gate)
        {
            if (!_isStored) _failure ??= reason;
            Monitor.PulseAll(_gate);
        }

        // Who gives it pictures may wait for it.
        _encoder.Kill();
    }

    private bool IsGivenUp
    {
        get
        {
            lock (_gate) return _isGivenUp;
        }
    }

    private void Throw()
    {
        lock (_gate)
        {
            if (_failure is { } failure) throw new RecordingException(failure);
        }
    }

    /// <summary>The pipe broke: what ended it the other thread knows, or will know at once.</summary>
    private RecordingException Failed(Exception broken)
    {
        lock (_gate)
        {
            if (_failure is null) Monitor.Wait(_gate, s_explained);
            return new RecordingException(_failure ?? $"ffmpeg takes no more pictures ({broken.Message}); it is started again", broken);
        }
    }

    private void Progress()
    {
        lock (_gate) _progressAt = _time.GetTimestamp();
    }

    private void Waiting(bool isWaiting)
    {
        lock (_gate)
        {
            _inEncoderSince = isWaiting ? _time.GetTimestamp() : null;
            if (isWaiting) _progressAt = _time.GetTimestamp();
        }
    }

    private void InStore(Action act) => InStore(() =>
    {
        act();
        return true;
    });

    private T InStore<T>(Func<T> act)
    {
        lock (_gate) _inStoreSince = _time.GetTimestamp();
        try
        {
            return act();
        }
        finally
        {
            lock (_gate)
            {
                _inStoreSince = null;
                _progressAt = _time.GetTimestamp();
            }
        }
    }
}
