namespace TrafficFlow.Actors.Tests.Support;

/// <summary>A clock that the test sets; timers are not its business.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;
    private long _monotonic;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _monotonic);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by)
    {
        Step(by);
        Interlocked.Add(ref _monotonic, by.Ticks);
    }

    /// <summary>Somebody sets the wall clock; no time passes.</summary>
    public void Step(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
