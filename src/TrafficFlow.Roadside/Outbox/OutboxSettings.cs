using TrafficFlow.Core.Sites;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>How a camera's outbox stores and sends.</summary>
public sealed record OutboxSettings
{
    /// <summary>Entries kept for an aggregator that does not answer; beyond it the oldest are dropped, loudly.</summary>
    public int MaxEntries { get; init; } = 5_000_000;

    /// <summary>Share of <see cref="MaxEntries"/>, 0..1, from which on the alarm sounds: somebody still has time to bring the server back.</summary>
    public double AlarmAt { get; init; } = 0.8;

    /// <summary>
    /// Below this many free bytes on the journal's disk the alarm sounds, and a backlog of <see cref="LowDiskEntries"/> or more grows no
    /// further: the oldest entries make room for the newest.
    /// </summary>
    public long LowDiskBytes { get; init; } = 200_000_000;

    /// <summary>What a disk that runs full lets a camera keep in any case.</summary>
    public int LowDiskEntries { get; init; } = 100_000;

    /// <summary>
    /// Entries kept although every approach has accepted them: an aggregator whose last rows were damaged, or that comes from a backup
    /// of minutes ago, asks for them again.
    /// </summary>
    public int KeepAccepted { get; init; } = 5_000;

    /// <summary>After so long an accepted entry of a live camera is kept no more, however few come after it.</summary>
    public TimeSpan KeepVehicles { get; init; } = TimeSpan.FromDays(7);

    /// <summary>What the files of sites say of how long anything may wait; null where nobody asks them.</summary>
    public IOutboxRetention? Custody { get; init; }

    /// <summary>The node's clocks: what a batch tells of them lets a server see that they are wrong.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Entries of one delivery batch.</summary>
    public int BatchEntries { get; init; } = 500;

    /// <summary>First wait for an acceptance before a batch is sent again; it doubles up to <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Accepted entries after which the journal is trimmed.</summary>
    public int TrimAfterEntries { get; init; } = 5_000;

    /// <summary>Longest wait before accepted entries are trimmed from the journal.</summary>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>How long what waits for a server may be kept at the roadside.</summary>
public interface IOutboxRetention
{
    /// <summary>What was stamped before must be gone; null where nothing must, while the clock is not believed, and while there is no audit. Waits for nothing.</summary>
    (DateTimeOffset? Journeys, DateTimeOffset? Counts) OverBefore(SiteId site, DateTimeOffset now);

    /// <summary>Tells in the audit that so many entries are about to go that no server has: they will show as missing.</summary>
    /// <returns>False where that cannot be recorded: then none goes.</returns>
    Task<bool> RecordAsync(SiteId site, CameraId camera, long entries);
}
