using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Stands for an approach that the server's site files do not have. It accepts no counts, so that the sender's outbox keeps them until the
/// site files agree, and answers questions with <see cref="ApproachNotFound"/>. It makes room for the aggregator when the site files have the
/// approach, and ends when nobody delivers to it, so that the shard does not remember a name that a reader mistyped, or
/// that a roadside node has no more. A server says once what is delivered in vain.
/// </summary>
internal sealed class UnknownApproach : ReceiveActor
{
    /// <summary>Longer than an outbox waits before it sends again.</summary>
    private static readonly TimeSpan DeliveriesStopAfter = TimeSpan.FromMinutes(2);

    private readonly string _entity;
    private readonly ImmutableArray<string> _known;
    private readonly ConcurrentDictionary<string, bool> _reported;
    private bool _isDeliveredTo;

    /// <param name="known">Entities that the site files have.</param>
    /// <param name="reported">Entities of which this server has said so: such an entity may begin anew whenever its shard moves or its outbox pauses.</param>
    public static Props Props(string entity, IEnumerable<string> known, ConcurrentDictionary<string, bool> reported) =>
        Akka.Actor.Props.Create(() => new UnknownApproach(entity, known.Order(StringComparer.Ordinal).ToImmutableArray(), reported));

    public UnknownApproach(string entity, ImmutableArray<string> known, ConcurrentDictionary<string, bool> reported)
    {
        (_entity, _known, _reported) = (entity, known, reported);
        Receive<SitesChanged>(changed => changed.Setups.ContainsKey(entity), _ =>
        {
            _reported.TryRemove(entity, out var _);
            Context.Stop(Self);
        });
        Receive<SitesChanged>(_ => { });
        Receive<DeliveryBatch>(_ => Refuse());
        Receive<IApproachMessage>(question =>
        {
            Sender.Tell(new ApproachNotFound(question.Site, question.Approach, _known));
            if (!_isDeliveredTo) Leave();
        });
        Receive<ReceiveTimeout>(_ => Leave());
        SetReceiveTimeout(DeliveriesStopAfter);
    }

    private void Refuse()
    {
        _isDeliveredTo = true;
        if (!_reported.TryAdd(_entity, true)) return;
        Context.GetLogger().Error(
            "Counts come for approach {Approach}, which is not in this server's site files: they have {Known}. Do roadside and server use the same site file? Counts wait in the outbox",
            _entity, string.Join(", ", _known));
    }

    private static void Leave() => Context.Parent.Tell(new Passivate(PoisonPill.Instance));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(SitesChanged));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
