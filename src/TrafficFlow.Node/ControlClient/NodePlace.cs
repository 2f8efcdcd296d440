using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.ControlClient;

/// <summary>Where the node is that a verb speaks to: its data directory, in which its socket is.</summary>
internal static class NodePlace
{
    /// <summary>The data directory of the shipped files for services.</summary>
    private const string OfServices = "/var/lib/trafficflow";

    /// <param name="config">The node's settings file.</param>
    /// <param name="data">Or its data directory.</param>
    /// <exception cref="UsageException">Both are given, or neither and no service runs here.</exception>
    /// <exception cref="SettingsException">The file names no data directory.</exception>
    public static string Find(string? config, string? data) => (config, data) switch
    {
        (null, null) when File.Exists(ControlSocket.PathIn(OfServices)) => OfServices,
        (null, null) => throw new UsageException($"which node? None runs in {OfServices}: name its settings with --config FILE, or its data directory with --data DIR"),
        (not null, not null) => throw new UsageException("--config and --data name a node twice: give one of them"),
        (not null, null) => NodeSettings.DataDirectoryOf(config),
        _ => data!,
    };
}
