using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Outbox;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>How a camera starts its children, and what it does when one fails.</summary>
public sealed partial class CameraActor
{
    /// <summary>Detectors, and readers that make their pictures themselves, block: each has a thread of its own.</summary>
    public const string VisionDispatcher = "trafficflow.vision-dispatcher";

    private sealed record WorkerFailed(string Child, Exception Cause, bool Stopped);

    private bool _sceneWasDegraded;

    protected override void PreStart()
    {
        var (site, camera, policy, time) = (_settings.Site, _settings.Camera, _settings.Policy, _settings.Time);
        _tracker = Context.ActorOf(TrackerActor.Props(site, camera, policy, time), "tracker");
        _tracker.Tell(new UseJunction(_junction));
        _detector = Context.ActorOf(
            DetectorActor.Props(camera, _settings.Detectors, _settings.Scenes, _tracker).WithDispatcher(VisionDispatcher), "detector");
        _reader = Context.ActorOf(
            ReaderActor.Props(camera, _settings.Readers, policy, time, _detector).WithDispatcher(VisionDispatcher), "reader");
        StartOutbox();
        Timers.StartPeriodicTimer(HealthTick.Instance, HealthTick.Instance, policy.HealthInterval);
        Connect();
    }

    /// <summary>Children come from PreStart, and a restart ends with it.</summary>
    protected override void PostRestart(Exception reason) => PreStart();

    private void StartOutbox()
    {
        _outbox = Context.Watch(Context.ActorOf(
            OutboxActor.Props(_settings.Site.Id, _settings.Camera.Id, _settings.Outbox, _settings.Approaches, _settings.FreeBytes), "outbox"));
        _outboxStartedAt = _settings.Time.GetTimestamp();
        _tracker.Tell(new UseOutbox(_outbox));
        if (_health.Status.HasEnded) _tracker.Tell(NotifyWhenStored.Instance);
    }

    private void Handle(OutboxFailed failed)
    {
        _health.OutboxReason = failed.Reason;
        PublishHealth();
    }

    private void OutboxStopped()
    {
        var wait = _outboxRestart.Next(_settings.Time.GetElapsedTime(_outboxStartedAt));
        _log.Error(
            "The outbox of camera {Camera} stopped: {Reason}. It starts again in {Wait:0.0} s; counts wait in memory. Is the disk full?",
            _settings.Camera.Id, _health.OutboxReason, wait.TotalSeconds);
        Timers.StartSingleTimer(RestartOutbox.Instance, RestartOutbox.Instance, wait);
    }

    private void Introduce()
    {
        _tracker.Tell(new UseOutbox(_outbox));
        _tracker.Tell(new UseJunction(_junction));
        _detector.Tell(AnnounceDetector.Instance);
    }

    private void Handle(SceneChanged changed)
    {
        _health.Scene = changed.Scene;
        if (changed.Scene.IsDegraded)
        {
            _sceneWasDegraded = true;
            _log.Warning("Camera {Camera}: {Reason}. What it counts meanwhile is marked as degraded", _settings.Camera.Id, changed.Scene.Explain());
        }
        else if (_sceneWasDegraded && changed.Scene.State is (SceneState.InPlace or SceneState.Swaying))
        {
            _sceneWasDegraded = false;
            _log.Info("Camera {Camera}: the scene is as calibrated again", _settings.Camera.Id);
        }

        Context.Parent.Tell(new CameraChanged(_health.Status));
        PublishHealth();
    }

    private void Handle(WorkerFailed failed)
    {
        if (failed.Child == "outbox")
        {
            _health.OutboxReason = failed.Cause.GetBaseException().Message;
            return;
        }

        var reason = $"{failed.Child} failed: {failed.Cause.GetBaseException().Message}";
        _reader.Tell(new CloseSource(_run));
        _tracker.Tell(new EndOfRun(_run, IsCutShort: true));
        // One that stops does not connect again.
        if (_health.Status.HasEnded || _isStopping) return;
        if (_isFile || failed.Stopped) Fail(reason);
        else BackOff(reason);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new WorkerStrategy(Self);

    /// <summary>A worker that throws starts again, and its camera learns why; one that cannot even start stays down.</summary>
    private sealed class WorkerStrategy(IActorRef camera) : OneForOneStrategy(Akka.Actor.Decider.From(Directive.Restart))
    {
        protected override Directive Handle(IActorRef child, Exception exception)
        {
            var stop = exception is ActorInitializationException || child.Path.Name == "outbox";
            camera.Tell(new WorkerFailed(child.Path.Name, exception, stop));
            return stop ? Directive.Stop : Directive.Restart;
        }
    }
}
