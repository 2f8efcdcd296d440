using System.Collections.Immutable;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions.Histories;
using TrafficFlow.Core.Junctions.Queues;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>
/// Tracks of all cameras of a site -> one journey per vehicle, in five stages: associate (<see cref="TrackFusion"/>), observe
/// (<see cref="VehicleHistories"/>), finalise (<see cref="JourneyFinaliser"/>), emit (<see cref="JourneyEmitter"/>), account
/// (<see cref="JunctionAccounts"/>). Beside them the queues are measured (<see cref="QueueMeter"/>). Pure: no clock, no I/O; the same input in the same order gives the same journeys. The counterpart of
/// <see cref="CameraPipeline"/> for a whole junction.
/// </summary>
public sealed class JunctionPipeline
{
    private readonly TrackFusion _fusion;
    private readonly VehicleHistories _histories;
    private readonly JourneyFinaliser _finaliser;
    private readonly JourneyEmitter _emitter;
    private readonly JunctionAccounts _accounts = new();
    private readonly QueueMeter _queues;
    private readonly SceneTaker _scenes = new();
    private DateTimeOffset? _origin;
    private DateTimeOffset _last;

    /// <exception cref="ArgumentException">The site has no gate on a ground plane that an approach is entered or left by.</exception>
    public JunctionPipeline(Site site, FusionSettings? settings = null)
    {
        settings ??= FusionSettings.Default;
        var gates = GroundGates.Of(site);
        if (gates.Count == 0)
            throw new ArgumentException($"site {site.Id} has no calibrated camera with a gate that enters or exits an approach: add ground points and gates, or count each camera by itself", nameof(site));
        _fusion = new TrackFusion(settings);
        _histories = new VehicleHistories(gates, settings);
        _finaliser = new JourneyFinaliser(_histories, settings);
        _emitter = new JourneyEmitter(gates, settings);
        _queues = new QueueMeter(gates);
    }

    /// <summary>Since the beginning.</summary>
    public Conservation Conservation => _accounts.Conservation;

    /// <summary>Too many of the recent vehicles were seen at one end only: a camera misses some, is moved, or gates are wrong.</summary>
    public bool IsConservationViolated => _accounts.IsViolated;

    /// <summary>Share of the journeys of the last ten minutes of which one end is unknown, 0..1.</summary>
    public double BrokenShare => _accounts.BrokenShare;

    /// <summary>Vehicles that are followed now, before, on and behind the junction.</summary>
    public int Followed => _fusion.Vehicles.Count;

    /// <summary>Every journey that entered, or only left, before this event time has been emitted.</summary>
    public DateTimeOffset Watermark => _origin is { } origin ? GateCounter.At(origin, _accounts.Watermark) : default;

    /// <summary>Vehicles that have ended and are remembered for those that may be second images of them.</summary>
    internal int RememberedVehicles => _histories.Remembered;

    /// <param name="observation">Of any camera, in order of event time.</param>
    /// <param name="journeys">Gets the journeys that became final.</param>
    /// <param name="evidence">Gets for each of them why it was counted; null where nobody asks.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before that of the observation before.</exception>
    public void Process(CameraObservation observation, ICollection<Journey> journeys, ICollection<JourneyEvidence>? evidence = null)
    {
        if (_origin is not null && observation.Time < _last)
            throw new ArgumentOutOfRangeException(nameof(observation), observation.Time, $"observations must come in order of event time; the last was of {_last:O}");
        _origin ??= observation.Time;
        _last = observation.Time;
        var now = (observation.Time - _origin.Value).TotalSeconds;
        Associate(now, observation);
        foreach (var vehicle in _fusion.Vehicles)
        {
            _histories.Observe(vehicle, now);
            Emit(_finaliser.Consider(_histories.Of(vehicle), now, _accounts.Watermark), now, journeys, evidence);
        }

        End(now, journeys, evidence);
        _scenes.Watch(observation, now);
        _queues.Watch(observation.Camera, now);
        if (!_queues.IsDue(now)) return;
        _queues.Measure(now, _fusion.Vehicles.Select(QueueCandidate.Of).OfType<QueueCandidate>());
        foreach (var joining in _queues.Joined) _histories.Join(joining);
    }

    /// <summary>What is on the junction after the last observation, once a second; null where a second has not passed since the scene before.</summary>
    public JunctionScene? TakeScene() => _origin is { } origin ? _scenes.Take((_last - origin).TotalSeconds, origin, _fusion.Vehicles) : null;

    /// <summary>The queues that were measured before this event time, by approach and minute; they are forgotten.</summary>
    public ImmutableArray<QueueReading> TakeQueues(DateTimeOffset before) =>
        _origin is { } origin ? _queues.Take((before - origin).TotalSeconds, origin) : [];

    /// <summary>The camera was interrupted: its tracks are no more, and its numbers begin anew.</summary>
    public void Interrupt(CameraId camera) => _fusion.Forget(camera);

    /// <summary>Every camera has ended, or was interrupted: emits all that is pending.</summary>
    public void Finish(ICollection<Journey> journeys, ICollection<JourneyEvidence>? evidence = null)
    {
        if (_origin is not { } origin) return;
        _fusion.Clear();
        End((_last - origin).TotalSeconds, journeys, evidence);
    }

    private void Associate(double now, CameraObservation observation)
    {
        _fusion.Update(now, observation);
        foreach (var (kept, gone) in _fusion.Merged) _histories.Merge(kept, gone);
        foreach (var passage in observation.Passages)
            _histories.Observe(passage, new LocalTrackId(observation.Camera, passage.Track), (passage.Time - _origin!.Value).TotalSeconds, _fusion.Vehicles);
    }

    private void End(double now, ICollection<Journey> journeys, ICollection<JourneyEvidence>? evidence)
    {
        foreach (var vehicle in _fusion.Ended)
        {
            if (_histories.End(vehicle, now) is { IsFinal: false } history) Emit(_finaliser.Finalise(history, _accounts.Watermark), now, journeys, evidence);
        }

        _accounts.Advance(now, _fusion.Vehicles, _histories);
        _histories.Evict(_accounts.Watermark);
    }

    private void Emit(FinalJourney? journey, double now, ICollection<Journey> journeys, ICollection<JourneyEvidence>? evidence)
    {
        if (journey is not { } final) return;
        journeys.Add(_emitter.Emit(final, _origin!.Value));
        evidence?.Add(JourneyExplainer.Explain(final, _origin.Value, now));
        // One that is still on the junction is counted when it is known whether it was seen to leave.
        if (final.Part != JourneyPart.EntryAhead) _accounts.Count(final.History, now);
    }
}
