using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Export;

/// <summary>The server that `--config` names, and one of its sites.</summary>
internal sealed record ServerSite(NodeSettings Settings, Site Site)
{
    /// <exception cref="SettingsException">The file is wrong.</exception>
    /// <exception cref="UsageException">It is no server's, or has no such site.</exception>
    public static ServerSite Of(string config, string site)
    {
        var settings = NodeSettings.Load(config);
        if (!settings.Has(NodeRole.Server))
            throw new UsageException($"{config}: roles = [{string.Join(", ", settings.Roles).ToLowerInvariant()}], and counts are kept by servers: name the file of one");
        var known = settings.Sites.Select(s => s.Site).ToDictionary(s => s.Id.Value);
        return known.TryGetValue(site, out var found)
            ? new ServerSite(settings, found)
            : throw new UsageException($"--site {site}: the site files of {config} have no such site; {Suggestion.For(site, known.Keys, "they have")}");
    }
}
