using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Server.Health;

/// <summary>How the nodes are: cameras, outboxes, disks, clocks, as they were reported last.</summary>
public interface IHealthQuery
{
    /// <param name="site">Only nodes that have it; null for all.</param>
    /// <returns>Null where no server answers in time.</returns>
    Task<HealthOverview?> ReadAsync(SiteId? site, CancellationToken cancellation);
}

/// <summary>Asks the health board, from any node of the cluster.</summary>
/// <param name="board">Registered as <see cref="HealthBoardProxy"/>.</param>
public sealed class HealthQuery(IActorRef board, TimeSpan? patience = null) : IHealthQuery
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(5);

    public async Task<HealthOverview?> ReadAsync(SiteId? site, CancellationToken cancellation)
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
