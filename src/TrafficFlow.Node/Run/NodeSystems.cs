using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Hosting;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision;

namespace TrafficFlow.Node.Run;

/// <summary>
/// The actor systems of a node. `roadside` holds cameras and outboxes: it starts with the process and ends with it. `trafficflow` is the
/// node's place in the cluster: it may end and start anew while the cameras go on.
/// </summary>
public sealed class NodeSystems(NodeDefinition node, VehicleDetectorFactory detectors, ILoggerFactory logs, TimeProvider time) : IHostedService
{
    private const string RoadsideName = "roadside";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    private readonly SiteBook _sites = new([.. node.Sites.Select(s => s.Site)]);
    private HostedActorSystem? _roadside;
    private ClusterRunner? _cluster;

    /// <summary>Null on a node without cameras, and before the start.</summary>
    public ActorSystem? Roadside => _roadside?.System;

    /// <summary>Null while the node is in no cluster: before the start, and between two lives of the system.</summary>
    public ActorSystem? Cluster => _cluster?.Current?.System;

    public ActorRegistry RoadsideRegistry => _roadside?.Registry ?? throw new InvalidOperationException("this node has no cameras");

    /// <summary>Null while the node is in no cluster.</summary>
    public ActorRegistry? ClusterRegistry => _cluster?.Current?.Registry;

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (node.IsRoadside) _roadside = await HostedActorSystem.StartAsync(RoadsideName, logs, WireRoadside, cancellation);
        _cluster = new ClusterRunner(NodeHost.SystemName, WireCluster, logs, time);
        await _cluster.StartAsync(cancellation);
    }

    /// <summary>Cameras first, so that their last counts can still go out.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (_roadside is { } roadside) await roadside.DisposeAsync();
        if (_cluster is { } cluster) await cluster.StopAsync();
    }

    /// <summary>The site files were read again: only what changed in them is touched.</summary>
    /// <exception cref="Core.Detection.DetectorException">A model of a new camera cannot be used; everything stays as it was.</exception>
    public async Task<SitesUsed> UseSitesAsync(IReadOnlyList<SiteSettings> sites, CancellationToken cancellation)
    {
        var changed = sites.Select(s => s.Site).ToList();
        if (node.IsRoadside) detectors.Use(sites);
        _sites.Replace(changed, Cluster);
        if (!node.IsRoadside) return new SitesUsed([], [], []);
        return await RoadsideRegistry.Get<CamerasActor>().Ask<SitesUsed>(new UseSites(changed), AnswerWithin, cancellation);
    }

    private void WireRoadside(AkkaConfigurationBuilder akka)
    {
        var readers = new FrameReaderFactory(node.JunctionStart, node.Patience, time) { StampFilesByTheirOwnTime = true };
        var disk = new DriveInfo(node.DataDirectory);
        akka.AddHocon(node.Akka, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowJournal(new Actors.Hosting.JournalSettings(node.OutboxFile))
            .WithUplink()
            .WithCameras(
                _sites.Sites, readers, detectors, node.Actors.Cameras, node.Actors.Outbox, time, () => disk.AvailableFreeSpace,
                OutboxJournal.Former(node));
    }

    private void WireCluster(AkkaConfigurationBuilder akka)
    {
        akka.AddHocon(node.Akka, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(node.Membership);
        if (node.IsServer)
            akka.WithTrafficFlowJournal(new Actors.Hosting.JournalSettings(node.JournalFile)).WithApproachAggregators(_sites, node.Actors.Aggregation, time);
        else
            akka.WithApproachProxy();
        akka.WithMembershipWatch(node.Membership, time: time);
        if (_roadside is { } roadside) akka.WithUplinkRelay(roadside.Registry.Get<UplinkActor>());
    }
}
