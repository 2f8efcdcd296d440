using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Wire.Health;

/// <summary>How nodes are, for meters.</summary>
internal static class HealthTelemetry
{
    private static readonly LiveGauge<string, double> s_clock = new(
        "trafficflow.clock.offset", "s", "A node's clock minus the server's, as its last report arrived.",
        offset => offset, node => [new KeyValuePair<string, object?>("trafficflow.node", node)]);

    private static readonly Gauge<long> s_free = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.disk.free", "By", "Free bytes of a disk on which the node writes.");

    private static readonly Gauge<long> s_total = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.disk.total", "By", "Size of a disk on which the node writes.");

    /// <summary>On the server, which has measured it.</summary>
    public static void Clock(NodeReport report)
    {
        if (report.ClockOffset is { } offset) s_clock.Set(report.ShortName, offset.TotalSeconds);
    }

    /// <summary>The nodes that are known no more, or known to another server now.</summary>
    public static void ForgetClocks(IEnumerable<string> shortNames)
    {
        foreach (var node in shortNames) s_clock.Remove(node);
    }

    /// <summary>On the node.</summary>
    public static void Disks(NodeReport report)
    {
        foreach (var disk in report.Disks)
        {
            var folder = new KeyValuePair<string, object?>("system.filesystem.mountpoint", disk.Path);
            s_free.Record(disk.FreeBytes, folder);
            s_total.Record(disk.TotalBytes, folder);
        }
    }
}
