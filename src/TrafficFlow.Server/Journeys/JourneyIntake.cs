using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Journeys;

/// <summary>
/// Takes the journeys over one site's junction from its outbox; the entity `site/_journeys` of the shard region. It keeps nothing: the table
/// knows how far it has come. Once a batch is in the table its journeys are published and the outbox is answered; those whose clock was
/// wrong are held until somebody decides on them. A site without a junction has no journeys: whoever asks is told, and the entity ends, so
/// that the shard does not remember a name that a reader mistyped.
/// </summary>
internal sealed class JourneyIntake : InspectedActor, IWithTimers
{
    private sealed record QuarantineTick : INotInfluenceReceiveTimeout
    {
        public static readonly QuarantineTick Instance = new();
    }

    /// <summary>Longer than an outbox waits before it sends again.</summary>
    private static readonly TimeSpan DeliveriesStopAfter = TimeSpan.FromMinutes(2);

    private readonly string _entity;
    private readonly SiteRegistry _sites;
    private readonly AggregationSettings _settings;
    private readonly TopicPublisher _topics;
    private readonly IActorRef _tables;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly UnknownEntryFilter _filter;
    private readonly RefusedDeliveries _refused;
    private readonly DelayCheck _delays;
    private readonly HeldRuns _held;
    private bool _isQuarantineFull;
    private bool _isDeliveredTo;

    /// <param name="tables">The <see cref="FlowTableWriter"/> of this process.</param>
    public static Props Props(string entity, SiteRegistry sites, AggregationSettings settings, TopicPublisher topics, IActorRef tables, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new JourneyIntake(entity, sites, settings, topics, tables, time));

    /// <summary>Whether an entity of the shard region is one of these.</summary>
    public static bool Serves(string entity) => entity.EndsWith($"/{ApproachId.Journeys}", StringComparison.Ordinal);

    public JourneyIntake(string entity, SiteRegistry sites, AggregationSettings settings, TopicPublisher topics, IActorRef tables, TimeProvider time)
    {
        (_entity, _sites, _settings, _topics, _tables, _time) = (entity, sites, settings, topics, tables, time);
        _filter = new UnknownEntryFilter(_log);
        _refused = new RefusedDeliveries(_log, entity);
        _delays = new DelayCheck(time, settings.ClockBound);
        _held = new HeldRuns(new NodeClock(time), settings.ClockBound);
        Receive<DeliveryBatch>(Take);
        Receive<JourneysWritten>(Handle);
        Receive<GetQuarantine>(_ => HasJourneys, tables.Forward);
        Receive<ResolveQuarantine>(_ => HasJourneys, command => Resolve(command, Sender));
        Receive<QuarantineTick>(_ => _held.WasClockSet, _ => tables.Tell(new GetQuarantine(SiteOf(entity), ApproachId.Journeys)));
        Receive<QuarantineTick>(_ => { });
        Receive<Quarantine>(ReleaseWhatOwnClockHeld);
        Receive<QuarantineAnswer>(_ => { });
        Receive<GetJourneysAfter>(_ => HasJourneys, tables.Forward);
        // Questions about flow bins, too, asked for a name that no approach has.
        Receive<IApproachMessage>(question =>
        {
            Sender.Tell(new ApproachNotFound(question.Site, question.Approach, [.. Junctions.Order(StringComparer.Ordinal)]));
            LeaveIfUnknown();
        });
        Receive<ReceiveTimeout>(_ =>
        {
            _isDeliveredTo = false;
            LeaveIfUnknown();
        });
        SetReceiveTimeout(DeliveriesStopAfter);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Take(DeliveryBatch delivered)
    {
        _isDeliveredTo = true;
        if (_sites.Sites.FirstOrDefault(s => s.Id == delivered.Site) is { } site && BatchCheck.Refuse(delivered, ApproachSetup.SendersOf(site)) is { } refused)
        {
            _refused.Add(delivered, refused);
            return;
        }

        var batch = _filter.Apply(delivered);
        var now = _time.GetUtcNow();
        var check = new ClockSkewCheck(_settings.ClockBound, now, batch.Clock);
        if (_delays.IsPerhapsDelayed(batch, check)) return;
        HashSet<long> wrong = [.. batch.Entries.Where(e => !check.IsCredible(e)).Select(e => e.Sequence)];
        _tables.Tell(new WriteJourneys(batch, Sender, wrong.Count == 0 ? null : new WrongStamps(wrong, check.StampOffset, now, _settings.MaxQuarantined)));
    }

    private void Handle(JourneysWritten written)
    {
        foreach (var journey in written.Stored.Journeys) _topics.Publish(TopicNames.Journeys(journey.Site), journey);
        if (written.Work is WriteJourneys { Batch: var batch }) ReportQuarantine(batch, written.Stored);
        if (written is { Work: ResolveJourneys { Command: var command }, Stored.Answer: QuarantineAnswer { Entries: > 0 } }) _held.Remove(command.Camera, command.Epoch);
        if (written.Stored.Answer is { } answer) written.Work.ReplyTo.Tell(answer);
    }

    /// <summary>Says once for each run of a junction what happens to it.</summary>
    private void ReportQuarantine(DeliveryBatch batch, StoredJourneys stored)
    {
        var isFull = stored.Answer is null;
        if (isFull && !_isQuarantineFull)
            _log.Error(
                "ALARM: the quarantine of {Entity} is full ({Max} journeys): what {Junction} delivers waits in its outbox. Decide on what is there: trafficflow ctl quarantine show {Entity}",
                _entity, _settings.MaxQuarantined, batch.Camera, _entity);
        _isQuarantineFull = isFull;
        if (stored.Held > 0 && _held.Add(batch.Camera, batch.Epoch))
            _log.Error(
                "ALARM: the clock of {Junction} is wrong: its journeys under epoch {Epoch} wait in quarantine. Set the clock of its node or of this server right, then decide: trafficflow ctl quarantine show {Entity}",
                batch.Camera, batch.Epoch, _entity);
    }

    private void Resolve(ResolveQuarantine command, IActorRef replyTo) =>
        _tables.Tell(new ResolveJourneys(command, replyTo, _time.GetUtcNow(), _settings.ClockBound));

    /// <summary>One run at a time; the next tick looks for more.</summary>
    private void ReleaseWhatOwnClockHeld(Quarantine waiting)
    {
        foreach (var (run, step) in _held.StampedRight(waiting.Runs, _time.GetUtcNow()).Take(1))
        {
            _log.Warning(
                "The clock of this server was set by {Step}: {Entries} journeys of {Junction}, epoch {Epoch}, were stamped right and are kept as they are",
                step, run.Entries, run.Camera, run.Epoch);
            Resolve(new ResolveQuarantine(waiting.Site, waiting.Approach, run.Camera, run.Epoch, QuarantineAction.Release, TimeSpan.Zero), Self);
        }
    }

    private static SiteId SiteOf(string entity) => new(entity[..entity.LastIndexOf('/')]);

    private IEnumerable<string> Junctions => _sites.Sites.Where(s => s.Junction is not null).Select(s => ApproachRouting.EntityOf(s.Id, ApproachId.Journeys));

    private bool HasJourneys => _isDeliveredTo || Junctions.Contains(_entity);

    private void LeaveIfUnknown()
    {
        if (!HasJourneys) Context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer(QuarantineTick.Instance, QuarantineTick.Instance, _settings.LatenessCheck);
}
