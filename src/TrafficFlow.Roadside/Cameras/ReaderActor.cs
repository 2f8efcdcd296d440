using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Holds the open picture source of one camera and hands out one frame for each request of the detector; child `reader`. States: closed,
/// opening, open, closing. The next opening waits until the last source is closed: two readers of one device disturb each other.
/// </summary>
internal sealed class ReaderActor : ReceiveActor, IWithUnboundedStash
{
    private sealed record Opened(int Run, IFrameReader Reader);
    private sealed record OpenFailed(int Run, Exception Failure);
    private sealed record Read(int Run, AnonymizedFrame? Frame);
    private sealed record ReadFailed(int Run, Exception Failure);

    private sealed record Closed
    {
        public static readonly Closed Instance = new();
    }

    private readonly CameraSetup _camera;
    private readonly IFrameReaderFactory _readers;
    private readonly CameraPolicy _policy;
    private readonly TimeProvider _time;
    private readonly IActorRef _detector;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _run;
    private bool _reading;
    private bool _hasSentFrame;
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
        ClosedState();
    }

    public IStash Stash { get; set; } = null!;

    private void ClosedState()
    {
        Receive<OpenSource>(Handle);
        Receive<CloseSource>(_ => { });
        ReceiveStale();
    }

    private void Opening()
    {
        Receive<Opened>(o => o.Run == _run, Handle);
        Receive<OpenFailed>(f => f.Run == _run, f => End(f.Failure));
        Receive<CloseSource>(c => c.Run == _run, _ => Close());
        Receive<OpenSource>(_ => Stash.Stash());
        ReceiveStale();
    }

    private void Open()
    {
        Receive<ReadFrame>(r => r.Run == _run && !_reading, _ => ReadNext());
        Receive<Read>(r => r.Run == _run, Handle);
        Receive<ReadFailed>(f => f.Run == _run, f => End(f.Failure));
        Receive<CloseSource>(c => c.Run == _run, _ => Close());
        Receive<OpenSource>(_ => Stash.Stash());
        ReceiveStale();
    }

    private void Closing()
    {
        // A read or an opening that was cancelled still comes back, and only then may the source be closed.
        Receive<Opened>(o => DisposeThenClosed(o.Reader));
        Receive<OpenFailed>(_ => Self.Tell(Closed.Instance));
        Receive<Read>(r =>
        {
            r.Frame?.Dispose();
            DisposeThenClosed(_reader!);
        });
        Receive<ReadFailed>(_ => DisposeThenClosed(_reader!));
        Receive<Closed>(_ =>
        {
            Forget();
            Become(ClosedState);
            Stash.UnstashAll();
        });
        Receive<OpenSource>(_ => Stash.Stash());
        Receive<CloseSource>(_ => { });
        ReceiveStale();
    }

    private void ReceiveStale()
    {
        Receive<Read>(r => r.Frame?.Dispose());
        Receive<Opened>(o => _ = o.Reader.DisposeAsync());
        Receive<ReadFrame>(_ => { });
        ReceiveAny(_ => { });
    }

    private void Handle(OpenSource open)
    {
        _run = open.Run;
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

        _detector.Tell(new FrameRead(_run, frame, _reader!.Dropped));
    }

    private SourceOpened Ready(IFrameReader reader) => new(_run, reader.IsLive, reader.ExpectedFrames);

    private void End(Exception? failure)
    {
        _reading = false;
        _detector.Tell(new EndOfRun(_run, IsCutShort: false));
        Context.Parent.Tell(new SourceEnded(_run, _reader?.IsLive, failure));
        Become(Closing);
        if (_reader is { } reader) DisposeThenClosed(reader);
        else Self.Tell(Closed.Instance);
    }

    private void Close()
    {
        _cancel!.Cancel();
        _detector.Tell(new EndOfRun(_run, IsCutShort: true));
        Become(Closing);
        if (_reader is { } reader && !_reading) DisposeThenClosed(reader);
    }

    private void DisposeThenClosed(IFrameReader reader) =>
        reader.DisposeAsync().AsTask().PipeTo(
            Self,
            success: () => Closed.Instance,
            failure: e =>
            {
                _log.Warning(e, "The source of camera {Camera} did not close cleanly", _camera.Id);
                return Closed.Instance;
            });

    private void Forget()
    {
        _reader = null;
        _reading = false;
        _cancel?.Dispose();
        _cancel = null;
    }

    protected override void PostStop()
    {
        _cancel?.Cancel();
        if (_reader is { } reader) _ = DisposeBehindAsync(reader, _reading ? _pending : null);
    }

    /// <summary>A read that is still on its way comes back to nobody: whoever stops closes the source behind it.</summary>
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
