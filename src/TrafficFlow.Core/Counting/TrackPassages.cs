using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Counting;

/// <summary>What one track did at all gates of its camera, and what of it has been given out.</summary>
internal sealed class TrackPassages(Track track, int gates)
{
    public readonly record struct Passed(GateId Gate, CrossingDirection Direction, double Time);

    private readonly List<Passed> _passed = [];
    private int _given;
    private bool _flowGiven;

    public Track Track { get; } = track;

    /// <summary>One watch a gate, in the order of the camera's gates.</summary>
    public GateWatch[] Watches { get; } = new GateWatch[gates];

    public void Add(Passed passed) => _passed.Add(passed);

    /// <summary>The next crossing that need not wait any longer.</summary>
    public bool TryTakeCrossing(double now, double hold, out Passed passed)
    {
        passed = default;
        if (Track.State == TrackState.Tentative || _given == _passed.Count) return false;
        if (Track.State != TrackState.Ended && now - _passed[_given].Time < hold) return false;
        passed = _passed[_given++];
        return true;
    }

    /// <summary>The track's flow, once: its first and its last gate, when the last lies far enough back.</summary>
    public bool TryTakeFlow(double now, double hold, out Passed from, out Passed to)
    {
        (from, to) = (default, default);
        if (_flowGiven || _passed.Count < 2 || _passed[0].Gate == _passed[^1].Gate || Track.State == TrackState.Tentative) return false;
        if (Track.State != TrackState.Ended && now - _passed[^1].Time < hold) return false;
        (from, to, _flowGiven) = (_passed[0], _passed[^1], true);
        return true;
    }

    /// <summary>Earliest time of something that may still be given out, seconds; null when nothing is pending.</summary>
    public double? EarliestPending()
    {
        double? earliest = _given < _passed.Count ? _passed[_given].Time : null;
        if (!_flowGiven && _passed.Count >= 2 && _passed[0].Gate != _passed[^1].Gate) earliest = Math.Min(earliest ?? double.MaxValue, _passed[^1].Time);
        return earliest;
    }
}
