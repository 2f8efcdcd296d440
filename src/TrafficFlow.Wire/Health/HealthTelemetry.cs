using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Wire.Health;

/// <summary>How nodes are, for meters.</summary>
internal static class HealthTelemetry
{
    private static readonly Gauge<double> s_clock = TrafficFlowTelemetry.Meter.CreateGauge<double>(
        "trafficflow.clock.offset", "s", "A node's clock minus the server's, as its last report arrived.");

    private static readonly Gauge<long> s_free = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.disk.free", "By", "Free bytes of a disk on which the node writes.");

    /// <summary>On the server, which has measured it.</summary>
    public static void Clock(NodeReport report)
    {
        if (report.ClockOffset is { } offset) s_clock.Record(offset.TotalSeconds, new KeyValuePair<string, object?>("trafficflow.node", report.ShortName));
    }

    /// <summary>On the node.</summary>
    public static void Disks(NodeReport report)
    {
        foreach (var disk in report.Disks) s_free.Record(disk.FreeBytes, new KeyValuePair<string, object?>("system.filesystem.mountpoint", disk.Path));
    }
}
