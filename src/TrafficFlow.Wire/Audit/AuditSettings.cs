using Akka.Configuration;

namespace TrafficFlow.Wire.Audit;

/// <summary>How long commands are remembered.</summary>
public sealed record AuditSettings
{
    /// <summary>Older ones are deleted.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(366);

    /// <summary>Beyond so many, the oldest are deleted.</summary>
    public int MaxCommands { get; init; } = 10_000;

    /// <param name="node">The node's configuration; what it does not say comes from the reference.</param>
    public static AuditSettings From(Config node)
    {
        var audit = node.WithFallback(WireHosting.Reference).GetConfig("trafficflow.actors.audit");
        return new AuditSettings { Retention = audit.GetTimeSpan("retention"), MaxCommands = audit.GetInt("max-commands") };
    }
}
