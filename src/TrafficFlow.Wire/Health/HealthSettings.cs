using Akka.Configuration;

namespace TrafficFlow.Wire.Health;

/// <summary>How nodes report, and how long their last reports are kept.</summary>
public sealed record HealthSettings
{
    /// <summary>Time between two reports of a node.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without a report for so long a node is silent.</summary>
    public TimeSpan SilentAfter { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Without a report for so long a node is forgotten: it was taken down, or has another address.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Time between two writes of the last values to the database.</summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Nodes that are kept; beyond it those that have been silent longest are forgotten.</summary>
    public int MaxNodes { get; init; } = 256;

    /// <param name="node">The node's configuration; what it does not say comes from the reference.</param>
    public static HealthSettings From(Config node)
    {
        var health = node.WithFallback(WireHosting.Reference).GetConfig("trafficflow.actors.health");
        return new HealthSettings
        {
            ReportInterval = health.GetTimeSpan("report-interval"),
            SilentAfter = health.GetTimeSpan("silent-after"),
            ForgetAfter = health.GetTimeSpan("forget-after"),
            SaveInterval = health.GetTimeSpan("save-interval"),
            MaxNodes = health.GetInt("max-nodes"),
        };
    }
}
