using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Storing;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>
/// Joins the tracks of a site's cameras to journeys and counts them; child `fusion` of the junction. It takes their observations in order of
/// event time, numbers what it counts and keeps it until the outbox has stored it.
/// </summary>
internal sealed class FusionActor : InspectedActor, IWithTimers
{
    private sealed record StoreRetry
    {
        public static readonly StoreRetry Instance = new();
    }

    private sealed record FlushNow
    {
        public static readonly FlushNow Instance = new();
    }

    // A live camera that lies further behind is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // While a new configuration waits for the outbox: some ten seconds of four cameras.
    private const int MostWaiting = 400;

    // Cameras that stop give their last frames; the junction waits so long for those.
    private static readonly TimeSpan LastObservations = TimeSpan.FromSeconds(1);

    private readonly CameraPolicy _policy;
    private readonly OutboxWriter _entries;
    private readonly EventTimeClock _clock;
    private readonly ProgressMeter _progress;
    private readonly TimeProvider _time;
    private readonly Dictionary<CameraId, CameraOpened> _opened = [];
    private readonly Dictionary<CameraObservation, IActorRef> _unprocessed = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<CameraId> _fresh = [];
    private readonly HashSet<CameraId> _cutShort = [];
    private readonly HashSet<CameraId> _over = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private Site _site;
    private Site? _nextSite;
    private JunctionCounter _counter;
    private ObservationMerger _merger;
    private long _incidentEpoch;
    private bool _hasEnded;
    private bool _wasViolated;
    private bool _isFull;
    private IActorRef? _waiting;

    public static Props Props(Site site, CameraPolicy policy, TimeProvider time, EvidenceSink? evidence = null) =>
        Akka.Actor.Props.Create(() => new FusionActor(site, policy, time, evidence));

