namespace TrafficFlow.SystemTests.Synthetic;

/// <summary>A clock that a test moves by hand; timers fire while it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly List<HandTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Advance(TimeSpan by)
    {
        _now += by;
        foreach (var timer in _timers.ToArray()) timer.FireIfDue(_now);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(() => callback(state), _now + dueTime);
        _timers.Add(timer);
        return timer;
    }

    private sealed class HandTimer(Action fire, DateTimeOffset due) : ITimer
    {
        private bool _isDone;

        public void FireIfDue(DateTimeOffset now)
        {
            if (_isDone || now < due) return;
            _isDone = true;
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isDone = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
