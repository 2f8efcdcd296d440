namespace TrafficFlow.Vault.Segments;

/// <summary>Bounds of what is recorded.</summary>
public sealed record SegmentStoreOptions
{
    /// <summary>Of the disk, left free for what counts: below it nothing is recorded.</summary>
    public long MinFreeBytes { get; init; } = 2L << 30;

    /// <summary>Of all segments of this vault; beyond it the oldest are erased.</summary>
    public long MostBytes { get; init; } = 100L << 30;

    /// <summary>No segment is longer: of one that was cut, nobody knows more.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(10);
}
