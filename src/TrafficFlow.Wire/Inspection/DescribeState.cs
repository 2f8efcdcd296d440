using Akka.Actor;

namespace TrafficFlow.Wire.Inspection;

/// <summary>
/// Asks an <see cref="InspectedActor"/> or <see cref="InspectedPersistentActor"/> for its own state. It changes nothing, is answered in every state with
/// <see cref="StateDescribed"/>, and never leaves the process.
/// </summary>
internal sealed record DescribeState : INotInfluenceReceiveTimeout, INoSerializationVerificationNeeded
{
    public static readonly DescribeState Instance = new();
}

/// <param name="State">Null for an actor that has nothing to tell.</param>
/// <param name="Stashed">Messages that it has put aside; null where it puts none aside.</param>
internal sealed record StateDescribed(ActorState? State, int? Stashed) : INoSerializationVerificationNeeded
{
    /// <summary>Of an actor, on its own thread. A fault in telling is told instead: a question must never restart who is asked.</summary>
    public static StateDescribed Of(ActorBase actor, Func<ActorState?> describe)
    {
        int? stashed = (actor as IActorStash)?.Stash?.Count;
        try
        {
            return new StateDescribed(describe(), stashed);
        }
        catch (Exception fault)
        {
            return new StateDescribed(new ActorState("unknown") { { "could not be told", fault.Message } }, stashed);
        }
    }
}
