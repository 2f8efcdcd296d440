using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Segments;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Roadside.Cameras.Recording;

/// <summary>
/// Decides when pictures of its camera are recorded, and keeps a recorder at work then: child `recorder` of the camera's actor, which it tells how it is. The work is done on threads of
/// the recorder's own, to which the detector shows each frame; this actor never waits for them, so that it can tell of a store or an encoder that hangs, and try again after a while.
/// States: off, waiting, recording, troubled.
/// </summary>
internal sealed class RecorderActor : InspectedActor, IWithTimers
{
    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Retry
    {
        public static readonly Retry Instance = new();
    }

    /// <param name="Attempt">Of which recorder.</param>
    private sealed record RecorderEnded(int Attempt, string Reason);

    public const string Name = "recorder";

    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    /// <summary>It looks on so long before it records, so that it knows who is there.</summary>
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(25);

    /// <summary>Frames of the last moments of a plan are on their way.</summary>
    private static readonly TimeSpan s_after = TimeSpan.FromSeconds(5);

    /// <summary>A recorder that works for so long has nothing of what made the last one fail.</summary>
    private static readonly TimeSpan s_proof = TimeSpan.FromSeconds(10);

    private readonly CameraSettings _settings;
    private readonly ICameraRecorderFactory _recorders;
    private readonly BackOff _restart;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private RecordingOrder _order;
    private RecordingVerdict? _verdict;
    private DateTimeOffset _verdictFrom;
    private DetectorIdentity? _detector;
    private IActorRef _observer = ActorRefs.Nobody;
    private ICameraRecorder? _recorder;
    private int _attempt;
    private long _startedAt;
    private bool _hasFailed;
    private bool _isEnding;
    private string _failure = "";
    private string _told = "";
    private IActorRef _stopAskedBy = ActorRefs.Nobody;
    private RecordingHealth _before = RecordingHealth.None;
    private RecordingHealth _health = RecordingHealth.None;

    public static Props Props(CameraSettings settings, ICameraRecorderFactory recorders) => Akka.Actor.Props.Create(() => new RecorderActor(settings, recorders));

