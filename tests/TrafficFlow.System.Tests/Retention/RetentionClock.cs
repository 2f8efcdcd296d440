namespace TrafficFlow.SystemTests.Retention;

/// <summary>A wall clock that is set, and a monotonic one that passes.</summary>
internal sealed class RetentionClock(DateTimeOffset now) : TimeProvider
{
    private long _monotonic;

    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => _monotonic;

    public void Pass(TimeSpan time)
    {
        Now += time;
        _monotonic += time.Ticks;
    }

    /// <summary>The machine was off: its monotonic clock begins anew.</summary>
    public void Boot(TimeSpan off)
    {
        Now += off;
        _monotonic = 0;
    }
}
