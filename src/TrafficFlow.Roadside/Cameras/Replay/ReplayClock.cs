namespace TrafficFlow.Roadside.Cameras.Replay;

/// <summary>When an entry of a script is due: event time runs on from where it was begun, at a multiple of monotonic time.</summary>
internal sealed class ReplayClock(double speed, DateTimeOffset from, TimeProvider time)
{
    // A timer for each entry of a fast script would cost more than the entry.
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(20);

    // A timer has an upper limit, and a script may be silent for long.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly long _begun = time.GetTimestamp();

    /// <summary>Event time that has been reached.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var passed = time.GetElapsedTime(_begun) * speed;
            return DateTimeOffset.MaxValue - from > passed ? from + passed : DateTimeOffset.MaxValue;
        }
    }

    public TimeSpan WaitFor(DateTimeOffset eventTime)
    {
        var wait = (eventTime - Now) / speed;
        return wait < LeastWait ? LeastWait : wait > LongestWait ? LongestWait : wait;
    }
}
