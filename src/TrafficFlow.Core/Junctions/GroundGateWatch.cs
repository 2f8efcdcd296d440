using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Junctions;

/// <summary>
/// Notices how one camera's tracks pass the gates of the site on the ground, and looks back at each passage once its track tells no more
/// about it. Pure; forgets a track when it has ended.
/// </summary>
internal sealed class GroundGateWatch(GroundMotionSettings settings)
{
    // Where another camera sees the vehicle's middle, half a metre farther, it passes a little earlier or later: this one needs no hysteresis of its own.
    private const double BeyondMetres = 0.2;

    private readonly Dictionary<Track, GateWatch[]> _watches = [];
    private readonly List<(Track Track, GroundGate Gate, double Time)> _passed = [];
    private readonly List<Track> _over = [];
    private IReadOnlyList<GroundGate> _gates = [];

    /// <summary>Watches these from now on.</summary>
    public void Watch(IReadOnlyList<GroundGate> gates)
    {
        _gates = gates;
        _watches.Clear();
        _passed.Clear();
    }

    public void Follow(ReadOnlySpan<Track> tracks)
    {
        if (_gates.Count == 0) return;
        foreach (var track in tracks)
        {
            if (!track.IsSeen || track.Ground?.State() is not { HeadingDegrees: not null } state) continue;
            if (!_watches.TryGetValue(track, out var watches)) _watches.Add(track, watches = new GateWatch[_gates.Count]);
            for (var g = 0; g < _gates.Count; g++)
            {
                if (watches[g].Move(_gates[g].Line, track.Time, state.Centre.X, state.Centre.Y, BeyondMetres) is { Direction: CrossingDirection.Forward, IsAgain: false } crossed)
                    _passed.Add((track, _gates[g], crossed.Time));
            }
        }
    }

    /// <param name="now">Seconds since the origin.</param>
    /// <param name="passages">Gets what has become known.</param>
    public void Emit(double now, DateTimeOffset origin, List<LocalPassage> passages)
    {
        for (var p = 0; p < _passed.Count; p++)
        {
            var (track, gate, time) = _passed[p];
            if (!track.HasEnded && now - time < settings.LookBackSeconds) continue;
            _passed.RemoveAt(p--);
            if (!track.IsConfirmed || track.Ground!.LookBack(time) is not { } motion) continue;
            passages.Add(new LocalPassage(
                track.Number, gate.Role, gate.Approach, GateCounter.At(origin, time), motion.SpeedKmh, motion.SpeedErrorKmh, motion.Acceleration));
        }

        foreach (var track in _watches.Keys)
        {
            if (track.HasEnded) _over.Add(track);
        }

        foreach (var track in _over) _watches.Remove(track);
        _over.Clear();
    }
}
