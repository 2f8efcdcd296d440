namespace TrafficFlow.Vault.Audit;

/// <summary>How an audit is kept.</summary>
public sealed record AuditOptions
{
    /// <summary>A file that is longer is put aside, and a new one begun.</summary>
    public long RotateBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>A checkpoint is signed after so many records, or after <see cref="CheckpointAfter"/>.</summary>
    public int CheckpointEach { get; init; } = 500;

    public TimeSpan CheckpointAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Files that were put aside are deleted when their last record is older.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1826);

    /// <summary>What the files of the node's sites say besides, asked at each look; null for nothing.</summary>
    public Func<DateTimeOffset, AuditLimit>? Limit { get; init; }

    /// <summary>A folder on another disk, to which heads, checkpoints and public key are copied: whoever can roll back one disk cannot the other. Null for none.</summary>
    public string? CopyTo { get; init; }

    /// <summary>Of the node itself: its start and stop are recorded, and checkpoints signed by time. False for a command that adds one record.</summary>
    public bool IsNode { get; init; }
}
