using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>
/// Observations in order of time to counted vehicles and coverage of a whole junction: what <see cref="CameraCounter"/> is for one camera. Pure.
/// </summary>
/// <param name="ended">Gets each journey once it is final.</param>
internal sealed class JunctionCounter(Site site, CameraPolicy policy, ICountSink sink, Action<Journey, CountEvidence> ended, IncidentHints? hints = null)
{
    private readonly CameraSetup _junction = site.Junction ?? throw new ArgumentException($"site {site.Id} has no junction", nameof(site));
    private readonly TimeSpan _period = TimeSpan.FromSeconds(1 / site.Cameras[0].Frame.FramesPerSecond);
    private readonly List<Journey> _journeys = [];
    private readonly List<JourneyEvidence> _evidence = [];
    private JunctionPipeline? _pipeline;
    private Conservation _before = Conservation.Empty;
    private DateTimeOffset _from;
    private DateTimeOffset _last;
    private int _observations;
    private bool _isDegraded;

    /// <summary>Since this was made, also across interruptions.</summary>
    public JunctionHealth Health => new(
        _before.Whole + Now.Whole, _before.Lost + Now.Lost, _before.Appeared + Now.Appeared, Now.Inside, _pipeline?.BrokenShare ?? 0, IsConservationViolated);

    private bool IsConservationViolated => _pipeline?.IsConservationViolated ?? false;

    private Conservation Now => _pipeline?.Conservation ?? Conservation.Empty;

    public void Process(CameraObservation observation)
    {
        if (_pipeline is not null && (observation.Time - _last).Duration() > policy.Gap) Interrupt();
        if (_pipeline is null)
        {
            _pipeline = new JunctionPipeline(site);
            (_from, _observations) = (observation.Time, 0);
        }

        _pipeline.Process(observation, _journeys, _evidence);
        if (_pipeline.TakeScene() is { } scene) hints?.Watch(scene);
        _last = observation.Time;
        _observations++;
        _isDegraded |= observation.IsDegraded;
        Emit();
        if (_pipeline.Watermark - _from >= policy.CoverageInterval) Cover(_pipeline.Watermark);
    }

    /// <summary>Covers what was watched until now; vehicles on the junction are followed on.</summary>
    public void Cover()
    {
        if (_pipeline is { } pipeline) Cover(pipeline.Watermark);
    }

    public void Interrupt(CameraId camera) => _pipeline?.Interrupt(camera);

    /// <summary>No camera watches any more: gives out what is pending. What follows begins anew.</summary>
    public void Interrupt()
    {
        if (_pipeline is not { } pipeline) return;
        pipeline.Finish(_journeys, _evidence);
        hints?.Interrupt();
        Emit();
        Cover(_last + _period);
        var book = pipeline.Conservation;
        _before = new Conservation(_before.Whole + book.Whole, _before.Lost + book.Lost, _before.Appeared + book.Appeared, 0);
        _pipeline = null;
    }

    private void Emit()
    {
        for (var j = 0; j < _journeys.Count; j++)
        {
            var (journey, whole) = (_journeys[j], new JourneyCounted(_journeys[j], _evidence[j]));
            // What is counted ahead has no entry of its own that could tell why.
            CountEvidence first = journey.Part == JourneyPart.EntryAhead ? whole : new JourneyShareCounted(journey.Number);
            foreach (var vehicle in JourneyMapper.Count(_junction.Id, journey))
            {
                sink.Add(vehicle, first);
                first = new JourneyShareCounted(journey.Number);
            }

            if (journey.Part != JourneyPart.EntryAhead) ended(journey, whole);
        }

        _journeys.Clear();
        _evidence.Clear();
    }

    private void Cover(DateTimeOffset to)
    {
        if (to <= _from) return;
        var state = IsConservationViolated || _isDegraded ? WatchState.Degraded : WatchState.Watching;
        sink.Add(new Coverage(_junction.Id, _from, to, _observations, 0, state) { Queues = _pipeline!.TakeQueues(to) });
        (_from, _observations, _isDegraded) = (to, 0, false);
    }
}
