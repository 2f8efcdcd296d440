using System.Globalization;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Operations;

/// <summary>The health board as tables. Of a silent node nothing is shown as it is now.</summary>
internal static class HealthTables
{
    private const double Gigabyte = 1e9;

    // Reports may be under way for seconds. From minutes on servers hold back what such a clock stamps.
    private static readonly TimeSpan s_clockBound = TimeSpan.FromMinutes(1);

    public static InspectionTable Nodes(HealthOverview health) => InspectionTable.Of(
        "nodes",
        [
            new("node"), new("roles"), new("health"), new("last report", Kind: CellKind.Time), new("cameras", Kind: CellKind.Number),
            new("clock off", "s", CellKind.Number), new("disk free", "GB", CellKind.Number), new("version"), new("problem"),
        ],
        health.Nodes.Select(n => new object?[]
        {
            n.Report.ShortName, string.Join(' ', n.Report.Roles), health.IsSilent(n) ? "silent" : Problem(health, n).Length > 0 ? "doubtful" : "reports", n.ReceivedAt,
            (long)n.Report.Cameras.Length, n.Report.ClockOffset is { } off ? Math.Round(off.TotalSeconds, 1) : null,
            n.Report.Disks.IsDefaultOrEmpty ? null : Math.Round(n.Report.Disks.Min(d => d.FreeBytes) / Gigabyte, 1), n.Report.Version, Problem(health, n),
        }),
        [
            .. health.Nodes.Where(health.IsSilent).Select(n =>
                $"{n.Report.ShortName} is silent since {n.ReceivedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: is it off, or its link? Its cameras may still count; that comes when it is back"),
        ]);

    public static InspectionTable Cameras(HealthOverview health, SiteId? site) => InspectionTable.Of(
        "cameras",
        [
            new("site"), new("camera"), new("node"), new("state"), new("rate", "frames/s", CellKind.Number), new("coverage"), new("scene"), new("detector"),
            new("waiting", "entries", CellKind.Number), new("last frame", Kind: CellKind.Time), new("reason"),
        ],
        health.Nodes
            .SelectMany(n => n.Report.Cameras.Where(c => site is not { } one || c.Status.Site == one).Select(c => (Node: n, Camera: c)))
            .OrderBy(c => c.Camera.Status.Site.Value, StringComparer.Ordinal).ThenBy(c => c.Camera.Status.Camera.Value, StringComparer.Ordinal)
            .Select(c => Row(c.Node, c.Camera, health.IsSilent(c.Node))));

    private static string Problem(HealthOverview health, KnownNode node) =>
        !health.IsSilent(node) && node.Report.ClockOffset is { } off && (off >= s_clockBound || off <= -s_clockBound)
            ? string.Join("; ", new[] { ClockProblem(off), node.Report.Problem }.Where(p => p.Length > 0))
            : node.Report.Problem;

    /// <summary>Two clocks do not tell which of them is wrong.</summary>
    private static string ClockProblem(TimeSpan off) => string.Create(
        CultureInfo.InvariantCulture,
        $"its clock is {off.ToString(off.Ticks / TimeSpan.TicksPerDay == 0 ? @"hh\:mm\:ss" : @"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)} {(off > TimeSpan.Zero ? "ahead of" : "behind")} this server's: which of them is wrong (timedatectl)? What waits for it: quarantine show");

    private static object?[] Row(KnownNode node, CameraReport camera, bool isSilent)
    {
        var status = camera.Status;
        var state = status.State.ToString().ToLowerInvariant();
        return
        [
            status.Site.Value,
            status.Camera.Value,
            node.Report.ShortName,
            isSilent ? "silent" : state,
            isSilent ? null : Math.Round(status.FramesPerSecond, 2),
            isSilent ? "unknown" : camera.Coverage?.ToString().ToLowerInvariant() ?? "none",
            isSilent || status.Junction is not null ? null : status.Scene.Name(),
            camera.Detector,
            camera.Outbox?.Pending,
            status.LastFrame,
            isSilent ? $"its node is silent since {node.ReceivedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; it was {state} then" : Reason(camera),
        ];
    }

    private static string Reason(CameraReport camera) =>
        new[] { camera.Status.Reason, camera.Status.OutboxReason, camera.Status.SceneReason }.FirstOrDefault(r => r.Length > 0) ?? "";
}
