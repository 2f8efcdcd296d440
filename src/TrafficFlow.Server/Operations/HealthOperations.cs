using TrafficFlow.Server.Health;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Operations;

/// <summary>`health show`: what the servers' health board knows of the nodes.</summary>
public sealed class HealthOperations(IHealthQuery health) : IOperations
{
    public Task<OperatorReply>? Answer(OperatorCommand command) => command is ShowHealth show ? ShowAsync(show) : null;

    private async Task<OperatorReply> ShowAsync(ShowHealth show)
    {
        if (await health.ReadAsync(show.Site, CancellationToken.None) is not { } overview)
            return new CommandFailed("no server's health board answers", "see cluster show: is a server up and reachable? After a failover it takes some 12 s");
        return overview.Nodes.IsEmpty && show.Site is { } site
            ? new CommandFailed($"no node has reported cameras of site {site}", "see health show without it")
            : new InspectionTables(HealthTables.Nodes(overview), HealthTables.Cameras(overview, show.Site));
    }
}
