using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Counting;

/// <summary>What one track did at all gates of its camera, and what of it has been given out.</summary>
internal sealed class TrackPassages(Track track, int gates)
{
    /// <param name="Way">Metres driven since the track began; null where that is not known, or not asked yet.</param>
    public readonly record struct Passed(GateId Gate, CrossingDirection Direction, double Time, double? Way);

    private readonly List<Passed> _waiting = [];
    private Passed? _first;
    private Passed? _last;
    private bool _flowGiven;

    public Track Track { get; } = track;

    /// <summary>One watch a gate, in the order of the camera's gates.</summary>
    public GateWatch[] Watches { get; } = new GateWatch[gates];

    /// <summary>Two lines may become certain in another order than that in which they were met.</summary>
    public void Add(Passed passed)
    {
        var place = _waiting.Count;
        while (place > 0 && _waiting[place - 1].Time > passed.Time) place--;
        _waiting.Insert(place, passed);
        if (_first is not { } first || passed.Time < first.Time) _first = passed;
        if (_last is not { } last || passed.Time >= last.Time) _last = passed;
    }

    /// <summary>More is known of a passed line than when it was added.</summary>
    public void Know(Passed passed)
    {
        if (_first is { } first && first.Gate == passed.Gate && first.Time == passed.Time) _first = passed;
        if (_last is { } last && last.Gate == passed.Gate && last.Time == passed.Time) _last = passed;
    }

    /// <summary>The next crossing that need not wait any longer.</summary>
    public bool TryTakeCrossing(double now, double hold, out Passed passed)
    {
        passed = default;
        if (_waiting.Count == 0 || !IsFinal(_waiting[0], now, hold)) return false;
        passed = _waiting[0];
        _waiting.RemoveAt(0);
        return true;
    }

    /// <summary>The track's flow, once: its first and its last gate, when the last lies far enough back.</summary>
    public bool TryTakeFlow(double now, double hold, out Passed from, out Passed to)
    {
        (from, to) = (default, default);
        if (PendingFlow is not { } flow || !IsFinal(flow.To, now, hold)) return false;
        (from, to, _flowGiven) = (flow.From, flow.To, true);
        return true;
    }

    /// <summary>Earliest time of something that may still be given out, seconds; null when nothing is pending.</summary>
    public double? EarliestPending()
    {
        double? earliest = _waiting.Count > 0 ? _waiting[0].Time : null;
        return PendingFlow is { } flow ? Math.Min(earliest ?? double.MaxValue, flow.To.Time) : earliest;
    }

    private (Passed From, Passed To)? PendingFlow =>
        !_flowGiven && _first is { } first && _last is { } last && first.Gate != last.Gate ? (first, last) : null;

    private bool IsFinal(Passed passed, double now, double hold) =>
        Track.IsConfirmed && (Track.HasEnded || now - passed.Time >= hold);
}
