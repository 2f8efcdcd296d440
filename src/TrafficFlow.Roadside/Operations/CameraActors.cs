using Akka.Actor;

namespace TrafficFlow.Roadside.Operations;

/// <summary>Finds the actors of the cameras in the tree of their system.</summary>
internal static class CameraActors
{
    /// <summary>/user/cameras; null where the system has none.</summary>
    public static ActorRefWithCell? In(ActorSystem system) =>
        ((ActorRefWithCell)((ExtendedActorSystem)system).Guardian).Children.OfType<ActorRefWithCell>().FirstOrDefault(c => c.Path.Name == "cameras");

    /// <summary>Wherever they are below /user/cameras; of a camera that is no more, only its outbox is left.</summary>
    public static IEnumerable<(string Camera, IActorRef Ref)> OutboxesOf(ActorRefWithCell cameras) => Below(cameras).OrderBy(o => o.Camera, StringComparer.Ordinal);

    private static IEnumerable<(string Camera, IActorRef Ref)> Below(ActorRefWithCell parent)
    {
        foreach (var child in parent.Children.OfType<ActorRefWithCell>())
        {
            if (child.Path.Name == "outbox") yield return (parent.Path.Name, child);
            else if (child.Path.Name.StartsWith("former-", StringComparison.Ordinal)) yield return (child.Path.Name, child);
            else foreach (var outbox in Below(child)) yield return outbox;
        }
    }
}