    public FusionActor(Site site, CameraPolicy policy, TimeProvider time, EvidenceSink? evidence)
    {
        (_site, _policy, _time) = (site, policy, time);
        _entries = new OutboxWriter(this, StoreRetry.Instance, policy.StoreRetry, evidence);
        _clock = new EventTimeClock(time, policy.Gap);
        _progress = new ProgressMeter(time, policy.ProgressInterval);
        (_counter, _merger) = Begin(site);
        Receive<CameraOpened>(Handle);
        Receive<ObservationMade>(Handle);
        Receive<CameraClosed>(Handle);
        Receive<ApplyOutbox>(command => _entries.Use(command.Outbox));
        Receive<EpochReady>(_entries.Handle);
        Receive<Stored>(Handle);
        Receive<StoreRetry>(_ => _entries.StoreAgain());
        Receive<ApplySite>(Handle);
        Receive<NotifyWhenStored>(Handle);
        Receive<FlushNow>(_ => Flush());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe()
    {
        var health = _counter.Health;
        return new ActorState(_hasEnded ? "ended" : _isFull ? "waiting for the outbox" : _opened.Count == 0 ? "waiting for cameras" : "joining")
        {
            { "site", _site.Id },
            { "cameras that are open", string.Join(' ', _opened.Keys.Select(c => c.Value).Order(StringComparer.Ordinal)) },
            { "cameras that are over", string.Join(' ', _over.Select(c => c.Value).Order(StringComparer.Ordinal)) },
            { "joined up to", _merger.Taken == default ? null : _merger.Taken },
            { "waiting for other cameras", _merger.Waiting, "frames" },
            { "too late", _merger.Late, "frames" },
            { "vehicles seen at both ends", health.Whole },
            { "seen at the entry only", health.Lost },
            { "seen at the exit only", health.Appeared },
            { "inside now", health.Inside },
            { "epoch", _entries.Epoch },
            { "not yet stored", _entries.Count, "entries" },
            { "new site file waits", _nextSite is not null },
        };
    }

    private (JunctionCounter, ObservationMerger) Begin(Site site)
    {
        BeginIncidents();
        var junction = Context.Parent;
        var hints = new IncidentHints(
            () => new IncidentDetector(site),
            incident => junction.Tell(new IncidentFound(_incidentEpoch, incident)),
            fault =>
            {
                _log.Error(fault, "Incidents of {Site} are not told until its cameras begin anew: their detector has failed. Counting goes on. Tell whoever maintains TrafficFlow", site.Id);
                BeginIncidents();
            });
        return (new JunctionCounter(site, _policy, _entries, Keep, hints), new ObservationMerger([.. site.Cameras.Where(JunctionSetup.Joins).Select(c => c.Id)], Patience));
    }

    /// <summary>Their numbers begin anew, and what was open is watched no more.</summary>
    private void BeginIncidents()
    {
        // Also where the clock was set back: no two runs have the same.
        _incidentEpoch = Math.Max(_incidentEpoch + 1, _time.GetUtcNow().ToUnixTimeMilliseconds());
        Context.Parent.Tell(new IncidentsBegun(_incidentEpoch));
    }

    private void Handle(CameraOpened opened)
    {
        if (!_site.Cameras.Any(c => c.Id == opened.Camera && JunctionSetup.Joins(c))) return;
        _cutShort.Remove(opened.Camera);
        _over.Remove(opened.Camera);
        if (_opened.Count == 0) Context.Parent.Tell(FusionStarted.Instance);
        _opened[opened.Camera] = opened;
        // What it saw before under these numbers is over, also where it never said so.
        ProcessAll();
        _counter.Interrupt(opened.Camera);
        _merger.Open(opened.Camera, opened.IsLive);
        _fresh.Add(opened.Camera);
        ProcessAll();
    }

    private void Handle(ObservationMade seen)
    {
        var isLive = !_opened.TryGetValue(seen.Observation.Camera, out var opened) || opened.IsLive;
        if (isLive && _entries.IsOpen && _clock.HasMovedTo(seen.Observation.Time)) BeginNewLog();
        if (isLive && _clock.IsOfBefore(seen.Observation.Time))
        {
            Sender.Tell(ObservationProcessed.Instance);
            return;
        }

        // The first picture of a live run lies in the past: its source's clock was set back.
        if (_fresh.Remove(seen.Observation.Camera) && isLive && _merger.Taken - seen.Observation.Time > _policy.Gap) _merger.Restart();
        if (!_merger.Add(seen.Observation) || isLive) Sender.Tell(ObservationProcessed.Instance);
        else _unprocessed[seen.Observation] = Sender;
        ProcessAll();
    }

    /// <summary>Somebody set the clock of this node: what it stamped before and what it stamps now are two logs.</summary>
    private void BeginNewLog()
    {
        _counter.Interrupt();
        _entries.Close();
        _clock.Begin();
        _merger.Restart();
    }

    private void Handle(CameraClosed closed)
    {
        if (closed.IsFinal) _over.Add(closed.Camera);
        if (closed.IsCutShort) _cutShort.Add(closed.Camera);
        _cutShort.ExceptWith(_over);
        _merger.Close(closed.Camera);
        ProcessAll();
        EndIfIdle();
    }

    private void EndIfIdle()
    {
        if (!_merger.IsIdle) return;
        if (_opened.Count == 0 && _site.Cameras.Where(JunctionSetup.Joins).All(c => _over.Contains(c.Id))) Context.Parent.Tell(NothingToFuse.Instance);
        var isLive = _opened.Count == 0 || IsOnLiveCameras;
        var isCutShort = _cutShort.Count > 0;
        // A file that is cut short is read again from its beginning: what its end would bring now would not come again in this place.
        if (isLive || !isCutShort) _counter.Interrupt();
        _entries.StoreNext();
        ReplyIfStored();
        if (isLive || isCutShort || _hasEnded) return;
        _hasEnded = true;
        Context.Parent.Tell(new FusionEnded(Progress()));
    }

    private bool IsOnLiveCameras => _opened.Values.Any(o => o.IsLive);

    private void ProcessAll()
    {
        // What comes meanwhile is counted under the new configuration; live cameras are not held up by that, and files keep theirs.
        if (_nextSite is not null && IsOnLiveCameras && _merger.Waiting < MostWaiting) return;
        while (!IsFullOfFiles() && _merger.Take() is { } observation)
        {
            if (!_entries.IsOpen) OpenLog(observation.Time);
            if (!_isFull) _counter.Process(observation);
            if (_unprocessed.Remove(observation, out var tracker)) tracker.Tell(ObservationProcessed.Instance);
            if (_progress.Frame(observation.Time, _merger.Late)) Report();
        }

        _entries.StoreNext();
    }

    /// <summary>
    /// Nothing is kept without bound: while the outbox does not store, files wait, and what live cameras see is passed over and shows as missing.
    /// </summary>
    private bool IsFullOfFiles()
    {
        if (_isFull || _entries.Count < _policy.MaxUnacknowledged) return _isFull && !IsOnLiveCameras;
        _isFull = true;
        _log.Warning(
            "Junction {Site} waits: {Count} entries are not stored yet. Is the disk full or the journal locked? What passes meanwhile shows as missing",
            _site.Id, _entries.Count);
        if (IsOnLiveCameras) _counter.Interrupt();
        return !IsOnLiveCameras;
    }

    private void Report()
    {
        Context.Parent.Tell(Progress());
        var health = _counter.Health;
        if (health.IsViolated == _wasViolated) return;
        _wasViolated = health.IsViolated;
        if (_wasViolated) _log.Warning("Junction {Site}: {Reason} Its bins are degraded meanwhile", _site.Id, health.Explain());
        else _log.Info("Junction {Site}: vehicles are seen at both ends again", _site.Id);
    }

    /// <summary>A server publishes it, once it is in the tables.</summary>
    private void Keep(Journey journey, CountEvidence evidence) => _entries.Add(_site.Junction!.Id, journey, evidence);

    private void OpenLog(DateTimeOffset first)
    {
        _clock.Begin();
        var isLive = IsOnLiveCameras;
        var cameras = _opened.Values.OrderBy(o => o.Camera.Value, StringComparer.Ordinal).ToList();
        var name = isLive
            ? $"live-{Guid.NewGuid():n}"
            : $"files-{Hash(string.Join('|', cameras.Select(c => $"{c.Camera}={c.Log}").Prepend(_site.Hash)))}";
        var provenance = new Provenance(
            _site.Hash,
            string.Join('+', cameras.Select(c => c.Detector.Name).Distinct()),
            string.Join('+', cameras.Select(c => c.Detector.Version).Distinct()),
            Hash(string.Join('|', _site.Cameras.Select(c => c.Plane?.Version ?? Provenance.NoCalibration))));
        _entries.Open(name, provenance, [.. new MovementMapper(_site.Junction!).Feeds, ApproachId.Journeys], isLive ? first.ToUnixTimeSeconds() : 1, isLive ? _clock.Origin : null);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private void Handle(ApplySite command)
    {
        _nextSite = command.Site;
        ChangeSite();
    }

    /// <summary>Once everything is stored under the old configuration; files keep theirs to their end.</summary>
    private void ChangeSite()
    {
        if (_nextSite is not { } site || _opened.Values.Any(o => !o.IsLive)) return;
        // Observations wait meanwhile, so that this comes to an end.
        if (_site.SeesGroundAs(site)) _counter.Cover();
        else _counter.Interrupt();
        if (_entries.Count > 0)
        {
            _entries.StoreNext();
            return;
        }

        var isSame = _site.SeesGroundAs(site);
        (_site, _nextSite) = (site, null);
        if (_entries.IsOpen) _entries.Close();
        if (!isSame)
        {
            (_counter, _merger) = Begin(site);
            foreach (var camera in _opened.Values) _merger.Open(camera.Camera, camera.IsLive);
        }

        ProcessAll();
    }

    private void Handle(Stored stored)
    {
        if (!_entries.Handle(stored)) return;
        ChangeSite();
        if (_isFull && _entries.Count < _policy.MaxUnacknowledged / 2)
        {
            _isFull = false;
            ProcessAll();
            EndIfIdle();
        }

        ReplyIfStored();
    }

    private void Handle(NotifyWhenStored _)
    {
        _waiting = Sender;
        if (_merger.IsIdle || _opened.Count == 0) Flush();
        else Timers.StartSingleTimer(FlushNow.Instance, FlushNow.Instance, LastObservations);
    }

    private void Flush()
    {
        if (_opened.Values.All(o => o.IsLive)) _counter.Interrupt();
        _entries.StoreNext();
        ReplyIfStored();
    }

    private void ReplyIfStored()
    {
        if (_entries.Count > 0 || _waiting is not { } waiting || Timers.IsTimerActive(FlushNow.Instance)) return;
        _waiting = null;
        waiting.Tell(EverythingStored.Instance);
    }

    private TrackerProgress Progress() => _progress.Report(0, _entries.Epoch, _entries.Count) with { Junction = _counter.Health };
}
