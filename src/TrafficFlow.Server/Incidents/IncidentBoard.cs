using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster.Sharding;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Telemetry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Incidents;

/// <summary>
/// Takes the incidents of one site from its junction, publishes what is new and answers; the entity `site/_incidents` of the shard region. It keeps the last
/// ones in memory only: they are hints, and a junction repeats what is open. A site without a junction has none: whoever asks is told, and the entity ends.
/// </summary>
internal sealed class IncidentBoard : InspectedActor, IWithTimers
{
    private sealed record Look : INotInfluenceReceiveTimeout
    {
        public static readonly Look Instance = new();
    }

    /// <summary>Of a site; some kilobytes.</summary>
    public const int MostKept = 200;

    /// <summary>A junction repeats what is open every half minute: so long nothing means that it is down, or the way to it is.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LeavesAfter = TimeSpan.FromMinutes(2);

    private static readonly Counter<long> s_published = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.incident.published", "{message}", "Messages of incidents that were published: opened, changed, ended.");

    private static readonly Histogram<double> s_delay = TrafficFlowTelemetry.Meter.CreateHistogram(
        "trafficflow.incident.delay", "s", "From an incident's event time to hearing of it, as the clocks of both nodes have it.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2, 5, 10, 30, 60, 300, 3600] });

    private readonly string _entity;
    private readonly SiteRegistry _sites;
    private readonly TopicPublisher _topics;
    private readonly TimeProvider _time;
    private readonly SiteIncidents _incidents;

    public static Props Props(string entity, SiteRegistry sites, TopicPublisher topics, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new IncidentBoard(entity, sites, topics, time));

    /// <summary>Whether an entity of the shard region is one of these.</summary>
    public static bool Serves(string entity) => entity.EndsWith($"/{ApproachId.Incidents}", StringComparison.Ordinal);

    public IncidentBoard(string entity, SiteRegistry sites, TopicPublisher topics, TimeProvider time)
    {
        (_entity, _sites, _topics, _time) = (entity, sites, topics, time);
        _incidents = new SiteIncidents(new SiteId(entity[..entity.LastIndexOf('/')]), MostKept, Silence);
        Receive<ReportIncidents>(Handle);
        Receive<GetIncidents>(_ => HasJunction, q => Sender.Tell(new RecentIncidents(q.Site, [.. _incidents.Recent])));
        Receive<Look>(_ => Publish(_incidents.Unheard(_time.GetUtcNow())));
        // Questions about flow bins, too, asked for a name that no approach has.
        Receive<IApproachMessage>(question =>
        {
            Sender.Tell(new ApproachNotFound(question.Site, question.Approach, [.. Junctions.Order(StringComparer.Ordinal)]));
            LeaveIfUnknown();
        });
        Receive<ReceiveTimeout>(_ => LeaveIfUnknown());
        SetReceiveTimeout(LeavesAfter);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new("listening")
    {
        { "incidents", _incidents.Count },
        { "open", _incidents.Recent.Count(t => t.Incident.IsOpen) },
    };

    private void Handle(ReportIncidents report)
    {
        var now = _time.GetUtcNow();
        var told = _incidents.Hear(report, now);
        foreach (var one in told.Where(t => t is { Incident.Revision: 1, Incident.IsOpen: true })) s_delay.Record(Math.Max(0, (now - one.Incident.UpdatedAt).TotalSeconds), TrafficFlowTelemetry.Site(report.Site.Value));
        Publish(told);
        Sender.Tell(new IncidentsTaken(report.Site, report.Epoch, [.. report.Incidents.Select(i => new IncidentRevision(i.Number, i.Revision))]));
    }

    private void Publish(IReadOnlyList<IncidentTold> told)
    {
        foreach (var one in told)
        {
            s_published.Add(1, TrafficFlowTelemetry.Site(one.Site.Value), new KeyValuePair<string, object?>("trafficflow.incident.kind", one.Incident.Kind.Name()));
            _topics.Publish(TopicNames.Incidents(one.Site), one);
        }
    }

    private IEnumerable<string> Junctions => _sites.Sites.Where(s => s.Junction is not null).Select(s => ApproachRouting.EntityOf(s.Id, ApproachId.Incidents));

    private bool HasJunction => _incidents.Count > 0 || Junctions.Contains(_entity);

    private void LeaveIfUnknown()
    {
        if (!HasJunction) Context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LooksEvery);
}
