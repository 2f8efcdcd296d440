using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Journeys;

/// <summary>
/// Takes the journeys over one site's junction from its outbox; the entity `site/_journeys` of the shard region. It keeps nothing: the table
/// knows how far it has come, and the table writer answers the outbox once a batch is in it.
/// </summary>
internal sealed class JourneyIntake : ReceiveActor
{
    /// <param name="tables">The <see cref="FlowTableWriter"/> of this process.</param>
    public static Props Props(IActorRef tables) => Akka.Actor.Props.Create(() => new JourneyIntake(tables));

    /// <summary>Whether an entity of the shard region is one of these.</summary>
    public static bool Serves(string entity) => entity.EndsWith($"/{ApproachId.Journeys}", StringComparison.Ordinal);

    public JourneyIntake(IActorRef tables)
    {
        var filter = new UnknownEntryFilter(Context.GetLogger());
        Receive<DeliveryBatch>(batch => tables.Forward(new WriteJourneys(filter.Apply(batch))));
        // Questions about flow bins, asked for a name that no approach has.
        Receive<IApproachMessage>(question => Sender.Tell(new ApproachNotFound(question.Site, question.Approach, [])));
    }
}
