namespace TrafficFlow.Wire.Delivery;

/// <summary>Where a node's wall clock stood at a moment that its monotonic clock knows too.</summary>
/// <param name="Boot">Of the machine: the monotonic clock begins anew with each.</param>
/// <param name="Uptime">Monotonic, since the boot.</param>
public sealed record ClockOrigin(string Boot, TimeSpan Uptime, DateTimeOffset Wall);

/// <summary>The clock of the node that sends a batch.</summary>
/// <param name="SentAt">Its wall clock as the batch left.</param>
/// <param name="Shift">
/// By how much the wall clock was set forward (negative: back) since the entries' epoch began, the sum of all steps. Null where the machine has
/// booted since: the monotonic clock that measures it began anew.
/// </param>
public sealed record ClockReading(DateTimeOffset SentAt, TimeSpan? Shift)
{
    /// <summary>
    /// How far the entries' stamps lie behind the true time, as far as a receiver whose clock says <paramref name="now"/> can tell;
    /// negative where they lie ahead. It includes the time on the way.
    /// </summary>
    public TimeSpan OffsetAt(DateTimeOffset now) => now - SentAt + Bounded(Shift ?? TimeSpan.Zero);

    /// <summary>What the clock that stamped the entries would have said as the batch left.</summary>
    public DateTimeOffset StampedBy(DateTimeOffset now) => now - OffsetAt(now);

    /// <summary>No clock is set by more than all the time that there is; a message may say so all the same.</summary>
    private static TimeSpan Bounded(TimeSpan shift)
    {
        var longest = DateTimeOffset.MaxValue - DateTimeOffset.MinValue;
        return shift > longest ? longest : shift < -longest ? -longest : shift;
    }
}

/// <summary>The wall clock of this machine, and how it moved against its monotonic clock. The wall clock may be wrong, and set at any time.</summary>
public sealed class NodeClock(TimeProvider time, string? boot = null)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private static readonly string s_boot = File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : Guid.NewGuid().ToString();

    private readonly string _boot = boot ?? s_boot;

    public ClockOrigin Now => new(_boot, Uptime, time.GetUtcNow());

    /// <summary>By how much the wall clock was set forward since then; negative for back, null where the machine has booted since.</summary>
    public TimeSpan? ShiftSince(ClockOrigin origin) =>
        origin.Boot == _boot ? time.GetUtcNow() - origin.Wall - (Uptime - origin.Uptime) : null;

    /// <param name="origin">The clock that stamped the entries.</param>
    public ClockReading Read(ClockOrigin origin) => new(time.GetUtcNow(), ShiftSince(origin));

    private TimeSpan Uptime => TimeSpan.FromSeconds((double)time.GetTimestamp() / time.TimestampFrequency);
}
