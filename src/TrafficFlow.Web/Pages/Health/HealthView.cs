using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Web.Pages.Cameras;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Web.Pages.Health;

public enum NodeStanding
{
    Good = 0,

    /// <summary>It reports, and says or shows that something is wrong.</summary>
    Doubtful = 1,

    /// <summary>It does not report any more: what is known of it is history.</summary>
    Silent = 2,
}

public sealed record DiskView(string Path, double FreeGigabytes, double TotalGigabytes, bool IsLow);

/// <param name="ClockOff">Its clock minus the server's; null where nobody has measured it, or the node is silent.</param>
/// <param name="Problem">In the words of the node; empty for none.</param>
public sealed record NodeView(
    string Name, string Roles, NodeStanding Standing, DateTimeOffset LastReport, int Streaming, int Cameras, TimeSpan? ClockOff, bool IsClockWrong, IReadOnlyList<DiskView> Disks, string Version, string Problem);

/// <param name="State">Null of a silent node: nobody knows it.</param>
/// <param name="Was">Its state as it was reported last.</param>
/// <param name="Pending">Entries that wait in its outbox; null where it did not answer.</param>
/// <param name="Lost">Entries given up since the camera was installed.</param>
/// <param name="Told">As the node has it; null of a silent node.</param>
public sealed record CameraView(
    string Site, string Name, string Node, CameraState? State, CameraState Was, double? FramesPerSecond, WatchState? Coverage, SceneState? Scene, string Detector, long? Pending, long Lost, DateTimeOffset? LastFrame,
    CameraStatus? Told)
{
    /// <summary>Likely causes and remedies.</summary>
    public IReadOnlyList<ReasonText> Reasons(string language) => Told is { } told ? CameraReasons.All(told, language) : [];
}

/// <summary>The health board as a page shows it. Of a silent node nothing is shown as if it were so now. Pure.</summary>
public sealed record HealthView(DateTimeOffset Time, IReadOnlyList<NodeView> Nodes, IReadOnlyList<CameraView> Cameras)
{
    private const double Gigabyte = 1e9;
    private const long LowDisk = 500_000_000;

    // Reports may be under way for seconds. From minutes on servers hold back what such a clock stamps.
    private static readonly TimeSpan s_clockBound = TimeSpan.FromMinutes(1);

    /// <summary>Soon enough to renew a certificate.</summary>
    private static readonly TimeSpan s_renewWithin = TimeSpan.FromDays(30);

    public static HealthView Of(HealthOverview overview) => new(
        overview.Time,
        [.. overview.Nodes.Select(n => Of(overview, n)).OrderByDescending(n => n.Standing).ThenBy(n => n.Name, StringComparer.Ordinal)],
        [
            .. overview.Nodes.SelectMany(n => n.Report.Cameras.Select(c => Of(n.Report.ShortName, c, overview.IsSilent(n))))
                .OrderBy(c => c.Site, StringComparer.Ordinal).ThenBy(c => c.Name, StringComparer.Ordinal),
        ]);

    public static bool MustBeRenewed(NodeCertificate certificate, DateTimeOffset now) => certificate.Until is not { } until || until - now < s_renewWithin;

    private static NodeView Of(HealthOverview overview, KnownNode node)
    {
        var report = node.Report;
        var isSilent = overview.IsSilent(node);
        TimeSpan? off = isSilent ? null : report.ClockOffset;
        var isClockWrong = off is { } o && o.Duration() >= s_clockBound;
        var cameras = report.Cameras.Where(c => c.Status.Junction is null).ToList();
        DiskView[] disks = isSilent || report.Disks.IsDefault ? [] : [.. report.Disks.Select(d => new DiskView(d.Path, d.FreeBytes / Gigabyte, d.TotalBytes / Gigabyte, d.FreeBytes < LowDisk))];
        return new NodeView(
            report.ShortName, string.Join(" ", report.Roles), isSilent ? NodeStanding.Silent : isClockWrong || report.Problem.Length > 0 || disks.Any(d => d.IsLow) ? NodeStanding.Doubtful : NodeStanding.Good,
            node.ReceivedAt, isSilent ? 0 : cameras.Count(c => c.Status.State == CameraState.Streaming), cameras.Count, off, isClockWrong, disks, report.Version, report.Problem);
    }

    private static CameraView Of(string node, CameraReport camera, bool isSilent)
    {
        var status = camera.Status;
        return new CameraView(
            status.Site.Value, status.Camera.Value, node, isSilent ? null : status.State, status.State, isSilent ? null : status.FramesPerSecond, isSilent ? null : camera.Coverage,
            isSilent || status.Junction is not null ? null : status.Scene, camera.Detector, isSilent ? null : camera.Outbox?.Pending, camera.Outbox?.Dropped ?? 0, status.LastFrame, isSilent ? null : status);
    }
}
