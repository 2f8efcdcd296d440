using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Telemetry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>Fusion to junction, and on to its reporter.</summary>
internal interface IIncidentMessage;

/// <summary>A run of the junction began: its incidents are numbered from 1.</summary>
/// <param name="Epoch">Higher than those of the runs before.</param>
internal sealed record IncidentsBegun(long Epoch) : IIncidentMessage;

internal sealed record IncidentFound(long Epoch, Incident Incident) : IIncidentMessage;

/// <summary>
/// Tells the incidents of a junction to its site's board on a server, again and again until that has answered; child `incidents` of the junction. They wait in
/// memory while the way there is closed, and outlive a fusion that fails.
/// </summary>
internal sealed class IncidentReporter : InspectedActor, IWithTimers
{
    private sealed record Again
    {
        public static readonly Again Instance = new();
    }

    public const string Name = "incidents";

    // A day of a bad street.
    private const int MostWaiting = 500;

    /// <summary>How soon it is tried again.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private const int RepeatsOpenEvery = 6;

    private static readonly Counter<long> s_found = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.incident.found", "{incident}", "Incidents that the junctions of this node found, when they opened.");

    private static readonly Counter<long> s_dropped = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.incident.dropped", "{incident}", "Incidents that were dropped untold, because too many waited for the way to the server.");

    private readonly UnreportedIncidents _incidents = new(MostWaiting);
    private readonly SiteId _site;
    private readonly CameraId _junction;
    private readonly IActorRef _approaches;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _ticks;

    /// <param name="approaches">The shard region of the approach aggregators, its proxy, or the uplink.</param>
    public static Props Props(SiteId site, CameraId junction, IActorRef approaches) => Akka.Actor.Props.Create(() => new IncidentReporter(site, junction, approaches));

    public IncidentReporter(SiteId site, CameraId junction, IActorRef approaches)
    {
        (_site, _junction, _approaches) = (site, junction, approaches);
        Receive<IncidentsBegun>(begun =>
        {
            CountDropped(_incidents.Begin(begun.Epoch));
            Send();
        });
        Receive<IncidentFound>(Handle);
        Receive<IncidentsTaken>(taken =>
        {
            foreach (var (number, revision) in taken.Taken) _incidents.Taken(taken.Epoch, number, revision);
        });
        Receive<LinkUp>(_ => Send());
        Receive<Again>(_ =>
        {
            if (++_ticks % RepeatsOpenEvery == 0) _incidents.RepeatOpen();
            Send();
        });
        // A server whose site file has no junction: it may get one.
        Receive<Wire.Aggregation.ApproachNotFound>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new("reporting")
    {
        { "open", _incidents.Open, "incidents" },
        { "not yet told", _incidents.Waiting, "incidents" },
    };

    private void Handle(IncidentFound found)
    {
        var incident = found.Incident;
        if (incident.Revision == 1)
        {
            s_found.Add(1, TrafficFlowTelemetry.Site(_site.Value), new KeyValuePair<string, object?>("trafficflow.incident.kind", incident.Kind.Name()));
            _log.Info("Junction {Junction}: {Kind}, {Area} {Approach}, confidence {Confidence:0.00}", _junction, incident.Kind.Name(), incident.Area.Name(), incident.Approach, incident.Confidence);
        }

        CountDropped(_incidents.Add(found.Epoch, incident));
        Send();
    }

    private void CountDropped(int dropped)
    {
        if (dropped > 0) s_dropped.Add(dropped, TrafficFlowTelemetry.Site(_site.Value));
    }

    private void Send()
    {
        foreach (var (epoch, incidents) in _incidents.Next(ReportIncidents.Most)) _approaches.Tell(new ReportIncidents(_site, _junction, epoch, [.. incidents]));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer(Again.Instance, Again.Instance, Every);
}
