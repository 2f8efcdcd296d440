using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.vault: what opens the recordings, and how much of the disk they may take.</summary>
internal static class VaultSection
{
    private const long Gigabyte = 1L << 30;

    public static VaultSettings Read(SettingsReader? vault)
    {
        if (vault is null) return VaultSettings.Usual;
        var credential = vault.OptionalText("credential") is { } text && text is not ("off" or "false") ? Path.GetFullPath(Path.Combine(vault.Find("credential")!.Origin.Folder, text)) : null;
        var most = vault.OptionalWhole("max-gigabytes", 1, 1_000_000, "gigabytes");
        var free = vault.OptionalWhole("min-free-gigabytes", 1, 1_000_000, "gigabytes");
        var operatorsMayPlay = vault.OptionalFlag("operators-may-play") ?? false;
        var proveWithin = vault.OptionalWhole("prove-within-days", 1, 3_660, "days");
        vault.RefuseUnknown();
        var usual = new SegmentStoreOptions();
        return new VaultSettings(credential, usual with { MostBytes = most * Gigabyte ?? usual.MostBytes, MinFreeBytes = free * Gigabyte ?? usual.MinFreeBytes }, operatorsMayPlay)
        {
            ProveWithin = proveWithin is { } days ? TimeSpan.FromDays(days) : VaultSettings.Usual.ProveWithin,
        };
    }
}
