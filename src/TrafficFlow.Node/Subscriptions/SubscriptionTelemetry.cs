using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>What subscribers without a certificate of the cluster do.</summary>
internal static class SubscriptionTelemetry
{
    private static readonly UpDownCounter<int> s_open = TrafficFlowTelemetry.Meter.CreateUpDownCounter<int>(
        "trafficflow.subscription.open", "{stream}", "Streams of topics that are open with a token.");

    private static readonly Counter<long> s_refused = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.subscription.refused", "{request}", "Requests for topics that were refused, by status.");

    private static readonly Counter<long> s_slow = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.subscription.slow", "{stream}", "Streams that were cut off because their reader took nothing.");

    public static void Opened() => s_open.Add(1);

    public static void Closed() => s_open.Add(-1);

    public static void Refused(int status) => s_refused.Add(1, new KeyValuePair<string, object?>("http.response.status_code", status));

    public static void TooSlow() => s_slow.Add(1);
}
