namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// When bins are to close although not every camera has reported them. Live cameras: the lateness after the bin's end. Recordings, whose
/// event time lies in the past: the lateness after the first camera came so far, since their time says nothing about what is still to
/// come. After a start it waits one lateness, so that outboxes can catch up first.
/// </summary>
public sealed class BinClosePolicy(TimeSpan lateness, DateTimeOffset startedAt)
{
    // Beyond this lag a batch comes from a recording or from an outbox that catches up.
    private static readonly TimeSpan LiveWithin = TimeSpan.FromMinutes(10);

    private (DateTimeOffset Through, DateTimeOffset SeenAt)? _candidate;

    /// <summary>Event time through which bins are to close now; null for none.</summary>
    public DateTimeOffset? Due(ApproachState state, DateTimeOffset now)
    {
        if (now - startedAt < lateness) return null;
        if (state.Lag.Duration() <= LiveWithin) return now - lateness;
        if (_candidate is not { } candidate || candidate.Through <= state.ClosedThrough)
        {
            _candidate = state.MaxWatermark > state.ClosedThrough ? (state.MaxWatermark, now) : null;
            return null;
        }

        if (now - candidate.SeenAt < lateness) return null;
        _candidate = null;
        return candidate.Through;
    }
}
