using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Settings;

/// <summary>How a node keeps recordings.</summary>
/// <param name="Credential">The file that opens the vault at each start; null where somebody opens it by hand.</param>
public sealed record VaultSettings(string? Credential, SegmentStoreOptions Segments)
{
    public static readonly VaultSettings Usual = new(null, new SegmentStoreOptions());
}
