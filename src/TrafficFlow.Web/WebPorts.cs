using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Topics;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web;

/// <summary>All that the web host knows of the node: queries and topics, and no actor.</summary>
/// <param name="Sites">As their files are in force now.</param>
/// <param name="Flows">Opened anew for each question: the tables may not be there yet.</param>
public sealed record WebPorts(
    Func<IReadOnlyList<Site>> Sites, Func<IFlowQuery> Flows, Func<IJourneyQuery> Journeys, ITopicSource Topics, Func<IHealthQuery?> Health, TimeProvider Time)
{
    /// <summary>Into the node's audit, where it has one.</summary>
    public Func<AuditEvent, Task> Record { get; init; } = _ => Task.CompletedTask;
}

/// <summary>The topics of this node's cluster.</summary>
public interface ITopicSource
{
    /// <summary>Hands messages on until it is ended, or the node's part of the cluster ends.</summary>
    /// <param name="topics">With the place to go on from; at most 64.</param>
    /// <param name="write">Null says that this side is alive: at once, and each few seconds.</param>
    /// <returns>False where the node's part of the cluster is not there now: come again.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    Task<bool> RunAsync(IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end);

    /// <summary>How the tables stand to a place of a kept topic.</summary>
    /// <returns>Null where nobody answers now: come again.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    Task<TopicStand?> StandAsync(string topic, TopicPlace place, CancellationToken end);
}

/// <summary>What is kept after a place.</summary>
/// <param name="Last">Cursor of the last message that is kept.</param>
/// <param name="IsTooOld">Messages after the place are kept no more: who goes on from there misses them.</param>
public sealed record TopicStand(long Last, bool IsTooOld);
