using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Cameras;

/// <summary>
/// Sights in order of time to counted vehicles and coverage of a whole junction: what <see cref="CameraCounter"/> is for one camera. Pure.
/// </summary>
internal sealed class JunctionCounter(Site site, CameraPolicy policy, ICountSink sink)
{
    private readonly CameraSetup _junction = site.Junction ?? throw new ArgumentException($"site {site.Id} has no junction", nameof(site));
    private readonly TimeSpan _period = TimeSpan.FromSeconds(1 / site.Cameras[0].Frame.FramesPerSecond);
    private readonly List<Journey> _journeys = [];
    private JunctionPipeline? _pipeline;
    private DateTimeOffset _from;
    private DateTimeOffset _last;
    private int _sights;
    private bool _isDegraded;

    public bool IsConservationViolated => _pipeline?.IsConservationViolated ?? false;

    public double BrokenShare => _pipeline?.BrokenShare ?? 0;

    public void Process(CameraSight sight)
    {
        if (_pipeline is not null && (sight.Time - _last).Duration() > policy.Gap) Interrupt();
        if (_pipeline is null)
        {
            _pipeline = new JunctionPipeline(site);
            (_from, _sights) = (sight.Time, 0);
        }

        _pipeline.Process(sight, _journeys);
        _last = sight.Time;
        _sights++;
        _isDegraded |= sight.IsDegraded;
        Emit();
        if (_pipeline.Watermark - _from >= policy.CoverageInterval) Cover(_pipeline.Watermark);
    }

    public void Interrupt(CameraId camera) => _pipeline?.Interrupt(camera);

    /// <summary>No camera watches any more: gives out what is pending. What follows begins anew.</summary>
    public void Interrupt()
    {
        if (_pipeline is not { } pipeline) return;
        pipeline.Finish(_journeys);
        Emit();
        Cover(_last + _period);
        _pipeline = null;
    }

    private void Emit()
    {
        foreach (var journey in _journeys)
            foreach (var vehicle in JourneyMap.Count(_junction.Id, journey)) sink.Add(vehicle);
        _journeys.Clear();
    }

    private void Cover(DateTimeOffset to)
    {
        if (to <= _from) return;
        var state = IsConservationViolated || _isDegraded ? WatchState.Degraded : WatchState.Watching;
        sink.Add(new Coverage(_junction.Id, _from, to, _sights, 0, state));
        (_from, _sights, _isDegraded) = (to, 0, false);
    }
}
