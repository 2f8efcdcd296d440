using System.Diagnostics;
using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Roadside.Cameras.Recording;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Runs one camera's detector, a blocking native call, on a thread of its own; child `detector`. It asks for the next frame before it
/// works on the one it has, so that reading and detecting overlap, and holds at most that one frame more.
/// </summary>
internal sealed class DetectorActor : InspectedActor
{
    // One in the tracker's hands while the next frame is worked on; more would only hide a slow tracker.
    private const int Lists = 2;

    private readonly CameraSetup _camera;
    private readonly IVehicleDetectorFactory _detectors;
    private readonly ISceneWatchFactory? _scenes;
    private readonly ILivePictureFactory? _pictures;
    private readonly IActorRef _tracker;
    private readonly IActorRef _recording;
    private readonly Stack<FrameDetections> _free = new(Enumerable.Range(0, Lists).Select(_ => new FrameDetections()));
    private IVehicleDetector? _detector;
    private ISceneWatch? _scene;
    private ILivePicture? _picture;
    private ICameraRecorder? _recorder;
    private SceneState _reported;
    private IActorRef _reader = ActorRefs.Nobody;
    private ReadFrame _readFrame = new(0);
    private int _run;
    private FrameRead? _held;
    private bool _ended = true;
    private EndOfRun? _heldEnd;

    /// <param name="recording">Gets <see cref="DetectorReady"/> as the tracker does, and gives a recorder; nobody where nothing is recorded.</param>
    public static Props Props(
        CameraSetup camera, IVehicleDetectorFactory detectors, ISceneWatchFactory? scenes, ILivePictureFactory? pictures, IActorRef tracker, IActorRef recording) =>
        Akka.Actor.Props.Create(() => new DetectorActor(camera, detectors, scenes, pictures, tracker, recording));

    public DetectorActor(
        CameraSetup camera, IVehicleDetectorFactory detectors, ISceneWatchFactory? scenes, ILivePictureFactory? pictures, IActorRef tracker, IActorRef recording)
    {
        _camera = camera;
        _detectors = detectors;
        _scenes = scenes;
        _pictures = pictures;
        _tracker = tracker;
        _recording = recording;
        Receive<FrameRead>(Handle);
        Receive<FrameDetections>(Handle);
        Receive<SourceOpened>(Handle);
        Receive<EndOfRun>(Handle);
        Receive<AnnounceDetector>(_ => Announce());
        Receive<AcceptScene>(Handle);
        Receive<ApplyRecorder>(a => _recorder = a.Recorder);
    }

    protected override ActorState Describe() => new(_detector is null ? "unavailable" : _ended ? "between runs" : "detecting")
    {
        { "camera", _camera.Id },
        { "detector", _detector is { } detector ? $"{detector.Identity.Name} {detector.Identity.Version}" : null },
        { "run", _run },
        { "holds a frame", _held is not null },
        { "lists that are free", _free.Count },
        { "end of run is held", _heldEnd is not null },
        { "is recorded", _recorder is not null },
        { "scene", _scene is null ? null : _reported.Name() },
        { "reader", _reader },
        { "tracker", _tracker },
    };

    private void Handle(SourceOpened opened)
    {
        _reader = Sender;
        _run = opened.Run;
        _readFrame = new ReadFrame(_run);
        _ended = false;
        // By way of the detector, so that it comes before the run's frames.
        _tracker.Tell(new BeginRun(_run, opened.IsLive, opened.ExpectedFrames));
        if (_detector is not null) Ask();
    }

    private void Handle(FrameRead read)
    {
        if (read.Run != _run || _detector is null || _held is not null) read.Frame.Dispose();
        else if (_free.Count == 0) _held = read;
        else Detect(read);
    }

    private void Handle(FrameDetections returned)
    {
        returned.Detections.Clear();
        if (_free.Count < Lists) _free.Push(returned);
        if (_held is not { } held) return;
        _held = null;
        Detect(held);
        if (_heldEnd is { } end) _tracker.Tell(end);
        _heldEnd = null;
    }

    private void Handle(EndOfRun end)
    {
        if (end.Run != _run || _ended) return;
        _ended = true;
        // Behind the frame that waits for a list.
        if (_held is null) _tracker.Tell(end);
        else _heldEnd = end;
    }

    private void Detect(FrameRead read)
    {
        if (!_ended) Ask();
        var result = _free.Pop();
        using (read.Frame)
        {
            result.Run = read.Run;
            result.EventTime = read.Frame.EventTime;
            result.Dropped = read.Dropped;
            result.IsDamaged = read.Frame.IsDamaged;
            result.IsPassedOver = !_detector!.IsDue(read.Frame.EventTime);
            var began = Stopwatch.GetTimestamp();
            if (!result.IsPassedOver) Detect(read.Frame, result.Detections, began);
            result.Times = new FrameTimes(read.RequestedAt, read.ReadAt, began, result.IsPassedOver ? 0 : Stopwatch.GetTimestamp());
            result.Scene = _scene?.Observe(read.Frame) ?? default;
            var detections = result.IsPassedOver ? null : result.Detections;
            _picture?.Observe(read.Frame, detections);
            _recorder?.Observe(read.Frame, detections);
        }

        Report(result.Scene);
        _tracker.Tell(result);
    }

    private void Detect(AnonymizedFrame frame, List<Detection> detections, long startedAt)
    {
        _detector!.Detect(frame, detections);
        CameraTelemetry.Detected(_camera.Id, startedAt);
    }

    private void Report(in SceneVerdict scene)
    {
        if (scene.State == _reported) return;
        _reported = scene.State;
        Context.Parent.Tell(new SceneChanged(scene));
    }

    private void Handle(AcceptScene accept)
    {
        _scene?.Accept();
        Sender.Tell(new SceneAccepted(accept.Camera));
    }

    private void Ask() => _reader.Tell(_readFrame);

    private void Announce()
    {
        if (_detector is not { } detector) return;
        var ready = new DetectorReady(detector.Identity);
        _tracker.Tell(ready);
        _recording.Tell(ready);
    }

    protected override void PreStart()
    {
        try
        {
            _detector = _detectors.Create(_camera);
            _scene = _scenes?.Create(_camera);
            _picture = _pictures?.Create(_camera, _detector.Identity);
            Announce();
        }
        catch (DetectorException e)
        {
            Context.Parent.Tell(new DetectorUnavailable(e.Message));
        }
    }

    protected override void PostStop()
    {
        _held?.Frame.Dispose();
        _detector?.Dispose();
        _scene?.Dispose();
        _picture?.Dispose();
    }
}
