namespace TrafficFlow.Vault.Segments;

/// <summary>Bounds of what is recorded.</summary>
public sealed record SegmentStoreOptions
{
    /// <summary>Of the disk, left free for what counts: below it nothing is recorded.</summary>
    public long MinFreeBytes { get; init; } = 2L << 30;

    /// <summary>Of all segments of this vault. Beyond it the oldest that were recorded here go, or nothing more is recorded; nothing is carried here that does not fit.</summary>
    public long MostBytes { get; init; } = 100L << 30;

    /// <summary>No segment is longer: of one that was cut, nobody knows more.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Of the disk of a folder; null where nobody knows.</summary>
    internal Func<string, long?> FreeBytesOf { get; init; } = s_freeBytes;

    private static readonly Func<string, long?> s_freeBytes = folder =>
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    };
}
