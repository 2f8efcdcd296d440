using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Web.Streams;

/// <summary>What those do who follow topics over HTTP.</summary>
internal static class StreamTelemetry
{
    private static readonly UpDownCounter<int> s_open = TrafficFlowTelemetry.Meter.CreateUpDownCounter<int>(
        "trafficflow.web.stream.open", "{stream}", "Streams of topics that are open at the pages' port.");

    private static readonly Counter<long> s_refused = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.web.stream.refused", "{request}", "Streams that were refused because too many were open.");

    private static readonly Counter<long> s_slow = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.web.stream.slow", "{stream}", "Streams that were cut off because their reader took nothing.");

    public static void Opened() => s_open.Add(1);

    public static void Closed() => s_open.Add(-1);

    public static void Refused() => s_refused.Add(1);

    public static void TooSlow() => s_slow.Add(1);
}
