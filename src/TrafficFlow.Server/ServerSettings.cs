using Akka.Configuration;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Wire;

namespace TrafficFlow.Server;

/// <summary>trafficflow.actors.aggregation of a configuration, as a record.</summary>
public static class ServerSettings
{
    /// <summary>The embedded reference.conf: every key with its meaning, unit and default.</summary>
    public static Config Reference { get; } = EmbeddedConfig.Read(typeof(ServerSettings).Assembly, "TrafficFlow.Server.reference.conf");

    /// <param name="node">The node's configuration; what it does not say comes from the reference.</param>
    public static AggregationSettings Aggregation(Config node) => Bins(node.WithFallback(Reference).GetConfig("trafficflow.actors.aggregation"));

    private static AggregationSettings Bins(Config c) => new()
    {
        Lateness = c.GetTimeSpan("lateness"),
        Retention = c.GetTimeSpan("retention"),
        ClockBound = c.GetTimeSpan("clock-bound"),
        MaxQuarantined = c.GetInt("max-quarantined"),
        LatenessCheck = c.GetTimeSpan("lateness-check"),
        LiveInterval = c.GetTimeSpan("live-interval"),
        WriteRetry = c.GetTimeSpan("write-retry"),
        SnapshotEvery = c.GetInt("snapshot-every"),
        SnapshotsKept = Math.Max(1, c.GetInt("snapshots-kept")),
        TrimMargin = c.GetLong("trim-margin"),
    };
}
