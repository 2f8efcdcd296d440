using Akka.Actor;
using Akka.Event;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>
/// Keeps the outbox of a camera: child `outbox` of the camera's actor, started again with back-off whenever it stops. Part of that actor,
/// which passes on the messages named here; not thread-safe.
/// </summary>
/// <param name="owner">The actor; its timers are there only once it has started.</param>
/// <param name="meanwhile">What becomes of counts while no outbox runs, for the log.</param>
internal sealed class CameraOutbox(IActorContext context, IWithTimers owner, CameraSettings settings, CameraHealth health, string meanwhile)
{
    /// <summary>The owner tells this to itself, and starts the outbox then.</summary>
    public sealed record RestartOutbox
    {
        public static readonly RestartOutbox Instance = new();
    }

    /// <summary>Name of the child.</summary>
    public const string Name = "outbox";

    private readonly BackOff _restart = new(settings.Policy.OutboxRestart, Random.Shared);
    private readonly ILoggingAdapter _log = context.GetLogger();
    private long _startedAt;

    public IActorRef Ref { get; private set; } = ActorRefs.Nobody;

    public void Start()
    {
        Ref = context.Watch(context.ActorOf(
            OutboxActor.Props(settings.Site.Id, settings.Camera.Id, settings.Outbox, settings.Approaches, settings.FreeBytes), Name));
        _startedAt = settings.Time.GetTimestamp();
    }

    /// <summary>For <see cref="Terminated"/> of <see cref="Ref"/>.</summary>
    public void Stopped()
    {
        ActorTelemetry.Restarted(Name);
        var wait = _restart.Next(settings.Time.GetElapsedTime(_startedAt));
        _log.Error(
            "The outbox of camera {Camera} stopped: {Reason}. It starts again in {Wait:0.0} s; {Meanwhile}. Is the disk full?",
            settings.Camera.Id, health.OutboxReason is { Length: > 0 } reason ? reason : "it was told to", wait.TotalSeconds, meanwhile);
        owner.Timers.StartSingleTimer(RestartOutbox.Instance, RestartOutbox.Instance, wait);
    }
}
