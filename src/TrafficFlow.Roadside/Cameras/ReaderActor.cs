using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Holds the open picture source of one camera and hands out one frame for each request of the detector; child `reader`. States: closed,
/// opening, open, closing. The next opening waits until the last source is closed, for two readers of one device disturb each other; but
/// not for ever: see <see cref="StuckReaders"/>.
/// </summary>
internal sealed class ReaderActor : InspectedActor, IWithUnboundedStash, IWithTimers
{
    private sealed record Opened(int Run, IFrameReader Reader);
    private sealed record OpenFailed(int Run, Exception Failure);
    private sealed record Read(int Run, AnonymizedFrame? Frame);
    private sealed record ReadFailed(int Run, Exception Failure);
    private sealed record Closed(int Run);
    private sealed record CloseTimedOut(int Run);

    private readonly CameraSetup _camera;
    private readonly IFrameReaderFactory _readers;
    private readonly CameraPolicy _policy;
    private readonly TimeProvider _time;
    private readonly IActorRef _detector;
    private readonly StuckReaders _stuck;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _run;
    private bool _reading;
    private bool _hasSentFrame;
    private long _requestedAt;
    private IFrameReader? _reader;
    private Task<AnonymizedFrame?>? _pending;
    private CancellationTokenSource? _cancel;

    public static Props Props(CameraSetup camera, IFrameReaderFactory readers, CameraPolicy policy, TimeProvider time, IActorRef detector) =>
        Akka.Actor.Props.Create(() => new ReaderActor(camera, readers, policy, time, detector));

    public ReaderActor(CameraSetup camera, IFrameReaderFactory readers, CameraPolicy policy, TimeProvider time, IActorRef detector)
    {
        _camera = camera;
        _readers = readers;
        _policy = policy;
        _time = time;
        _detector = detector;
        _stuck = new StuckReaders(policy.CloseTimeout);
        ClosedState();
    }

    public IStash Stash { get; set; } = null!;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new(BehaviourName(ClosedState))
    {
        { "camera", _camera.Id },
        { "source", _camera.Source },
        { "run", _run },
        { "a read is under way", _reading },
        { "has given a frame", _hasSentFrame },
        { "dropped", _reader?.Dropped, "frames" },
        { "readers that cannot be ended", _stuck.Count },
        { "detector", _detector },
    };

    private void ClosedState()
    {
        Receive<OpenSource>(Handle);
        Receive<CloseSource>(_ => { });
        ReceiveOfEarlierRuns();
    }

    private void Opening()
    {
        Receive<Opened>(o => o.Run == _run, Handle);
        Receive<OpenFailed>(f => f.Run == _run, f => End(f.Failure));
        Receive<CloseSource>(c => c.Run == _run, _ => Close());
        Receive<OpenSource>(_ => Stash.Stash());
        ReceiveOfEarlierRuns();
    }

    private void Open()
    {
        Receive<ReadFrame>(r => r.Run == _run && !_reading, _ => ReadNext());
        Receive<Read>(r => r.Run == _run, Handle);
        Receive<ReadFailed>(f => f.Run == _run, f => End(f.Failure));
        Receive<CloseSource>(c => c.Run == _run, _ => Close());
        Receive<OpenSource>(_ => Stash.Stash());
        ReceiveOfEarlierRuns();
    }

    private void Closing()
    {
        // A read or an opening that was cancelled still comes back, and only then may the source be closed.
        Receive<Opened>(o => o.Run == _run, o => DisposeThenClosed(_run, _reader = o.Reader));
        Receive<OpenFailed>(f => f.Run == _run, _ => Self.Tell(new Closed(_run)));
        Receive<Read>(r => r.Run == _run, r =>
        {
            r.Frame?.Dispose();
            DisposeThenClosed(_run, _reader!);
        });
        Receive<ReadFailed>(f => f.Run == _run, _ => DisposeThenClosed(_run, _reader!));
        Receive<Closed>(c => c.Run == _run, _ => BeClosed());
        Receive<CloseTimedOut>(t => t.Run == _run, _ => GiveUp());
        Receive<OpenSource>(_ => Stash.Stash());
        Receive<CloseSource>(_ => { });
        ReceiveOfEarlierRuns();
    }

    private void ReceiveOfEarlierRuns()
    {
        Receive<Opened>(o => DisposeThenClosed(o.Run, o.Reader));
        Receive<OpenFailed>(f => Ended(f.Run));
        Receive<Read>(r =>
        {
            r.Frame?.Dispose();
            CameBack(r.Run);
        });
        Receive<ReadFailed>(f => CameBack(f.Run));
        Receive<Closed>(c => Ended(c.Run));
        Receive<CloseTimedOut>(_ => { });
        Receive<ReadFrame>(_ => { });
        Receive<CloseSource>(_ => { });
    }

    private void Handle(OpenSource open)
    {
        _run = open.Run;
        if (_stuck.IsFull)
        {
            Context.Parent.Tell(new SourceEnded(_run, null, new FrameSourceException(FrameSourceFailure.Stuck, _stuck.Reason)));
            return;
        }

        _cancel = new CancellationTokenSource(_policy.OpenTimeout, _time);
        Become(Opening);
        var (run, self) = (_run, Self);
        OpenAsync(_cancel.Token).PipeTo(
            self, success: reader => new Opened(run, reader), failure: e => new OpenFailed(run, e));
    }

