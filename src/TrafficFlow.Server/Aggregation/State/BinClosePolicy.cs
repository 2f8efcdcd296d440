using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>
/// When bins are to close although not every camera has reported them, and when changed ones are to be revised all the same. Live cameras:
/// the lateness after the bin's end, by the cameras' own clocks: those stamp the events, and run on by this machine's monotonic clock
/// until they are heard again, so that a server whose clock is set closes nothing too early. Recordings, whose event time lies in the
/// past: the lateness after the first camera came so far, since their time says nothing about what is still to come. After a start it
/// waits one lateness, so that outboxes can catch up first.
/// </summary>
public sealed class BinClosePolicy(TimeSpan lateness, TimeSpan retention, TimeProvider time)
{
    // Beyond this lag a batch comes from a recording or from an outbox that catches up.
    private static readonly TimeSpan LiveWithin = TimeSpan.FromMinutes(10);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly Dictionary<CameraId, (DateTimeOffset SentAt, long HeardAt)> _clocks = [];
    private (DateTimeOffset Through, long SeenAt)? _candidate;
    private long? _changedAt;

    /// <summary>A batch came whose stamps are right within their bound. What its node's clock says now may be anything: it may have been set since.</summary>
    public void Observe(CameraId camera, ClockReading clock) => _clocks[camera] = (clock.StampedBy(time.GetUtcNow()), time.GetTimestamp());

    /// <summary>What was observed may have been forged.</summary>
    public void Forget()
    {
        _clocks.Clear();
        (_candidate, _changedAt) = (null, null);
    }

    /// <summary>Event time through which bins are to close now; null for none.</summary>
    public DateTimeOffset? Due(ApproachState state)
    {
        if (!HasPassed(_startedAt)) return null;
        if (IsLive(state)) return LiveNow(state) - lateness;
        if (_candidate is not { } candidate || candidate.Through <= state.ClosedThrough)
        {
            _candidate = state.MaxWatermark > state.ClosedThrough ? (state.MaxWatermark, time.GetTimestamp()) : null;
            return null;
        }

        if (!HasPassed(candidate.SeenAt)) return null;
        _candidate = null;
        return candidate.Through;
    }

    /// <summary>Event time through which changed bins are to be revised without waiting longer; null for none. At most once in a lateness.</summary>
    public DateTimeOffset? RevisionsDue(ApproachState state)
    {
        if (state.Unsettled.IsEmpty)
        {
            _changedAt = null;
            return null;
        }

        _changedAt ??= time.GetTimestamp();
        if (!HasPassed(_changedAt.Value)) return null;
        _changedAt = null;
        return IsLive(state) ? LiveNow(state) - lateness : state.MaxWatermark;
    }

    private static bool IsLive(ApproachState state) => state.Lag.Duration() <= LiveWithin;

    /// <summary>What the slowest of the cameras' clocks says now; null where nobody can tell.</summary>
    private DateTimeOffset? LiveNow(ApproachState state)
    {
        if (_clocks.Count > 0) return _clocks.Values.Min(c => c.SentAt + time.GetElapsedTime(c.HeardAt));
        // Nobody was heard since the start: the last that was known of their clocks, and a clock of ours that can be believed.
        var now = time.GetUtcNow() - state.Cameras.Values.Select(c => c.ClockOffset ?? TimeSpan.Zero).Append(TimeSpan.Zero).Max();
        return now - state.MaxWatermark <= retention ? now : null;
    }

    private bool HasPassed(long since) => time.GetElapsedTime(since) >= lateness;
}
