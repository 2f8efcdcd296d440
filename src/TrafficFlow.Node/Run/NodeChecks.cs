using Akka.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run;

/// <summary>The health checks of a node, by its roles.</summary>
internal static class NodeChecks
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    public static void Add(IServiceCollection services, NodeDefinition node)
    {
        var checks = services.AddHealthChecks();
        // Cameras that are away are an operator's business, not a reason for a service manager to restart the node.
        if (node.IsRoadside)
        {
            checks.Add(Check("outbox-journal", _ => DatabaseCheck.OfJournal(new SqliteJournal(node.OutboxFile)), HealthStatus.Unhealthy));
            checks.Add(Check("cameras", s => new CamerasCheck(() => s.GetRequiredService<NodeSystems>().Roadside), HealthStatus.Degraded));
        }

        if (node.IsRoadside && node.Actors.Evidence.IsKept) checks.Add(Check("evidence", s => new EvidenceCheck(s.GetRequiredService<NodeSystems>()), HealthStatus.Degraded));
        if (node.IsServer)
        {
            checks.Add(Check("journal", _ => DatabaseCheck.OfJournal(node.Journal), HealthStatus.Unhealthy));
            checks.Add(Check("tables", _ => DatabaseCheck.OfTables(node.Journal), HealthStatus.Unhealthy));
        }

        checks.Add(Check("custody", s => new CustodyCheck(s.GetRequiredService<NodeSystems>()), HealthStatus.Degraded));
        checks.Add(Check("cluster", s => new ClusterCheck(s.GetRequiredService<NodeSystems>()), HealthStatus.Degraded));
    }

    private static HealthCheckRegistration Check(string name, Func<IServiceProvider, IHealthCheck> check, HealthStatus failure) =>
        new(name, check, failure, tags: null, Timeout);

    /// <summary>Nothing is counted less without it.</summary>
    private sealed class EvidenceCheck(NodeSystems systems) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            systems.EvidenceProblem is { Length: > 0 } problem
                ? HealthCheckResult.Degraded($"why things are counted is not kept: {problem}. Counting goes on")
                : HealthCheckResult.Healthy("why things are counted is kept"));
    }

    /// <summary>Cameras count whatever is required of disk and way.</summary>
    private sealed class CustodyCheck(NodeSystems systems) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            systems.Custody.Problem is { } problem ? HealthCheckResult.Degraded(problem)
            : HealthCheckResult.Healthy(systems.Sites.Any(s => s.Custody is not null)
                ? string.Join("; ", systems.Custody.Last.Where(f => f.Requirement != Core.Custody.Requirement.Off).Select(f => f.Text).Distinct().Prepend("as the site files require"))
                : "no site file says how pictures and counts are kept (section custody)"));
    }

    private sealed class ClusterCheck(NodeSystems systems) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var isUp = systems.Cluster is { WhenTerminated.IsCompleted: false } system
                && Cluster.Get(system) is { IsTerminated: false } cluster
                && cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp;
            return Task.FromResult(isUp
                ? HealthCheckResult.Healthy("this node is a member of its cluster")
                : HealthCheckResult.Degraded("this node is in no cluster: is a seed node up, and its database? It joins by itself; counts wait"));
        }
    }
}
