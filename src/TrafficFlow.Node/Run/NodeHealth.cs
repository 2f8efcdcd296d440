using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run;

/// <summary>What this node reports to the health board.</summary>
/// <param name="audit">Why the audit is not kept as it should be; null while it is.</param>
/// <param name="custody">What was found last of the sites' custody.</param>
/// <param name="due">What somebody has to be told of the recordings.</param>
internal sealed class NodeHealth(
    NodeDefinition node, Func<IReadOnlyList<Site>> sites, Func<ActorSystem?> roadside, Func<string?> audit, Func<IReadOnlyList<CustodyFinding>> custody, Func<IReadOnlyList<DueReport>> due, TimeProvider time)
{
    private const long LowDisk = 500_000_000;

    public static string Version => ProductVersion.Version;

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
        var notice = node.IsRoadside ? SandboxNotice.For(sites().SelectMany(s => s.Cameras, (_, c) => c.Source)) : null;
        var disk = DiskOf(node);
        return new NodeReport(
            Cluster.Get(cluster).SelfAddress.ToString(),
            [.. node.Membership.Roles.Order(StringComparer.Ordinal)],
            Version,
            time.GetUtcNow(),
            ClockOffset: null,
            [disk],
            node.IsRoadside ? [.. sites().Select(s => s.Id)] : [],
            cameras,
            string.Join("; ", new[] { problem, KeepsCounts(node) ? DiskProblem(disk) : null, audit(), notice }.Where(p => p is { Length: > 0 })))
        {
            Protection = ReportedProtection.Of(custody()),
            Due = [.. due().Take(NodeReport.MostDue)],
        };
    }

    /// <summary>A server alone on PostgreSQL has none on its own disk.</summary>
    private static bool KeepsCounts(NodeDefinition node) => node.IsRoadside || node.Journal is SqliteJournal;

    /// <summary>Why counts may be lost soon; null while there is room.</summary>
    public static string? DiskProblem(DiskReport disk) => disk.FreeBytes switch
    {
        < LowDisk / 100 => $"the disk of {disk.Path} is full: free space there, but never delete a file of the node; counts wait in memory meanwhile",
        < LowDisk => $"only {disk.FreeBytes / 1_000_000} MB are free for {disk.Path}: free space before counts are lost",
        _ => null,
    };

    public static DiskReport DiskOf(NodeDefinition node)
    {
        var disk = new DriveInfo(Path.GetFullPath(node.DataDirectory));
        return new DiskReport(node.DataDirectory, disk.AvailableFreeSpace, disk.TotalSize);
    }
}
