using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Topics;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Analysis;
using TrafficFlow.Web.Pages.Audit;
using TrafficFlow.Web.Pages.Cameras;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Web.Pages.Editor;
using TrafficFlow.Web.Pages.Health;
using TrafficFlow.Web.Pages.Marking;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Web.Pages.Recordings;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web;

/// <summary>All that the web host knows of the node: queries and topics, and no actor.</summary>
/// <param name="Sites">As their files are in force now.</param>
/// <param name="Flows">Opened anew for each question: the tables may not be there yet.</param>
public sealed record WebPorts(
    Func<IReadOnlyList<Site>> Sites, Func<IFlowQuery> Flows, Func<IJourneyQuery> Journeys, ITopicSource Topics, Func<IHealthQuery?> Health, TimeProvider Time)
{
    /// <summary>How long bins of a quarter of an hour are kept in the tables.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Into the node's audit, when it can be; nobody is kept waiting by it for long. False where it is not known to be written: single vehicles and pictures stay here then.</summary>
    public Func<AuditEvent, Task<bool>> Record { get; init; } = _ => Task.FromResult(true);

    /// <summary>What the node knows of itself; null where it does not tell.</summary>
    public INodeFacts? Node { get; init; }

    /// <summary>Null where none is kept.</summary>
    public AuditBook? Audit { get; init; }

    /// <summary>Null where the node has no cameras itself.</summary>
    public ICameraPictures? Pictures { get; init; }

    /// <summary>Null where the node has no site files.</summary>
    public ISiteEditor? Editor { get; init; }

    /// <summary>Null where nobody lays any down.</summary>
    public ScoreFolder? Scores { get; init; }

    /// <summary>Null where the node has no cameras itself: it does not look at pictures.</summary>
    public IMarkingDesk? Marking { get; init; }

    /// <summary>Null where none are kept: a node without accounts, as the demo.</summary>
    public CustodyBooks? Custody { get; init; }

    /// <summary>Null where nothing is recorded: a node without accounts, as the demo.</summary>
    public IRecordings? Recordings { get; init; }

    /// <summary>Null where none are published: a node that is no server.</summary>
    public NoticeDesk? Notices { get; init; }

    /// <summary>Prints documents; null where nothing can.</summary>
    public IPdfPrinter? Printer { get; init; }

    /// <summary>Null where none are made.</summary>
    public ReportDesk? Reports { get; init; }

    /// <summary>Null where none are kept.</summary>
    public IStudyShelf? Studies { get; init; }
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
