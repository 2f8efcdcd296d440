namespace TrafficFlow.SystemTests.Support;

/// <summary>The system's clock, whose timers fire when a test says so, and whose elapsed time is moved by it.</summary>
internal sealed class TickedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private TimeSpan _moved;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return base.GetUtcNow() + _moved;
    }

    public override long GetTimestamp()
    {
        lock (_gate) return base.GetTimestamp() + (long)(_moved.TotalSeconds * TimestampFrequency);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_gate) _timers.Add(timer);
        return timer;
    }

    public void Move(TimeSpan by)
    {
        lock (_gate) _moved += by;
    }

    /// <summary>Every timer, once.</summary>
    public void Tick()
    {
        List<Timer> timers;
        lock (_gate) timers = [.. _timers];
        foreach (var timer in timers) timer.Fire();
    }

    private sealed class Timer(TickedTime time, Action fire) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
