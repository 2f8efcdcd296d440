using Akka.Configuration;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Roadside;

/// <summary>trafficflow.actors.camera and .outbox of a configuration, as records.</summary>
public sealed record RoadsideSettings(CameraPolicy Cameras, OutboxSettings Outbox)
{
    public EvidenceSettings Evidence { get; init; } = new();

    /// <summary>The embedded reference.conf: every key with its meaning, unit and default.</summary>
    public static Config Reference { get; } = EmbeddedConfig.Read(typeof(RoadsideSettings).Assembly, "TrafficFlow.Roadside.reference.conf");

    /// <param name="node">The node's configuration; what it does not say comes from the reference.</param>
    public static RoadsideSettings From(Config node)
    {
        var actors = node.WithFallback(Reference).GetConfig("trafficflow.actors");
        return new RoadsideSettings(Camera(actors.GetConfig("camera")), Delivery(actors.GetConfig("outbox"))) { Evidence = Kept(actors.GetConfig("evidence")) };
    }

    private static CameraPolicy Camera(Config c) => new()
    {
        Reconnect = BackOff(c.GetConfig("reconnect")),
        OutboxRestart = BackOff(c.GetConfig("outbox-restart")),
        OpenTimeout = c.GetTimeSpan("open-timeout"),
        CloseTimeout = c.GetTimeSpan("close-timeout"),
        CoverageInterval = c.GetTimeSpan("coverage-interval"),
        Gap = c.GetTimeSpan("gap"),
        DegradedLoss = c.GetDouble("degraded-loss"),
        MaxUnacknowledged = c.GetInt("max-unstored"),
        StoreRetry = c.GetTimeSpan("store-retry"),
        ProgressInterval = c.GetTimeSpan("progress-interval"),
        HealthInterval = c.GetTimeSpan("health-interval"),
        StopTimeout = c.GetTimeSpan("stop-timeout"),
        FlushTimeout = c.GetTimeSpan("flush-timeout"),
        RecorderRestart = BackOff(c.GetConfig("recorder-restart")),
        RecorderStopTimeout = c.GetTimeSpan("recorder-stop-timeout"),
        ObserveTracks = c.GetBoolean("observe-tracks"),
        CloseBinsAtEnd = c.GetBoolean("close-bins-at-end"),
    };

    private static OutboxSettings Delivery(Config c) => new()
    {
        MaxEntries = c.GetInt("max-entries"),
        AlarmAt = c.GetDouble("alarm-at"),
        LowDiskBytes = c.GetLong("low-disk-bytes"),
        LowDiskEntries = c.GetInt("low-disk-entries"),
        KeepAccepted = c.GetInt("keep-accepted"),
        KeepVehicles = c.GetTimeSpan("keep-vehicles"),
        BatchEntries = c.GetInt("batch-entries"),
        RetryMin = c.GetTimeSpan("retry-min"),
        RetryMax = c.GetTimeSpan("retry-max"),
        TrimAfterEntries = c.GetInt("trim-after-entries"),
        TrimInterval = c.GetTimeSpan("trim-interval"),
    };

    private static EvidenceSettings Kept(Config c) => new()
    {
        IsKept = c.GetBoolean("kept"),
        Keep = c.GetTimeSpan("keep"),
        MaxEntries = c.GetInt("max-entries"),
    };

    private static BackOffSettings BackOff(Config c) =>
        new(c.GetTimeSpan("initial"), c.GetTimeSpan("max"), c.GetDouble("jitter"), c.GetTimeSpan("reset-after"))
        {
            QuickMax = c.HasPath("quick-max") ? c.GetTimeSpan("quick-max") : null,
            QuickFor = c.GetTimeSpan("quick-for", TimeSpan.Zero),
        };
}
