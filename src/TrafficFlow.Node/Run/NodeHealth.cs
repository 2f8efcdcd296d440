using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Node.Run;

/// <summary>What this node reports to the health board.</summary>
internal sealed class NodeHealth(NodeDefinition node, Func<IReadOnlyList<Site>> sites, Func<ActorSystem?> roadside, TimeProvider time)
{
    public static string Version { get; } = typeof(NodeHealth).Assembly.GetName().Version?.ToString(3) ?? "";

    private NodeSample? _last;

    /// <summary>The cameras as they were asked last; null before.</summary>
    public NodeSample? Last => Volatile.Read(ref _last);

    /// <summary>Asks the cameras; see <see cref="CameraReports"/>.</summary>
    public async Task<(ImmutableArray<CameraReport> Cameras, string Problem)> CollectCamerasAsync()
    {
        if (roadside() is not { } system) return ([], "");
        var (cameras, problem) = await CameraReports.CollectAsync(system, sites());
        if (problem.Length == 0) Volatile.Write(ref _last, NodeSample.Take(Last, cameras, time.GetTimestamp()));
        return (cameras, problem);
    }

    /// <param name="cluster">The node's place in the cluster, which gives it its name.</param>
    public async Task<NodeReport> CollectAsync(ActorSystem cluster)
    {
        var (cameras, problem) = await CollectCamerasAsync();
        if (node.IsRoadside && SandboxNotice.For(sites().SelectMany(s => s.Cameras, (_, c) => c.Source)) is { } notice) problem = problem.Length > 0 ? $"{problem}; {notice}" : notice;
        return new NodeReport(
            Cluster.Get(cluster).SelfAddress.ToString(),
            [.. node.Membership.Roles.Order(StringComparer.Ordinal)],
            Version,
            time.GetUtcNow(),
            ClockOffset: null,
            [Disk(node.DataDirectory)],
            node.IsRoadside ? [.. sites().Select(s => s.Id)] : [],
            cameras,
            problem);
    }

    private static DiskReport Disk(string folder)
    {
        var disk = new DriveInfo(Path.GetFullPath(folder));
        return new DiskReport(folder, disk.AvailableFreeSpace, disk.TotalSize);
    }
}
