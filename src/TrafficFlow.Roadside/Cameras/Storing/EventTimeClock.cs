using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Roadside.Cameras.Storing;

/// <summary>
/// The wall clock that stamps the frames of live cameras. When it is set, stamps jump; a new epoch of the log then begins, so that an
/// aggregator can tell the entries of the wrong clock from those of the right one.
/// </summary>
/// <param name="tolerance">A smaller step changes nothing.</param>
internal sealed class EventTimeClock(TimeProvider time, TimeSpan tolerance)
{
    // Pictures that were stamped before the step may still be under way for so long.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly NodeClock _clock = new(time);
    private TimeSpan _step;
    private long _steppedAt;

    public ClockOrigin Origin { get; private set; } = new("", TimeSpan.Zero, default);

    /// <summary>An epoch of the log begins now.</summary>
    public void Begin()
    {
        if (Origin.Boot.Length > 0 && _clock.ShiftSince(Origin) is { } step && step.Duration() > tolerance)
            (_step, _steppedAt) = (step, time.GetTimestamp());
        Origin = _clock.Now;
    }

    /// <summary>The clock was set since the epoch began, and this stamp was taken after that.</summary>
    public bool HasMovedTo(DateTimeOffset stamp) =>
        _clock.ShiftSince(Origin) is { } step && step.Duration() > tolerance && !IsNearer(stamp, step);

    /// <summary>The clock was set just now, and this stamp was taken before that.</summary>
    public bool IsOfBefore(DateTimeOffset stamp) =>
        _step.Duration() > tolerance && time.GetElapsedTime(_steppedAt) < Settling && IsNearer(stamp, _step);

    /// <summary>Whether a stamp is nearer to the time that the clock would show now, had it not been set, than to the time that it shows.</summary>
    private bool IsNearer(DateTimeOffset stamp, TimeSpan step)
    {
        var now = time.GetUtcNow();
        return (stamp - (now - step)).Duration() < (stamp - now).Duration();
    }
}
