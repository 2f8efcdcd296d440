using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Counting;

/// <summary>What one track did at all gates of its camera, and what of it has been given out.</summary>
internal sealed class TrackPassages(Track track, int gates, GateSettings settings)
{
    /// <param name="Metres">Metres driven since the track began; null where that is not known, or not asked yet.</param>
    /// <param name="IsGiven">It was counted and given out.</param>
    /// <param name="IsDropped">It was judged to be no crossing.</param>
    public readonly record struct Passed(GateId Gate, int GateIndex, GateCrossing Crossing, double? Metres, bool IsGiven = false, bool IsDropped = false)
    {
        public CrossingDirection Direction => Crossing.Direction;
        public double Time => Crossing.Time;

        /// <summary>Null until it is counted.</summary>
        public CrossingEvidence? Evidence { get; init; }
    }

    private readonly List<Passed> _all = [];
    private bool _flowGiven;

    public Track Track { get; } = track;

    public TrackPath Way { get; } = new(settings.HoldSeconds + (2 * settings.JudgedSeconds));

    /// <summary>One watch a gate, in the order of the camera's gates.</summary>
    public GateWatch[] Watches { get; } = new GateWatch[gates];

    /// <summary>
    /// One a gate: what the way said of a line that was passed, while the points around it were still kept, and the time of that passing.
    /// </summary>
    public (double PassedAt, CrossingVerdict Verdict, LineEvidence Line)[] Judged { get; } = new (double, CrossingVerdict, LineEvidence)[gates];

    /// <summary>Every line that was passed, in order of time.</summary>
    public IReadOnlyList<Passed> All => _all;

    /// <summary>Two lines may become certain in another order than that in which they were met.</summary>
    public void Add(Passed passed)
    {
        var place = _all.Count;
        while (place > 0 && _all[place - 1].Time > passed.Time) place--;
        _all.Insert(place, passed);
    }

    /// <summary>More is known of a passed line than when it was added.</summary>
    public void Complete(Passed passed)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].GateIndex == passed.GateIndex && _all[i].Crossing == passed.Crossing) _all[i] = _all[i] with { Metres = passed.Metres, Evidence = passed.Evidence };
        }
    }

    /// <summary>It was decided whether a passed line counts.</summary>
    public void Settle(Passed passed, bool isCounted)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].GateIndex == passed.GateIndex && _all[i].Crossing == passed.Crossing) _all[i] = _all[i] with { IsGiven = isCounted, IsDropped = !isCounted };
        }

        // What stands and jitters for hours passes the line again and again: nothing asks for those that were dropped long ago.
        _all.RemoveAll(p => p.IsDropped && passed.Time - p.Time > 2 * settings.HoldSeconds);
    }

    /// <summary>Each direction of a gate counts at most once for a track.</summary>
    public bool HasCounted(Passed passed)
    {
        foreach (var other in _all)
        {
            if (other.IsGiven && other.GateIndex == passed.GateIndex && other.Direction == passed.Direction) return true;
        }

        return false;
    }

    /// <summary>The next crossing that need not wait any longer.</summary>
    public bool TryTakeCrossing(double now, double hold, out Passed passed)
    {
        foreach (var next in _all)
        {
            if (next.IsGiven || next.IsDropped) continue;
            passed = next;
            return IsFinal(next, now, hold);
        }

        passed = default;
        return false;
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
        double? earliest = null;
        foreach (var passed in _all)
        {
            if (passed.IsGiven || passed.IsDropped) continue;
            earliest = passed.Time;
            break;
        }

        return PendingFlow is { } flow ? Math.Min(earliest ?? double.MaxValue, flow.To.Time) : earliest;
    }

    private (Passed From, Passed To)? PendingFlow
    {
        get
        {
            if (_flowGiven) return null;
            Passed? first = null, last = null;
            foreach (var passed in _all)
            {
                if (passed.IsDropped) continue;
                first ??= passed;
                last = passed;
            }

            return first is { } from && last is { } to && from.Gate != to.Gate ? (from, to) : null;
        }
    }

    private bool IsFinal(Passed passed, double now, double hold) =>
        Track.IsConfirmed && (Track.HasEnded || now - passed.Time >= hold);
}
