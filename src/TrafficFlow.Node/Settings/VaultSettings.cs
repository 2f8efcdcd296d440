using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Settings;

/// <summary>How a node keeps recordings.</summary>
/// <param name="Credential">The file that opens the vault at each start; null where somebody opens it by hand.</param>
/// <param name="OperatorsMayPlay">Operators may see recordings, not custodians alone.</param>
public sealed record VaultSettings(string? Credential, SegmentStoreOptions Segments, bool OperatorsMayPlay = false)
{
    /// <summary>Each way to the master key is to be tried within this time, else it is told.</summary>
    public TimeSpan ProveWithin { get; init; } = TimeSpan.FromDays(180);

    public static readonly VaultSettings Usual = new(null, new SegmentStoreOptions());
}
