using System.CommandLine;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Node.Accounts;

/// <summary>The data folder whose accounts or audit a verb is for, and how its node keeps the audit.</summary>
internal sealed record VaultPlace(string Data, AuditOptions Audit)
{
    private const string OfServices = "/var/lib/trafficflow";

    public static Option<string?> ConfigOption() => new("--config") { Description = "The settings of the node, which name its data folder.", HelpName = "FILE" };

    public static Option<string?> DataOption() => new("--data") { Description = "Or the data folder. [default: /var/lib/trafficflow, of a node that runs there]", HelpName = "DIR" };

    /// <param name="makes">Whether the folder may be made: accounts may come before their node has started for the first time.</param>
    /// <exception cref="UsageException">Both are given, or neither and there is no node of a service, or there is no such folder.</exception>
    /// <exception cref="SettingsException">The settings cannot be used.</exception>
    public static VaultPlace Find(string? config, string? data, bool makes = false)
    {
        if (config is not null && data is not null) throw new UsageException("--config and --data name a node twice: give one of them");
        var settings = config is null ? null : NodeSettings.Load(config);
        var folder = settings?.DataDirectory ?? (data is not null ? Path.GetFullPath(data) : OfServices);
        if (data is null && config is null && !Directory.Exists(OfServices))
            throw new UsageException($"of which node? None has its data in {OfServices}: name its settings with --config FILE, or its data folder with --data DIR");
        if (folder.Length == 0) throw new UsageException($"{config} is of a node that only subscribes: it has no accounts");
        if (!Directory.Exists(folder))
        {
            if (!makes || !Directory.Exists(Path.GetDirectoryName(folder))) throw new UsageException($"there is no data folder {folder}: name the settings with --config FILE, or the folder with --data DIR");
            DataFolder.Create(folder);
        }

        return new VaultPlace(folder, settings?.Audit ?? new AuditOptions());
    }
}
