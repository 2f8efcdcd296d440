using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Operations;

/// <summary>What an operator may ask of a node's place in the cluster, and of the approaches that the cluster counts.</summary>
/// <param name="sites">Those whose approaches this node knows, now.</param>
public sealed class ClusterOperations(ActorSystem system, Func<IReadOnlyList<Site>> sites, OperatorTimeouts? timeouts = null) : IOperations
{
    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();
    private readonly ShardOperations _shards = new(system, timeouts);

    public Task<OperatorReply>? Answer(OperatorCommand command) => command switch
    {
        ShowCluster => Task.FromResult(OfCluster((_, view) => new InspectionTables(ClusterTable.Of(view)))),
        LeaveCluster leave => Task.FromResult(OfCluster((cluster, view) => Leave(cluster, view, leave))),
        DownMember down => Task.FromResult(OfCluster((cluster, view) => Down(cluster, view, down))),
        ShowApproaches show => ShowAsync(show),
        _ => _shards.Answer(command),
    };

    private OperatorReply OfCluster(Func<Cluster, ClusterView, OperatorReply> answer)
    {
        if (((ExtendedActorSystem)system).Provider is not IClusterActorRefProvider)
            return new CommandFailed($"{system.Name} is no part of a cluster", "ask a node that is");
        var cluster = Cluster.Get(system);
        return cluster.IsTerminated
            ? new CommandFailed("this node has left its cluster", "it joins again by itself within seconds; try again")
            : answer(cluster, ClusterView.Of(cluster));
    }

    private static OperatorReply Leave(Cluster cluster, ClusterView view, LeaveCluster command)
    {
        if (command.Address is null && !view.IsMember) return new CommandFailed("this node is in no cluster", "there is nothing to leave");
        var address = view.Self;
        if (command.Address is { } text)
        {
            if (ClusterTable.Find(view, text) is not { } member) return NoMember(view, text);
            address = member.Address;
        }

        cluster.Leave(address);
        return Done(address, "leaves", "cluster show tells when it is gone; a node that still runs joins again by itself");
    }

    private static OperatorReply Down(Cluster cluster, ClusterView view, DownMember command)
    {
        if (ClusterTable.Find(view, command.Address) is not { } member) return NoMember(view, command.Address);
        if (member.Address == view.Self)
            return new CommandFailed($"{command.Address} is this node itself", "use cluster leave, or down it from another node");
        cluster.Down(member.Address);
        return Done(member.Address, "is declared dead", "if it still runs, nothing that it counted is lost: it joins again by itself");
    }

    private static InspectionTables Done(Address address, string done, string note) =>
        new(InspectionTable.Of("members", [new("address"), new("done")], [[ClusterTable.Name(address), done]], note));

    private static CommandFailed NoMember(ClusterView view, string address) => new(
        $"{address} is no member of the cluster",
        view.Members.IsEmpty ? "this node is in no cluster" : $"write one of {string.Join(", ", view.Members.Select(m => ClusterTable.Name(m.Address)))}");

    private async Task<OperatorReply> ShowAsync(ShowApproaches command)
    {
        if (!ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches))
            return new CommandFailed($"{system.Name} has no way to the approaches", "ask a node with the role roadside or server");
        var known = sites().SelectMany(ApproachSetup.Of).ToDictionary(s => ApproachRouting.EntityOf(s.Site, s.Approach));
        if (command.Approach is { } name)
        {
            if (!known.TryGetValue(name, out var setup))
                return new CommandFailed($"there is no approach {name}", $"this node's site files have {string.Join(", ", known.Keys)}");
            return await AskAsync(setup) switch
            {
                ApproachStatus one => ApproachTables.Show(name, one),
                ApproachNotFound missing => new CommandFailed(
                    $"the server's site files have no approach {name}, they have {string.Join(", ", missing.Known)}",
                    "give server and roadside the same site file, then trafficflow ctl site reload on both"),
                _ => NoAnswer($"no server answers for {name}"),
            };
        }

        if (known.Count == 0) return new CommandFailed("this node knows no approach", "name its site files under trafficflow.node.sites");
        var all = await Task.WhenAll(known.OrderBy(k => k.Key, StringComparer.Ordinal).Select(async k => (k.Key, await StatusAsync(k.Value))));
        return all.All(a => a.Item2 is null)
            ? NoAnswer("no server answers")
            : new InspectionTables(ApproachTables.List(all, ClusterSummary()));

        async Task<ApproachStatus?> StatusAsync(ApproachSetup setup) => await AskAsync(setup) as ApproachStatus;

        Task<object?> AskAsync(ApproachSetup setup) =>
            AskWithTimeout.AskAsync<object>(approaches, new GetApproachStatus(setup.Site, setup.Approach), _timeouts.Cluster);
    }

    /// <summary>An aggregator that is just recovering does not answer while its database is away.</summary>
    private CommandFailed NoAnswer(string what) => DatabaseAvailability.Of(system).Current is { } outage
        ? new CommandFailed($"{what}: the database {outage.Database} cannot be used since {outage.Since.UtcDateTime:HH:mm:ss}Z", outage.Reason)
        : new CommandFailed($"{what}; {ClusterSummary()}", "start a server, and look at cluster show");

    private string ClusterSummary() =>
        ((ExtendedActorSystem)system).Provider is IClusterActorRefProvider ? ClusterView.Of(Cluster.Get(system)).Summary : "this node is in no cluster";
}
