using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Health;

/// <summary>Reports to the health board, and what it stores.</summary>
internal static class HealthWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<NodeReport, Proto.NodeReport>("node-report-v1", Write, Read),
        WireLine.For<GetHealth, Proto.GetHealth>("get-health-v1", Write, q => new GetHealth(q.HasSite ? new SiteId(q.Site) : null)),
        WireLine.For<HealthOverview, Proto.HealthOverview>("health-overview-v1", Write, Read),
        WireLine.Persisted<HealthBoardSnapshot, Proto.HealthBoardSnapshot>(
            "health-board-snapshot-v1", s => new Proto.HealthBoardSnapshot { Nodes = { s.Nodes.Select(Write) } }, s => new HealthBoardSnapshot([.. s.Nodes.Select(Read)])),
    ];

    private static Proto.GetHealth Write(GetHealth query)
    {
        var wire = new Proto.GetHealth();
        if (query.Site is { } site) wire.Site = site.Value;
        return wire;
    }

    private static Proto.HealthOverview Write(HealthOverview overview) => new()
    {
        TimeTicks = WireValues.Ticks(overview.Time),
        Nodes = { overview.Nodes.Select(Write) },
        SilentAfterTicks = overview.SilentAfter.Ticks,
    };

    private static HealthOverview Read(Proto.HealthOverview overview) =>
        new(WireValues.Time(overview.TimeTicks), [.. overview.Nodes.Select(Read)], TimeSpan.FromTicks(overview.SilentAfterTicks));

    private static Proto.KnownNode Write(KnownNode node) => new() { Report = Write(node.Report), ReceivedTicks = WireValues.Ticks(node.ReceivedAt) };

    private static KnownNode Read(Proto.KnownNode node) => new(Read(node.Report), WireValues.Time(node.ReceivedTicks));

    private static Proto.NodeReport Write(NodeReport report)
    {
        var wire = new Proto.NodeReport
        {
            Node = report.Node,
            Roles = { report.Roles },
            Version = report.Version,
            TimeTicks = WireValues.Ticks(report.Time),
            Disks = { report.Disks.Select(d => new Proto.DiskReport { Path = d.Path, FreeBytes = d.FreeBytes, TotalBytes = d.TotalBytes }) },
            Sites = { report.Sites.Select(s => s.Value) },
            Cameras = { report.Cameras.Select(Write) },
            Problem = report.Problem,
            Protection = { report.Protection.Select(Write) },
            Due = { report.Due.Take(NodeReport.MostDue).Select(d => new Proto.DueReport { Id = d.Id, Title = d.Title, Text = d.Text }) },
        };
        if (report.ClockOffset is { } offset) wire.ClockOffsetSeconds = offset.TotalSeconds;
        return wire;
    }

    private static NodeReport Read(Proto.NodeReport report) => new(
        report.Node,
        [.. report.Roles],
        report.Version,
        WireValues.Time(report.TimeTicks),
        report.HasClockOffsetSeconds ? WireValues.Seconds(report.ClockOffsetSeconds) : null,
        [.. report.Disks.Select(d => new DiskReport(d.Path, d.FreeBytes, d.TotalBytes))],
        [.. report.Sites.Select(s => new SiteId(s))],
        [.. report.Cameras.Select(Read)],
        report.Problem)
    {
        // What a newer program looks at beside disks and links is for newer ones.
        Protection = [.. report.Protection.Where(p => Enum.IsDefined((ProtectionKind)p.Kind)).Select(p => new ProtectionReport(new SiteId(p.Site), (ProtectionKind)p.Kind, p.Target, p.HasIsMet ? p.IsMet : null, p.Text))],
        Due = [.. report.Due.Take(NodeReport.MostDue).Select(d => new DueReport(d.Id, d.Title, d.Text))],
    };

    private static Proto.ProtectionReport Write(ProtectionReport found)
    {
        var wire = new Proto.ProtectionReport { Site = found.Site.Value, Kind = (int)found.Kind, Target = found.Target, Text = found.Text };
        if (found.IsMet is { } isMet) wire.IsMet = isMet;
        return wire;
    }

    private static Proto.CameraReport Write(CameraReport camera)
    {
        var wire = new Proto.CameraReport { Status = CamerasWire.Write(camera.Status), Detector = camera.Detector };
        if (camera.Coverage is { } coverage) wire.Coverage = (int)coverage;
        if (camera.Outbox is { } outbox) (wire.Pending, wire.Dropped) = (outbox.Pending, outbox.Dropped);
        return wire;
    }

    private static CameraReport Read(Proto.CameraReport camera) => new(
        CamerasWire.Read(camera.Status),
        camera.Detector,
        camera.HasCoverage ? WireValues.Enum<WatchState>(camera.Coverage) : null,
        camera.HasPending ? new OutboxReport(camera.Pending, camera.Dropped) : null);
}
