using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Server.Health;

/// <summary>How the nodes are: cameras, outboxes, disks, clocks, as they were reported last.</summary>
public interface IHealthQuery
{
    /// <param name="site">Only nodes that have it; null for all that this node may see.</param>
    /// <returns>Null where no server answers in time.</returns>
    Task<HealthOverview?> ReadAsync(SiteId? site, CancellationToken cancellation);
}

/// <summary>Asks the health board, from any node of the cluster.</summary>
/// <param name="board">Registered as <see cref="HealthBoardProxy"/>.</param>
/// <param name="sites">Those of a node beside cameras: servers tell it of no others. Null on a server, which is told of all.</param>
public sealed class HealthQuery(IActorRef board, TimeSpan? patience = null, Func<IEnumerable<SiteId>>? sites = null) : IHealthQuery
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(5);

    public async Task<HealthOverview?> ReadAsync(SiteId? site, CancellationToken cancellation)
    {
        if (site is not null || sites is null) return await AskAsync(site, cancellation).ConfigureAwait(false);
        var all = await Task.WhenAll(sites().Distinct().Select(s => AskAsync(s, cancellation))).ConfigureAwait(false);
        return all.OfType<HealthOverview>().FirstOrDefault() is { } first
            ? first with { Nodes = [.. all.OfType<HealthOverview>().SelectMany(o => o.Nodes).DistinctBy(n => n.Report.Node).OrderBy(n => n.Report.Node, StringComparer.Ordinal)] }
            : null;
    }

    private async Task<HealthOverview?> AskAsync(SiteId? site, CancellationToken cancellation)
    {
        try
        {
            return await board.Ask<HealthOverview>(new GetHealth(site), _patience, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
