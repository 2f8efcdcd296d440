using System.Diagnostics.Metrics;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Server.Aggregation;

/// <summary>What aggregators do, for meters.</summary>
internal static class AggregationTelemetry
{
    private static readonly Counter<long> s_closed = TrafficFlowTelemetry.Meter.CreateCounter<long>("trafficflow.bin.closed", "{bin}", "Flow bins that closed.");

    private static readonly Counter<long> s_revised = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.bin.revised", "{bin}", "Revisions of closed bins by late data.");

    private static readonly Counter<long> s_refused = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.delivery.refused", "{batch}", "Deliveries that no camera of a site of this server can have sent.");

    private static readonly Gauge<double> s_lag = TrafficFlowTelemetry.Meter.CreateGauge<double>(
        "trafficflow.approach.watermark.lag", "s", "By how much the last batch of an approach came behind the event time that it reached.");

    public static void Published(ApproachSetup setup, FlowBin bin)
    {
        var counter = bin.Revision > 1 ? s_revised : s_closed;
        counter.Add(
            1, TrafficFlowTelemetry.Site(setup.Site.Value), TrafficFlowTelemetry.Approach(setup.Approach.Value),
            new KeyValuePair<string, object?>("trafficflow.bin.quality", QualityName(bin.Quality)));
    }

    /// <param name="reason">One of a few: never what a sender wrote.</param>
    public static void Refused(string reason) => s_refused.Add(1, new KeyValuePair<string, object?>("trafficflow.refusal.reason", reason));

    public static void Lag(ApproachSetup setup, TimeSpan lag)
    {
        if (lag != TimeSpan.MaxValue) s_lag.Record(lag.TotalSeconds, TrafficFlowTelemetry.Site(setup.Site.Value), TrafficFlowTelemetry.Approach(setup.Approach.Value));
    }

    private static string QualityName(BinQuality quality) => quality switch
    {
        BinQuality.Complete => "complete",
        BinQuality.Partial => "partial",
        BinQuality.Blind => "blind",
        BinQuality.Degraded => "degraded",
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, "no such quality"),
    };
}
