using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Live;

/// <summary>What happens at the sites now, read once for all pages that show it. Thread-safe.</summary>
public sealed class LiveSites(WebPorts ports, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<SiteId, LiveSite> _sites = new();

    /// <returns>Null where the node has no such site.</returns>
    public LiveSite? Find(SiteId id) => ports.Sites().Any(s => s.Id == id) ? _sites.GetOrAdd(id, i => new LiveSite(i, ports, logs.CreateLogger<LiveSite>())) : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var site in _sites.Values) await site.DisposeAsync();
    }
}
