using Akka.Configuration;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire;

namespace TrafficFlow.Node.Settings;

/// <summary>trafficflow.actors of a configuration, as records.</summary>
public sealed record ActorsSettings(CameraPolicy Cameras, OutboxSettings Outbox, AggregationSettings Aggregation, TableRetention Tables)
{
    public EvidenceSettings Evidence { get; init; } = new();

    public static readonly ActorsSettings Default = new(new CameraPolicy(), new OutboxSettings(), new AggregationSettings(), new TableRetention());

    /// <summary>What the libraries carry with them: every key with its meaning, unit and default.</summary>
    public static Config Reference { get; } = RoadsideSettings.Reference.WithFallback(ServerSettings.Reference).WithFallback(WireHosting.Reference);

    /// <param name="node">The node's configuration; what it does not say comes from the reference.</param>
    public static ActorsSettings From(Config node)
    {
        var roadside = RoadsideSettings.From(node);
        return new ActorsSettings(roadside.Cameras, roadside.Outbox, ServerSettings.Aggregation(node), ServerSettings.Tables(node)) { Evidence = roadside.Evidence };
    }
}
