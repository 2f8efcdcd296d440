using Akka.Actor;
using Akka.Event;

namespace TrafficFlow.Server.Aggregation;

/// <summary>
/// Stands for an approach that the server's site files do not have: it accepts nothing, so that the sender's outbox keeps the counts
/// until the site files agree. When they do it makes room for the aggregator.
/// </summary>
internal sealed class UnknownApproach : ReceiveActor
{
    public static Props Props(string entity, IEnumerable<string> known) =>
        Akka.Actor.Props.Create(() => new UnknownApproach(entity, string.Join(", ", known)));

    public UnknownApproach(string entity, string known)
    {
        var log = Context.GetLogger();
        log.Error(
            "Approach {Approach} is not in this server's site files, which have {Known}. Do roadside and server use the same site file? Counts wait in the outbox",
            entity, known);
        // The shard remembers the entity and starts it again: as an aggregator then.
        Receive<SitesChanged>(changed => changed.Setups.ContainsKey(entity), _ => Context.Stop(Self));
        ReceiveAny(_ => { });
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(SitesChanged));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
