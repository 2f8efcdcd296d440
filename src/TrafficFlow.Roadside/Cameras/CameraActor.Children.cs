using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Roadside.Cameras.Recording;
using TrafficFlow.Roadside.Outbox;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>How a camera starts its children, and what it does when one fails.</summary>
public sealed partial class CameraActor
{
    /// <summary>Detectors, and readers that make their pictures themselves, block: each has a thread of its own.</summary>
    public const string VisionDispatcher = "trafficflow.vision-dispatcher";

    private bool _sceneWasDegraded;

    protected override void PreStart()
    {
        var (site, camera, policy, time) = (_settings.Site, _settings.Camera, _settings.Policy, _settings.Time);
        _tracker = Context.ActorOf(TrackerActor.Props(site, camera, policy, time, _settings.EvidenceSink, _settings.Recent), "tracker");
        _tracker.Tell(new ApplyJunction(_junction));
        _recorder = _settings.Recorders is { } recorders ? Context.ActorOf(RecorderActor.Props(_settings, recorders), RecorderActor.Name) : ActorRefs.Nobody;
        _detector = Context.ActorOf(
            DetectorActor.Props(camera, _settings.Detectors, _settings.Scenes, _settings.Pictures, _tracker, _recorder).WithDispatcher(VisionDispatcher), "detector");
        _reader = Context.ActorOf(
            ReaderActor.Props(camera, _settings.Readers, policy, time, _detector).WithDispatcher(VisionDispatcher), "reader");
        StartOutbox();
        _reporter.Start();
        Connect();
    }

    /// <summary>Children come from PreStart, and a restart ends with it.</summary>
    protected override void PostRestart(Exception reason) => PreStart();

    private void StartOutbox()
    {
        _outbox.Start();
        _tracker.Tell(new ApplyOutbox(_outbox.Ref));
        if (_health.Status.HasEnded) _tracker.Tell(NotifyWhenStored.Instance);
    }

    private void Handle(OutboxFailed failed)
    {
        _health.OutboxReason = failed.Reason;
        _reporter.PublishHealth();
    }

    private void Introduce()
    {
        _tracker.Tell(new ApplyOutbox(_outbox.Ref));
        _tracker.Tell(new ApplyJunction(_junction));
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

        _reporter.TellSupervisor();
        _reporter.PublishHealth();
    }

    private void Handle(RecorderChanged changed)
    {
        var isAnother = _health.Recording?.State != changed.Health.State;
        _health.Recording = changed.Health;
        _reporter.TellSupervisor();
        if (isAnother) _reporter.PublishHealth();
    }

    private void Handle(WorkerFailed failed)
    {
        if (failed.Child == CameraOutbox.Name)
        {
            _health.OutboxReason = failed.Reason;
            return;
        }

        if (failed.Child == RecorderActor.Name)
        {
            _log.Error("The recorder of camera {Camera} failed: {Reason}. Counting goes on", _settings.Camera.Id, failed.Reason);
            return;
        }

        var reason = $"{failed.Child} failed: {failed.Reason}";
        _reader.Tell(new CloseSource(_run));
        _tracker.Tell(new EndOfRun(_run, IsCutShort: true));
        // One that stops does not connect again.
        if (_health.Status.HasEnded || _stop.IsUnderWay) return;
        if (_isFile || failed.IsStopped) Fail(reason);
        else BackOff(reason);
    }

    /// <summary>A worker that throws starts again, and its camera learns why; the outbox does so after a wait.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new WorkerSupervision(Self, restarts: child => child.Path.Name != CameraOutbox.Name);
}
