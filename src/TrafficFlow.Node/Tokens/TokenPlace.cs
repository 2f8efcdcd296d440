using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Tokens;

/// <summary>Where the file of tokens is that a command changes.</summary>
internal static class TokenPlace
{
    private const string OfServices = "/var/lib/trafficflow";

    /// <exception cref="UsageException">Both are given, or neither and there is no node of a service.</exception>
    /// <exception cref="SettingsException">The settings cannot be used.</exception>
    public static string Find(string? tokens, string? config) => (tokens, config) switch
    {
        (not null, not null) => throw new UsageException("--tokens and --config name a file twice: give one of them"),
        (not null, null) => Path.GetFullPath(tokens),
        (null, not null) when NodeSettings.Load(config) is var settings => settings.Subscriptions?.TokensFile
            ?? throw new UsageException($"{config} has no trafficflow.subscriptions, so that its node lets in nobody with a token: add that section first (hocon/common.conf explains it)"),
        _ when Directory.Exists(OfServices) => Path.Combine(OfServices, SubscriptionsSettings.UsualTokensFile),
        _ => throw new UsageException($"of which node? None has its data in {OfServices}: name its settings with --config FILE, or the file itself with --tokens FILE"),
    };
}
