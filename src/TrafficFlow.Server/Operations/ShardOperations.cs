using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Operations;

/// <summary>`cluster shards`: which node holds which shard of the approaches, as the shards' coordinator has it from their regions.</summary>
public sealed class ShardOperations(ActorSystem system, OperatorTimeouts? timeouts = null) : IOperations
{
    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command is ShowShards ? ShowAsync() : null;

    private async Task<OperatorReply> ShowAsync()
    {
        if (((ExtendedActorSystem)system).Provider is not IClusterActorRefProvider || !ActorRegistry.For(system).TryGet<ApproachRegion>(out var region))
            return new CommandFailed($"{system.Name} has no shards", "ask a node with the role server");
        var view = ClusterView.Of(Cluster.Get(system));
        if (!view.IsMember) return new CommandFailed("this node is in no cluster yet", "see cluster show; it joins as soon as a seed node answers");
        if (!view.Members.Any(m => m.Address == view.Self && m.HasRole(TrafficFlowRoles.Server)))
            return new CommandFailed("this node is no server: it knows the way to the shards, and not where they are", $"ask on a server: {Servers(view)}");
        // The coordinator waits as long for each region, and has to answer afterwards.
        var all = AskAsync<ClusterShardingStats>(region, new GetClusterShardingStats(_timeouts.Local), _timeouts.Cluster);
        var own = await AskAsync<CurrentShardRegionState>(region, GetShardRegionState.Instance, _timeouts.Local).ConfigureAwait(false);
        return new InspectionTables(ShardTables.Of(view, await all.ConfigureAwait(false), own, HandoversHere(view)));
    }

    /// <summary>Shards that the coordinator moves now: it has a worker for each. Only its own node sees them.</summary>
    private int? HandoversHere(ClusterView view)
    {
        if (ShardTables.CoordinatorOf(view) != view.Self) return null;
        return ActorTree.Find(system, KnownActors.Coordinator, out var coordinator) is null
            ? ActorTree.ChildrenOf(coordinator).Count(c => (c as ActorRefWithCell)?.Underlying?.Props.Type.Name == "RebalanceWorker")
            : null;
    }

    private static string Servers(ClusterView view) =>
        string.Join(", ", view.Members.Where(m => m.HasRole(TrafficFlowRoles.Server)).Select(m => ClusterTable.Name(m.Address))) is { Length: > 0 } servers ? servers : "none is up";

    /// <returns>Null where it did not answer, or could not.</returns>
    private static async Task<T?> AskAsync<T>(IActorRef region, object question, TimeSpan timeout)
        where T : class
    {
        try
        {
            return await region.Ask<object>(question, timeout).ConfigureAwait(false) as T;
        }
        catch (Exception e) when (e is AskTimeoutException or AggregateException or TaskCanceledException)
        {
            return null;
        }
    }
}
