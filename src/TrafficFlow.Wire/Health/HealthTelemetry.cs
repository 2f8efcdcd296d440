using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Wire.Health;

/// <summary>What a node says of itself, for meters.</summary>
internal static class HealthTelemetry
{
    private static readonly Gauge<double> s_clock = TrafficFlowTelemetry.Meter.CreateGauge<double>(
        "trafficflow.clock.offset", "s", "This node's clock minus the server's, where it is measured.");

    private static readonly Gauge<long> s_free = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.disk.free", "By", "Free bytes of a disk on which the node writes.");

    public static void Record(NodeReport report)
    {
        if (report.ClockOffset is { } offset) s_clock.Record(offset.TotalSeconds);
        foreach (var disk in report.Disks) s_free.Record(disk.FreeBytes, new KeyValuePair<string, object?>("system.filesystem.mountpoint", disk.Path));
    }
}