    private async Task<IFrameReader> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await _readers.OpenAsync(_camera, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new FrameSourceException(
                FrameSourceFailure.Silent,
                $"the source of camera {_camera.Id} did not open within {_policy.OpenTimeout.TotalSeconds:0} s: is the camera on and reachable?",
                inner: e);
        }
    }

    private void Handle(Opened opened)
    {
        _reader = opened.Reader;
        _reading = false;
        _cancel!.CancelAfter(Timeout.InfiniteTimeSpan);
        Become(Open);
        _hasSentFrame = !_reader.IsLive;
        Context.Parent.Tell(_reader.IsLive ? new SourceAwaited(_run) : Ready(_reader));
        _detector.Tell(Ready(_reader));
    }

    private void ReadNext()
    {
        _reading = true;
        _requestedAt = Stopwatch.GetTimestamp();
        var run = _run;
        ValueTask<AnonymizedFrame?> reading;
        try
        {
            reading = _reader!.ReadAsync(_cancel!.Token);
            if (reading.IsCompletedSuccessfully)
            {
#pragma warning disable RS0030 // Completed: nothing is waited for, and a file's frame costs no task.
                Handle(new Read(run, reading.Result));
#pragma warning restore RS0030
                return;
            }
        }
        catch (Exception e) when (e is FrameSourceException or OperationCanceledException)
        {
            End(e);
            return;
        }

        _pending = reading.AsTask();
        _pending.PipeTo(Self, success: frame => new Read(run, frame), failure: e => new ReadFailed(run, e));
    }

    private void Handle(Read read)
    {
        _reading = false;
        if (read.Frame is not { } frame)
        {
            End(null);
            return;
        }

        if (!_hasSentFrame)
        {
            _hasSentFrame = true;
            Context.Parent.Tell(Ready(_reader!));
        }

        _detector.Tell(new FrameRead(_run, frame, _reader!.Dropped, _requestedAt, Stopwatch.GetTimestamp()));
    }

    private SourceOpened Ready(IFrameReader reader) => new(_run, reader.IsLive, reader.ExpectedFrames);

    private void End(Exception? failure)
    {
        _reading = false;
        // The parent first: its run is finished by what goes through detector and tracker, on threads of their own, and by then it has to know why the source ended.
        Context.Parent.Tell(new SourceEnded(_run, _reader?.IsLive, failure));
        _detector.Tell(new EndOfRun(_run, IsCutShort: false));
        BeClosing();
        if (_reader is { } reader) DisposeThenClosed(_run, reader);
        else Self.Tell(new Closed(_run));
    }

    private void Close()
    {
        _cancel!.Cancel();
        _detector.Tell(new EndOfRun(_run, IsCutShort: true));
        BeClosing();
        if (_reader is { } reader && !_reading) DisposeThenClosed(_run, reader);
    }

    private void BeClosing()
    {
        Become(Closing);
        Timers.StartSingleTimer(nameof(CloseTimedOut), new CloseTimedOut(_run), _policy.CloseTimeout);
    }

    /// <summary>On a thread of its own: closing a source that hangs may block.</summary>
    private void DisposeThenClosed(int run, IFrameReader reader) =>
        Task.Run(() => reader.DisposeAsync().AsTask()).PipeTo(
            Self,
            success: () => new Closed(run),
            failure: e =>
            {
                _log.Warning(e, "The source of camera {Camera} did not close cleanly", _camera.Id);
                return new Closed(run);
            });

    private void BeClosed()
    {
        Timers.Cancel(nameof(CloseTimedOut));
        _reader = null;
        _reading = false;
        _cancel?.Dispose();
        _cancel = null;
        Become(ClosedState);
        Stash.UnstashAll();
    }

    private void GiveUp()
    {
        _stuck.Add(_run, _reader);
        _log.Error("Camera {Camera}: {Reason}", _camera.Id, _stuck.Reason);
        Context.Parent.Tell(new ReadersStuck(_stuck.Reason));
        BeClosed();
    }

    private void CameBack(int run)
    {
        if (_stuck.CameBack(run) is { } reader) DisposeThenClosed(run, reader);
    }

    private void Ended(int run)
    {
        if (!_stuck.Ended(run)) return;
        _log.Info("Camera {Camera}: a reader that would not end has ended; {Count} are left", _camera.Id, _stuck.Count);
        Context.Parent.Tell(new ReadersStuck(_stuck.Reason));
    }

    protected override void PostStop()
    {
        _cancel?.Cancel();
        if (_reader is { } reader) _ = DisposeBehindAsync(reader, _reading ? _pending : null);
    }

    /// <summary>A read that is still on its way comes back to nobody: the actor that stops closes the source behind it.</summary>
    private static async Task DisposeBehindAsync(IFrameReader reader, Task<AnonymizedFrame?>? pending)
    {
        if (pending is not null)
        {
            var ended = await Task.WhenAny(pending).ConfigureAwait(false);
            if (ended.IsCompletedSuccessfully) (await ended.ConfigureAwait(false))?.Dispose();
        }

        await reader.DisposeAsync().ConfigureAwait(false);
    }
}