    public RecorderActor(CameraSettings settings, ICameraRecorderFactory recorders)
    {
        (_settings, _recorders) = (settings, recorders);
        _restart = new BackOff(settings.Policy.RecorderRestart, Random.Shared);
        _order = new RecordingOrder(settings.Site.Id, settings.Site.Hash, settings.RecordingNow);
        Receive<Tick>(_ => Look());
        Receive<Retry>(_ => TryAgain());
        Receive<DetectorReady>(Handle);
        Receive<RecorderEnded>(Handle);
        Receive<ApplySite>(Handle);
        Receive<StopRecorder>(_ => Stop());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsStopping => !_stopAskedBy.IsNobody();

    protected override ActorState Describe() => new(_health.State.ToString().ToLowerInvariant())
    {
        { "camera", _settings.Camera.Id },
        { "reason", _health.Reason },
        { "plan", _order.Settings.Plan.Mode },
        { "segments", _health.Segments },
        { "recorded", _health.Frames, "frames" },
        { "lost", _health.Lost, "frames" },
        { "attempt", _attempt },
        { "has a recorder", _recorder is not null },
        { "next attempt is awaited", Timers.IsTimerActive(Retry.Instance) },
        { "detector", _observer },
    };

    private void Handle(DetectorReady ready)
    {
        _observer = Sender;
        if (_detector != ready.Identity && _recorder is not null) Drop();
        _detector = ready.Identity;
        _observer.Tell(new ApplyRecorder(_recorder));
        Look();
    }

    private void Handle(ApplySite command) => Use(_order with { Site = command.Site.Id, SiteHash = command.Site.Hash });

    private void Use(RecordingOrder order)
    {
        if (_order == order) return;
        if (!ReferenceEquals(order.Settings, _order.Settings)) _verdict = null;
        _order = order;
        _recorder?.Use(order);
    }

    private void Look()
    {
        // The site files may have been read again.
        Use(_order with { Settings = _settings.RecordingNow });
        var now = _settings.Time.GetUtcNow();
        var isWanted = !IsStopping && IsWanted(now);
        if (isWanted && _recorder is null && _detector is not null && !Timers.IsTimerActive(Retry.Instance)) Begin();
        else if (!isWanted && _recorder is not null && !_isEnding) End();
        if (!isWanted || HasProved()) _failure = "";
        Tell(now);
    }

    private bool IsWanted(DateTimeOffset now)
    {
        var plan = _order.Settings.Plan;
        return plan.Records(now) || plan.Records(now + s_before) || plan.Records(now - s_after);
    }

    /// <summary>The recorder of now does what the last one failed to.</summary>
    private bool HasProved() => !_hasFailed && _recorder?.Progress is { } progress && (progress.Segments > 0 || (progress is { IsRecording: true, Trouble: "" } && _settings.Time.GetElapsedTime(_startedAt) >= s_proof));

    private void Begin()
    {
        var attempt = ++_attempt;
        _startedAt = _settings.Time.GetTimestamp();
        try
        {
            _recorder = _recorders.Create(_settings.Camera, _detector!, _order);
        }
        catch (Exception e)
        {
            // A lack of threads or memory passes, and an actor that starts again at once would not let it.
            _failure = $"no recorder can be made ({e.GetBaseException().Message}): look for a lack of memory";
            Timers.StartSingleTimer(Retry.Instance, Retry.Instance, _restart.Next(TimeSpan.Zero));
            return;
        }

        _observer.Tell(new ApplyRecorder(_recorder));
        _recorder.Completion.PipeTo(Self, success: reason => new RecorderEnded(attempt, reason), failure: e => new RecorderEnded(attempt, e.GetBaseException().Message));
    }

    /// <summary>Its last segment is closed; until then it goes on to be asked how it is.</summary>
    private void End()
    {
        if (_hasFailed)
        {
            Drop();
            return;
        }

        _isEnding = true;
        _observer.Tell(new ApplyRecorder(null));
        _recorder!.End();
    }

    private void Handle(RecorderEnded ended)
    {
        if (ended.Attempt != _attempt || _recorder is not { } recorder) return;
        if (ended.Reason.Length == 0)
        {
            Drop();
        }
        else
        {
            // It stays where frames are shown, and counts those that are lost.
            (_hasFailed, _failure) = (true, ended.Reason);
            var good = recorder.Progress.Segments > 0 ? _settings.Time.GetElapsedTime(_startedAt) : TimeSpan.Zero;
            Timers.StartSingleTimer(Retry.Instance, Retry.Instance, _restart.Next(good));
        }

        if (IsStopping) Stopped();
        else Look();
    }

    private void TryAgain()
    {
        Drop();
        Look();
    }

    private void Drop()
    {
        if (_recorder is not { } recorder) return;
        // With what it holds it gives back its threads; who waits for a disk is left behind.
        recorder.Dispose();
        _before = Total();
        _recorder = null;
        _isEnding = _hasFailed = false;
        Timers.Cancel(Retry.Instance);
        _observer.Tell(new ApplyRecorder(null));
    }

    private void Stop()
    {
        _stopAskedBy = Sender;
        Timers.Cancel(Tick.Instance);
        if (_recorder is null || _hasFailed) Stopped();
        else if (!_isEnding) End();
    }

    private void Stopped()
    {
        Drop();
        Tell(_settings.Time.GetUtcNow());
        _stopAskedBy.Tell(RecorderStopped.Instance);
    }

    private RecordingHealth Total()
    {
        var progress = _recorder?.Progress ?? RecorderProgress.None;
        return _before with { Segments = _before.Segments + progress.Segments, Frames = _before.Frames + progress.Frames, Lost = _before.Lost + progress.Lost };
    }

    private void Tell(DateTimeOffset now)
    {
        var (state, reason) = StateNow(now);
        var health = Total() with { State = state, Reason = reason };
        if (health == _health) return;
        RecorderTelemetry.Progress(_order.Site, _settings.Camera.Id, _health, health);
        Log(health);
        _health = health;
        Context.Parent.Tell(new RecorderChanged(health));
    }

    private (RecordingState State, string Reason) StateNow(DateTimeOffset now)
    {
        if (_failure.Length > 0) return (RecordingState.Troubled, _failure);
        var progress = _recorder?.Progress ?? RecorderProgress.None;
        if (progress.Trouble.Length > 0) return (RecordingState.Troubled, progress.Trouble);
        if (progress.IsRecording) return (RecordingState.Recording, "");
        var verdict = VerdictAt(now);
        if (verdict.Records) return (RecordingState.Waiting, "it waits for pictures of the camera, which it records two seconds after they were taken");
        return (verdict.Until is null ? RecordingState.Off : RecordingState.Waiting, verdict.Reason);
    }

    private RecordingVerdict VerdictAt(DateTimeOffset now)
    {
        if (_verdict is not { } known || now < _verdictFrom || now >= known.Until) (_verdict, _verdictFrom) = (known = _order.Settings.Plan.At(now), now);
        return known;
    }

    /// <summary>Each trouble once, and its end.</summary>
    private void Log(RecordingHealth health)
    {
        if (health.State == RecordingState.Troubled)
        {
            // How long a store has not returned is another text each second.
            var trouble = _failure.Length > 0 ? _failure : _told.Length > 0 ? _told : health.Reason;
            if (trouble != _told) _log.Warning("Pictures of camera {Camera} are not recorded, and counting goes on: {Reason}", _settings.Camera.Id, health.Reason);
            _told = trouble;
        }
        else if (_told.Length > 0 && health.State == RecordingState.Recording)
        {
            _log.Info("Pictures of camera {Camera} are recorded again; {Lost} frames were lost so far", _settings.Camera.Id, health.Lost);
            _told = "";
        }
    }

    protected override void PreStart()
    {
        Context.Parent.Tell(RecorderStarted.Instance);
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, TimeSpan.Zero, s_tick);
    }

    protected override void PostStop() => _recorder?.Dispose();
}
