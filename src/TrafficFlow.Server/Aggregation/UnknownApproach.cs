using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Stands for every approach of its shard that the server's site files do not have; <see cref="ApproachRouting"/> sends there. It accepts no
/// counts, so that the sender's outbox keeps them until the site files agree, answers questions with <see cref="ApproachNotFound"/>, and keeps
/// nothing of what it is called. An entity with the name of an approach, remembered from when there was one, ends at once.
/// </summary>
internal sealed class UnknownApproach : InspectedActor
{
    /// <summary>Longer than an outbox waits before it sends again.</summary>
    private static readonly TimeSpan DeliveriesStopAfter = TimeSpan.FromMinutes(2);

    private readonly string _entity;
    private readonly SiteRegistry _sites;
    private readonly UnknownDeliveries _deliveries;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="deliveries">Of this server: what all of these get.</param>
    public static Props Props(string entity, SiteRegistry sites, UnknownDeliveries deliveries) => Akka.Actor.Props.Create(() => new UnknownApproach(entity, sites, deliveries));

    public UnknownApproach(string entity, SiteRegistry sites, UnknownDeliveries deliveries)
    {
        (_entity, _sites, _deliveries) = (entity, sites, deliveries);
        Receive<DeliveryBatch>(Refuse);
        Receive<IApproachMessage>(question => Sender.Tell(new ApproachNotFound(question.Site, question.Approach, question.Approach == ApproachId.Journeys || question.Approach == ApproachId.Incidents ? JunctionsFor(question.Approach) : Known)));
        Receive<ReceiveTimeout>(_ => Leave());
        SetReceiveTimeout(DeliveriesStopAfter);
    }

    private ImmutableArray<string> Known => [.. _sites.Setups.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Where journeys or incidents are: for who asks for those of another site.</summary>
    private ImmutableArray<string> JunctionsFor(ApproachId kept) =>
        [.. _sites.Sites.Where(s => s.Junction is not null).Select(s => ApproachRouting.EntityOf(s.Id, kept)).Order(StringComparer.Ordinal)];

    private void Refuse(DeliveryBatch batch)
    {
        AggregationTelemetry.Refused("unknown-approach");
        if (_deliveries.Add(_sites.Setups) is not { } silent) return;
        _log.Error(
            "Counts come for approach {Approach}, which is not in this server's site files: they have {Known}. Do roadside and server use the same site file? Counts wait in the outbox{More}",
            ApproachRouting.EntityOf(batch.Site, batch.Approach), string.Join(", ", Known),
            silent == 0 ? "; whatever else comes in vain is said once an hour" : $"; {silent} deliveries, for this and perhaps other names, came in vain since this was last said");
    }

    private static void Leave() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    protected override void PreStart()
    {
        if (!ApproachRouting.IsUnknown(_entity)) Leave();
    }
}
