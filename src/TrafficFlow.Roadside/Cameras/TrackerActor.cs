using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Roadside.Cameras.Storing;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Detections to tracks to counted vehicles and coverage of one camera; child `tracker`. It numbers what it counts, keeps it until the
/// outbox has stored it, and lets the detector wait when that takes too long.
/// </summary>
internal sealed class TrackerActor : InspectedActor, IWithTimers
{
    private sealed record StoreRetry
    {
        public static readonly StoreRetry Instance = new();
    }

    // Observations that wait for slower cameras of the junction: some seconds, beyond which a fast file waits.
    private const int MaxUnprocessed = 100;

    private readonly CameraSetup _camera;
    private readonly CameraPolicy _policy;
    private readonly RecentDetections? _recent;
    private readonly IReadOnlyList<ApproachId> _feeds;
    private readonly ProgressMeter _progress;
    private readonly FrameSpans _spans;
    private readonly List<long> _traced = [];
    private readonly List<(IActorRef Detector, FrameDetections Detections)> _blocked = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Site _site;
    private Site? _nextSite;
    private readonly OutboxWriter _entries;
    private readonly EventTimeClock _clock;
    private string _life = NewLife();
    private DetectorIdentity? _identity;
    private CameraCounter? _counter;
    private BeginRun? _run;
    private IActorRef? _waiting;
    private IActorRef _junction = ActorRefs.Nobody;
    private string _logName = "";
    private int _begunSeen;
    private int _unprocessed;

    public static Props Props(Site site, CameraSetup camera, CameraPolicy policy, TimeProvider time, EvidenceSink? evidence = null, RecentDetections? recent = null) =>
        Akka.Actor.Props.Create(() => new TrackerActor(site, camera, policy, time, evidence, recent));

