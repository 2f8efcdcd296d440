using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;
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

    private static readonly Counter<long> s_counted = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.approach.vehicle.counted", "{vehicle}", "Vehicles that an approach has counted: each once for each gate that sees it.");

    private static readonly Counter<long> s_late = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.approach.vehicle.late", "{vehicle}", "Vehicles older than the retention of open bins: they are in the totals, and in no bin.");

    private static readonly LiveGauge<(SiteId, ApproachId), (TimeSpan Lag, long At)> s_lag = new(
        "trafficflow.approach.watermark.lag", "s", "By how much the event time that an approach has reached lies behind now; large where a recording is counted.",
        reached => (reached.Lag + Stopwatch.GetElapsedTime(reached.At)).TotalSeconds, Tags);

    private static readonly LiveGauge<(SiteId, ApproachId), long> s_held = new(
        "trafficflow.quarantine.held", "{entry}", "Entries that wait because the clock that stamped them was wrong.", held => held, Tags);

    public static void Published(ApproachSetup setup, FlowBin bin)
    {
        var counter = bin.Revision > 1 ? s_revised : s_closed;
        counter.Add(
            1, TrafficFlowTelemetry.Site(setup.Site.Value), TrafficFlowTelemetry.Approach(setup.Approach.Value),
            new KeyValuePair<string, object?>("trafficflow.bin.quality", QualityName(bin.Quality)));
    }

    /// <param name="reason">One of a few: never what a sender wrote.</param>
    public static void Refused(string reason) => s_refused.Add(1, new KeyValuePair<string, object?>("trafficflow.refusal.reason", reason));

    public static void Applied(ApproachSetup setup, ApproachEvent e, ApproachState before, ApproachState now)
    {
        var (site, approach) = (TrafficFlowTelemetry.Site(setup.Site.Value), TrafficFlowTelemetry.Approach(setup.Approach.Value));
        if (e is BatchCounted counted)
        {
            if (s_counted.Enabled && counted.Entries.Count(entry => entry is VehicleEntry) is > 0 and var vehicles) s_counted.Add(vehicles, site, approach);
            if (now.Lag != TimeSpan.MaxValue) s_lag.Set((setup.Site, setup.Approach), (now.Lag, Stopwatch.GetTimestamp()));
        }

        if (now.TooLate > before.TooLate) s_late.Add(now.TooLate - before.TooLate, site, approach);
        if (!ReferenceEquals(now.Quarantine, before.Quarantine)) Held(setup, now);
    }

    /// <summary>What the journal said, before anything is delivered: a server whose cameras are all silent tells so too.</summary>
    public static void Recovered(ApproachSetup setup, ApproachState state, DateTimeOffset now)
    {
        Held(setup, state);
        if (state.Lag != TimeSpan.MaxValue && state.MaxWatermark > DateTimeOffset.MinValue) s_lag.Set((setup.Site, setup.Approach), (now - state.MaxWatermark, Stopwatch.GetTimestamp()));
    }

    private static void Held(ApproachSetup setup, ApproachState now) => s_held.Set((setup.Site, setup.Approach), now.Quarantine.Sum(q => (long)q.Entries.Count));

    /// <summary>The approach is not counted here any more.</summary>
    public static void Forget(ApproachSetup setup)
    {
        s_lag.Remove((setup.Site, setup.Approach));
        s_held.Remove((setup.Site, setup.Approach));
    }

    private static KeyValuePair<string, object?>[] Tags((SiteId Site, ApproachId Approach) of) => [TrafficFlowTelemetry.Site(of.Site.Value), TrafficFlowTelemetry.Approach(of.Approach.Value)];

    private static string QualityName(BinQuality quality) => quality switch
    {
        BinQuality.Complete => "complete",
        BinQuality.Partial => "partial",
        BinQuality.Blind => "blind",
        BinQuality.Degraded => "degraded",
        _ => throw new ArgumentOutOfRangeException(nameof(quality), quality, "no such quality"),
    };
}
