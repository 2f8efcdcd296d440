using Akka.Actor;
using Akka.Persistence;

namespace TrafficFlow.Wire.Inspection;

/// <summary>
/// An actor that can be looked into while it runs: it answers <see cref="DescribeState"/> in whichever behaviour it is, and records what it handles and
/// why it was restarted. A subclass only overrides <see cref="Describe"/>.
/// </summary>
public abstract class InspectedActor : ReceiveActor
{
    private readonly ActorActivity _activity = ActorActivity.Of(Context.Self);
    private Action? _behaviour;

    /// <summary>Called on the actor's own thread, between two messages; it must change nothing. Null where there is nothing to tell.</summary>
    protected virtual ActorState? Describe() => null;

    /// <summary>The behaviour that it is in, by name: BackingOff is backing off.</summary>
    /// <param name="first">That in which it begins.</param>
    protected string BehaviourName(Action first) => ActorState.Words((_behaviour ?? first).Method.Name);

    /// <summary>As Akka's own, and remembers which.</summary>
    protected new void Become(Action behaviour)
    {
        _behaviour = behaviour;
        base.Become(behaviour);
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        if (message is DescribeState)
        {
            Sender.Tell(StateDescribed.Of(this, Describe));
            return true;
        }

        _activity.Begin(message);
        try
        {
            return base.AroundReceive(receive, message);
        }
        finally
        {
            _activity.End();
        }
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        _activity.Restarted(cause);
        base.AroundPreRestart(cause, message);
    }
}

/// <summary>An <see cref="InspectedActor"/> with a journal. While it recovers or persists it answers too, before what waits for that.</summary>
public abstract class InspectedPersistentActor : ReceivePersistentActor
{
    private readonly ActorActivity _activity = ActorActivity.Of(Context.Self);

    /// <inheritdoc cref="InspectedActor.Describe"/>
    protected virtual ActorState? Describe() => null;

    protected override bool AroundReceive(Receive receive, object message)
    {
        if (message is DescribeState)
        {
            Sender.Tell(StateDescribed.Of(this, Described));
            return true;
        }

        _activity.Begin(message);
        try
        {
            return base.AroundReceive(receive, message);
        }
        finally
        {
            _activity.End();
        }
    }

    private ActorState? Described()
    {
        if (IsRecovering) return new ActorState("recovering") { { "rows read up to", LastSequenceNr } };
        var state = Describe();
        state?.Add("rows in its journal up to", LastSequenceNr);
        return state;
    }

    public override void AroundPreRestart(Exception cause, object message)
    {
        _activity.Restarted(cause);
        base.AroundPreRestart(cause, message);
    }
}