    public TrackerActor(Site site, CameraSetup camera, CameraPolicy policy, TimeProvider time, EvidenceSink? evidence, RecentDetections? recent)
    {
        _camera = camera;
        _policy = policy;
        _recent = recent;
        _site = site;
        _feeds = new MovementMapper(camera).Feeds;
        _progress = new ProgressMeter(time, policy.ProgressInterval);
        _spans = new FrameSpans(site.Id, camera.Id);
        _entries = new OutboxWriter(this, StoreRetry.Instance, policy.StoreRetry, evidence) { Traced = _traced };
        _clock = new EventTimeClock(time, policy.Gap);
        Receive<FrameDetections>(Handle);
        Receive<Stored>(Handle);
        Receive<BeginRun>(Handle);
        Receive<EndOfRun>(Handle);
        Receive<DetectorReady>(Handle);
        Receive<ApplyOutbox>(Handle);
        Receive<EpochReady>(Handle);
        Receive<StoreRetry>(_ => _entries.StoreAgain());
        Receive<NotifyWhenStored>(Handle);
        Receive<ApplySite>(Handle);
        Receive<ApplyJunction>(Handle);
        Receive<ObservationProcessed>(_ => Processed());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new(_blocked.Count > 0 ? "waiting" : _run is null ? "between runs" : _counter is null ? "waiting for its detector" : "counting")
    {
        { "camera", _camera.Id },
        { "detector", _identity is { } known ? $"{known.Name} {known.Version}" : null },
        { "run", _run?.Run },
        { "live", _run?.IsLive },
        { "log", _logName },
        { "epoch", _entries.Epoch },
        { "not yet stored", _entries.Count, "entries" },
        { "outbox lacks entries", _entries.OutboxHasGap },
        { "frames", _progress.Frames, "frames" },
        { "dropped", _progress.Dropped, "frames" },
        { "last frame", _progress.LastFrame },
        { "frames held back", _blocked.Count, "frames" },
        { "junction", _junction },
        { "not yet joined", _unprocessed, "frames" },
        { "site file", _site.Hash },
        { "new site file waits", _nextSite is not null },
    };

    private void Handle(DetectorReady ready)
    {
        if (_identity is { } known && known != ready.Identity)
            throw new InvalidOperationException(
                $"the detector of camera {_camera.Id} changed from {known.Name} {known.Version} to {ready.Identity.Name} {ready.Identity.Version}: its counts need an epoch of their own");
        if (_identity is not null) return;
        _identity = ready.Identity;
        _counter = new CameraCounter(_site, _camera, ready.Identity.Scores, _policy, _entries);
    }

    private void Handle(BeginRun run)
    {
        _run = run;
        _progress.BeginRun();
    }

    private void Handle(FrameDetections frame)
    {
        if (_counter is { } counter && _run is { } run && frame.Run == run.Run)
        {
            if (run.IsLive && _entries.IsOpen && _clock.HasMovedTo(frame.EventTime)) BeginNewLog(counter);
            if (!_entries.IsOpen) OpenLog(run, frame.EventTime);

            var began = Stopwatch.GetTimestamp();
            _traced.Clear();
            if (counter.Process(frame.EventTime, frame.IsPassedOver ? null : frame.Detections, frame.Dropped, frame.Scene, frame.IsDamaged))
            {
                if (_progress.Frame(frame.EventTime, frame.Dropped)) Context.Parent.Tell(Progress(run.Run));
                if (!frame.IsPassedOver) _recent?.Add(_camera, _identity!.Scores, frame.EventTime, frame.Detections);
                if (!frame.IsPassedOver) ReportToJunction(run, counter, frame);
                if (_policy.ObserveTracks && !frame.IsPassedOver)
                    Context.System.EventStream.Publish(new TracksObserved(_camera.Id, frame.EventTime, [.. counter.Output.Tracks]));
            }

            _entries.StoreNext();
            if (_traced.Count > 0) _spans.Counted(_traced, frame.Times, began);
            _spans.Tell(_entries.Epoch);
        }

        if (_entries.Count >= _policy.MaxUnacknowledged) Block(frame);
        else if (_unprocessed >= MaxUnprocessed) _blocked.Add((Sender, frame));
        else Sender.Tell(frame);
    }

    private void OpenLog(BeginRun run, DateTimeOffset first)
    {
        _logName = LogName(run, first);
        _clock.Begin();
        _entries.Open(_logName, Provenance, _feeds, run.IsLive ? first.ToUnixTimeSeconds() : 1, run.IsLive ? _clock.Origin : null);
    }

    /// <summary>Somebody set the clock: what it stamped before and what it stamps now are two logs.</summary>
    private void BeginNewLog(CameraCounter counter)
    {
        _log.Warning(
            "The clock of this node was set: camera {Camera} begins a new log. What it counted by the former clock is told to the server, which holds it back where that was wrong",
            _camera.Id);
        counter.Interrupt();
        _entries.Close();
        _spans.Forget();
        _life = NewLife();
    }

    private void Handle(ApplyJunction command)
    {
        _junction = command.Junction;
        // It knows nothing of this camera yet, and will answer for nothing that went before.
        (_begunSeen, _unprocessed) = (0, 0);
        Release();
    }

    private void ReportToJunction(BeginRun run, CameraCounter counter, FrameDetections frame)
    {
        if (_junction.IsNobody()) return;
        if (_begunSeen != counter.Beginnings)
        {
            _begunSeen = counter.Beginnings;
            _junction.Tell(new CameraOpened(_camera.Id, run.IsLive, _logName, _identity!));
        }

        _unprocessed++;
        _junction.Tell(new ObservationMade(CameraObservation.Of(_camera.Id, frame.EventTime, counter.Output) with { IsDegraded = frame.Scene.IsDegraded || frame.IsDamaged }));
    }

    private void Processed()
    {
        if (_unprocessed > 0) _unprocessed--;
        if (_unprocessed < MaxUnprocessed && _entries.Count < _policy.MaxUnacknowledged) Release();
    }

    private Provenance Provenance =>
        new(_site.Hash, _identity!.Name, _identity.Version, _camera.Plane?.Version ?? Provenance.NoCalibration);

    private void Handle(EndOfRun end)
    {
        if (_run is not { } run || run.Run != end.Run) return;
        _run = null;
        // A file that is cut short is read again from its beginning: what its end would bring now would not come again in this place.
        if (run.IsLive || !end.IsCutShort) _counter?.Interrupt();
        _entries.StoreNext();
        _begunSeen = 0;
        _junction.Tell(new CameraClosed(_camera.Id, end.IsCutShort));
        Context.Parent.Tell(new RunFinished(end.Run, Progress(end.Run)));
    }

    private void Block(FrameDetections frame)
    {
        if (_blocked.Count == 0)
            _log.Warning(
                "Camera {Camera} waits: {Count} entries are not stored yet. {Cause}. Frames are dropped meanwhile and show as missing",
                _camera.Id,
                _entries.Count,
                _entries.OutboxHasGap
                    ? $"Its outbox lacks entries that it had stored, as if its journal had been replaced: trafficflow ctl camera restart {_camera.Id} begins a new log"
                    : "Its outbox does not answer: see ctl outbox show, and whether the disk is full");
        _blocked.Add((Sender, frame));
    }

    /// <summary>
    /// The same file, read again with the same configuration, is the same log: its entries come out the same and the outbox drops those
    /// that it has. So a killed node that reads its files again counts nothing twice.
    /// </summary>
    private string LogName(BeginRun run, DateTimeOffset firstFrame)
    {
        if (run.IsLive) return $"live-{_life}";
        var content = string.Create(
            CultureInfo.InvariantCulture,
            $"{_site.Hash}|{_camera.Source}|{_identity!.Name}|{_identity.Version}|{firstFrame.UtcTicks}|{run.ExpectedFrames}");
        return $"file-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..16]}";
    }

    private void Handle(ApplySite command)
    {
        _nextSite = command.Site;
        ChangeSite();
    }

    /// <summary>
    /// Once everything is stored under the old configuration, so that each entry stands in the epoch that says what made it. A file keeps
    /// its configuration to its end: read again after a kill it must be the same log.
    /// </summary>
    private void ChangeSite()
    {
        if (_nextSite is not { } site || _entries.Count > 0 || _run is { IsLive: false }) return;
        (_site, _nextSite) = (site, null);
        _counter?.ApplySite(site);
        if (!_entries.IsOpen) return;
        _entries.Close();
        _spans.Forget();
        _life = NewLife();
    }

    private static string NewLife() => Guid.NewGuid().ToString("n");

    private void Handle(EpochReady ready)
    {
        _entries.Handle(ready);
        _spans.Tell(_entries.Epoch);
    }

    private void Handle(ApplyOutbox command) => _entries.Use(command.Outbox);

    private void Handle(Stored stored)
    {
        if (!_entries.Handle(stored)) return;
        ChangeSite();
        if (_entries.Count < _policy.MaxUnacknowledged && _unprocessed < MaxUnprocessed) Release();
        ReplyIfStored();
    }

    private void Release()
    {
        foreach (var (detector, frame) in _blocked) detector.Tell(frame);
        _blocked.Clear();
    }

    private void Handle(NotifyWhenStored _)
    {
        _waiting = Sender;
        ReplyIfStored();
    }

    private void ReplyIfStored()
    {
        if (_entries.Count > 0 || _waiting is not { } waiting) return;
        _waiting = null;
        waiting.Tell(EverythingStored.Instance);
    }

    private TrackerProgress Progress(int run) => _progress.Report(run, _entries.Epoch, _entries.Count);

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Context.Parent.Tell(TrackerStarted.Instance);
    }
}
