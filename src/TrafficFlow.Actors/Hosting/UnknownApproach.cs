using Akka.Actor;
using Akka.Event;

namespace TrafficFlow.Actors.Hosting;

/// <summary>
/// Stands for an approach that the server's site file does not have: it accepts nothing, so that the sender's outbox keeps the counts
/// until the site files agree.
/// </summary>
internal sealed class UnknownApproach : ReceiveActor
{
    public static Props Props(string entity, IEnumerable<string> known) =>
        Akka.Actor.Props.Create(() => new UnknownApproach(entity, string.Join(", ", known)));

    public UnknownApproach(string entity, string known)
    {
        var log = Context.GetLogger();
        log.Error(
            "Approach {Approach} is not in this server's site file, which has {Known}. Do roadside and server use the same site file? Counts wait in the outbox",
            entity, known);
        ReceiveAny(_ => { });
    }
}
