using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server.Journeys;

/// <summary>
/// Takes the journeys over one site's junction from its outbox; the entity `site/_journeys` of the shard region. It keeps nothing: the table
/// knows how far it has come. Once a batch is in the table its journeys are published and the outbox is answered. A site without a
/// junction has no journeys: whoever asks is told, and the entity ends, so that the shard does not remember a name that a reader mistyped.
/// </summary>
internal sealed class JourneyIntake : ReceiveActor
{
    /// <summary>Longer than an outbox waits before it sends again.</summary>
    private static readonly TimeSpan DeliveriesStopAfter = TimeSpan.FromMinutes(2);

    private readonly string _entity;
    private readonly SiteRegistry _sites;
    private bool _isDeliveredTo;

    /// <param name="tables">The <see cref="FlowTableWriter"/> of this process.</param>
    public static Props Props(string entity, SiteRegistry sites, TopicPublisher topics, IActorRef tables) =>
        Akka.Actor.Props.Create(() => new JourneyIntake(entity, sites, topics, tables));

    /// <summary>Whether an entity of the shard region is one of these.</summary>
    public static bool Serves(string entity) => entity.EndsWith($"/{ApproachId.Journeys}", StringComparison.Ordinal);

    public JourneyIntake(string entity, SiteRegistry sites, TopicPublisher topics, IActorRef tables)
    {
        (_entity, _sites) = (entity, sites);
        var known = new KnownEntries(Context.GetLogger());
        Receive<DeliveryBatch>(batch =>
        {
            _isDeliveredTo = true;
            tables.Tell(new WriteJourneys(known.Of(batch), Sender));
        });
        Receive<JourneysWritten>(written =>
        {
            foreach (var journey in written.Journeys) topics.Publish(TopicNames.Journeys(journey.Site), journey);
            written.Outbox.Tell(written.Answer);
        });
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

    private IEnumerable<string> Junctions => _sites.Sites.Where(s => s.Junction is not null).Select(s => ApproachRouting.EntityOf(s.Id, ApproachId.Journeys));

    private bool HasJourneys => _isDeliveredTo || Junctions.Contains(_entity);

    private void LeaveIfUnknown()
    {
        if (!HasJourneys) Context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }
}
