using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TrafficFlow.Wire.Telemetry;

/// <summary>
/// The one meter and the one activity source of the product. Each feature has its instruments in a class of its own; their names follow
/// OpenTelemetry: dotted, singular, durations in seconds. Nothing is exported unless something listens.
/// </summary>
public static class TrafficFlowTelemetry
{
    public const string Name = "TrafficFlow";

    private static readonly string? s_version = typeof(TrafficFlowTelemetry).Assembly.GetName().Version?.ToString(3);

    public static readonly Meter Meter = new(Name, s_version);

    public static readonly ActivitySource Activities = new(Name, s_version);

    public static KeyValuePair<string, object?> Site(string site) => new("trafficflow.site", site);

    public static KeyValuePair<string, object?> Camera(string camera) => new("trafficflow.camera", camera);

    public static KeyValuePair<string, object?> Approach(string approach) => new("trafficflow.approach", approach);
}
