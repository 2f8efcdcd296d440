using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>
/// Whether an entry's event time can be believed. Where the sender tells its clock, that decides: all entries of a clock that lies too far
/// off wait, in whichever direction. Event time ahead of the server's clock is never believed. Event time that lies far back alone is no
/// sign of a wrong clock: outboxes catch up, and recordings are old.
/// </summary>
/// <param name="bound">How far off a clock may be.</param>
/// <param name="now">The server's clock.</param>
/// <param name="clock">The sender's; null from nodes of older versions.</param>
public sealed class ClockSkewCheck(TimeSpan bound, DateTimeOffset now, ClockReading? clock)
{
    // Cameras say every few seconds what they watched; a day of it at once is no camera's.
    private static readonly TimeSpan s_longestCoverage = TimeSpan.FromDays(1);

    /// <summary>By how much the sender's clock of now lies behind the server's; null where it was not told.</summary>
    public TimeSpan? NodeOffset => now - clock?.SentAt;

    /// <summary>By how much the entries' stamps lie behind the true time; null where the sender's clock does not say that it is wrong.</summary>
    public TimeSpan? StampOffset { get; } = clock?.OffsetAt(now) is { } offset && offset.Duration() > bound ? offset : null;

    public bool IsCredible(OutboxEntry entry) =>
        StampOffset is null && Latest(entry) - now <= bound && Earliest(entry) >= DateTimeOffset.UnixEpoch
        && (entry is not CoverageEntry covered || covered.Coverage.To - covered.Coverage.From <= s_longestCoverage);

    public static DateTimeOffset Earliest(OutboxEntry entry) => entry switch
    {
        VehicleEntry v => v.Vehicle.Time,
        CoverageEntry c => c.Coverage.Queues.Select(q => q.From).Append(c.Coverage.From).Append(c.Coverage.To).Min(),
        JourneyEntry j => j.Journey.FirstSeenAt,
        _ => DateTimeOffset.MinValue,
    };

    public static DateTimeOffset Latest(OutboxEntry entry) => entry switch
    {
        VehicleEntry v => v.Vehicle.Time,
        CoverageEntry c => c.Coverage.Queues.Select(q => q.From).Append(c.Coverage.From).Append(c.Coverage.To).Max(),
        JourneyEntry j => j.Journey.LastSeenAt,
        _ => DateTimeOffset.MinValue,
    };
}
