using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Inspection;

/// <summary>
/// Answers the <see cref="InspectionCommand"/>s that concern its own actor system; /user/inspector, one in each actor system of the
/// process. It has no children and no state: who does not answer in time becomes a stated failure.
/// </summary>
public sealed partial class InspectorActor : ReceiveActor
{
    public const string Name = "inspector";

    private readonly Func<IReadOnlyList<Site>> _sites;
    private readonly InspectionPatience _patience;
    private readonly ActorSystem _system = Context.System;

    /// <param name="sites">Those whose approaches this node knows, now.</param>
    public static Props Props(Func<IReadOnlyList<Site>> sites, InspectionPatience? patience = null) =>
        Akka.Actor.Props.Create(() => new InspectorActor(sites, patience ?? new InspectionPatience()));

    public InspectorActor(Func<IReadOnlyList<Site>> sites, InspectionPatience patience)
    {
        _sites = sites;
        _patience = patience;
        Receive<ShowHierarchy>(c => Sender.Tell(new InspectionTables(ActorTree.Hierarchy(_system, c.System))));
        Receive<ShowChildren>(c => Sender.Tell(ActorTree.Children(_system, c.Path)));
        Receive<ShowCluster>(_ => Sender.Tell(OfCluster((_, view) => new InspectionTables(ClusterTable.Of(view)))));
        Receive<LeaveCluster>(c => Sender.Tell(OfCluster((cluster, view) => Leave(cluster, view, c))));
        Receive<DownMember>(c => Sender.Tell(OfCluster((cluster, view) => Down(cluster, view, c))));
        Receive<ListCameras>(_ => Answer(ListCamerasAsync()));
        Receive<ShowCamera>(c => Answer(ShowAsync(c)));
        Receive<RestartOneCamera>(c => Answer(RestartAsync(c)));
        Receive<AcceptOneScene>(c => Answer(AcceptAsync(c)));
        Receive<ShowOutboxes>(c => Answer(ShowAsync(c)));
        Receive<ShowApproaches>(c => Answer(ShowAsync(c)));
        Receive<InspectionCommand>(c => Sender.Tell(new InspectionFailed($"{c.GetType().Name} is not supported by this node", "use the trafficflow of the node's own version")));
    }

    private void Answer(Task<InspectionReply> reply) =>
        reply.PipeTo(Sender, failure: e => new InspectionFailed($"the inspection failed: {e.GetBaseException().Message}", "please report it"));

    private InspectionReply OfCluster(Func<Cluster, ClusterView, InspectionReply> answer)
    {
        if (((ExtendedActorSystem)_system).Provider is not IClusterActorRefProvider)
            return new InspectionFailed($"{_system.Name} is no part of a cluster", "ask a node that is");
        var cluster = Cluster.Get(_system);
        return cluster.IsTerminated
            ? new InspectionFailed("this node has left its cluster", "it joins again by itself within seconds; try again")
            : answer(cluster, ClusterView.Of(cluster));
    }

    private static InspectionReply Leave(Cluster cluster, ClusterView view, LeaveCluster command)
    {
        if (command.Address is null && !view.IsMember) return new InspectionFailed("this node is in no cluster", "there is nothing to leave");
        var address = view.Self;
        if (command.Address is { } text)
        {
            if (ClusterTable.Find(view, text) is not { } member) return NoMember(view, text);
            address = member.Address;
        }

        cluster.Leave(address);
        return Done(address, "leaves", "cluster show tells when it is gone; a node that still runs joins again by itself");
    }

    private static InspectionReply Down(Cluster cluster, ClusterView view, DownMember command)
    {
        if (ClusterTable.Find(view, command.Address) is not { } member) return NoMember(view, command.Address);
        if (member.Address == view.Self)
            return new InspectionFailed($"{command.Address} is this node itself", "use cluster leave, or down it from another node");
        cluster.Down(member.Address);
        return Done(member.Address, "is declared dead", "if it still runs, nothing that it counted is lost: it joins again by itself");
    }

    private static InspectionTables Done(Address address, string done, string note) =>
        new(InspectionTable.Of("members", [new("address"), new("done")], [[ClusterTable.Name(address), done]], note));

    private static InspectionFailed NoMember(ClusterView view, string address) => new(
        $"{address} is no member of the cluster",
        view.Members.IsEmpty ? "this node is in no cluster" : $"write one of {string.Join(", ", view.Members.Select(m => ClusterTable.Name(m.Address)))}");
}

/// <summary>How long the inspector waits for those that it asks.</summary>
public sealed record InspectionPatience
{
    public TimeSpan Local { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For a camera to stop in order.</summary>
    public TimeSpan Restart { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>For an answer through the cluster.</summary>
    public TimeSpan Cluster { get; init; } = TimeSpan.FromSeconds(5);
}

public static class InspectorHosting
{
    /// <summary>Adds /user/inspector, registered as <see cref="InspectorActor"/>.</summary>
    public static AkkaConfigurationBuilder WithInspector(
        this AkkaConfigurationBuilder builder, Func<IReadOnlyList<Site>> sites, InspectionPatience? patience = null) =>
        builder.WithActors((system, registry) =>
            registry.Register<InspectorActor>(system.ActorOf(InspectorActor.Props(sites, patience), InspectorActor.Name)));
}
