namespace TrafficFlow.Actors.Delivery;

/// <summary>How a camera's outbox stores and sends.</summary>
public sealed record OutboxSettings
{
    /// <summary>Entries kept for an aggregator that does not answer; beyond it the oldest are dropped, loudly.</summary>
    public int MaxEntries { get; init; } = 5_000_000;

    /// <summary>Entries of one delivery batch.</summary>
    public int BatchEntries { get; init; } = 500;

    /// <summary>First wait for an acceptance before a batch is sent again; it doubles up to <see cref="RetryMax"/>.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Accepted entries after which the journal is trimmed.</summary>
    public int TrimAfterEntries { get; init; } = 5_000;

    /// <summary>Longest wait before accepted entries are trimmed from the journal.</summary>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(60);
}
