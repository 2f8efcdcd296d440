using System.Runtime.CompilerServices;
using Akka.Actor;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Wire.Inspection;

/// <summary>
/// What an actor has done since it was started, across its restarts: written by the actor itself, a few plain stores for each message, and read from
/// outside also while it is stuck. It goes with the actor's reference.
/// </summary>
internal sealed class ActorActivity
{
    private static readonly ConditionalWeakTable<IActorRef, ActorActivity> s_known = [];

    private readonly long _startedAt = Environment.TickCount64;
    private long _handled;
    private long _begunAt;
    private Type? _handling;
    private ActorRestarts _restarts = new(0, "", 0);

    public static ActorActivity Of(IActorRef actor) => s_known.GetOrAdd(actor, _ => new ActorActivity());

    /// <returns>Null for an actor that does not record what it does: Akka's own.</returns>
    public static ActorActivity? Find(IActorRef actor) => s_known.TryGetValue(actor, out var activity) ? activity : null;

    /// <summary>Messages, since it was started.</summary>
    public long Handled => Volatile.Read(ref _handled);

    /// <summary>Since it was started first.</summary>
    public TimeSpan Age => Since(_startedAt);

    public ActorRestarts Restarts => Volatile.Read(ref _restarts);

    /// <summary>The message that it works on, and for how long. Null while it works on none.</summary>
    public (string Message, TimeSpan For)? Current =>
        Volatile.Read(ref _begunAt) is > 0 and var since && Volatile.Read(ref _handling) is { } type ? (NameOf(type), Since(since)) : null;

    public void Begin(object message)
    {
        Volatile.Write(ref _handling, message.GetType());
        Volatile.Write(ref _begunAt, Environment.TickCount64);
    }

    public void End()
    {
        Volatile.Write(ref _begunAt, 0);
        Volatile.Write(ref _handled, _handled + 1);
    }

    public void Restarted(Exception cause) =>
        Volatile.Write(ref _restarts, new ActorRestarts(_restarts.Count + 1, PlainText.Of(Secrets.Hide(cause.GetBaseException().Message), 200), Environment.TickCount64));

    private static TimeSpan Since(long ticks) => TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - ticks));

    private static string NameOf(Type type) => type.Name.Split('`')[0];
}

/// <param name="Cause">Of the last one; empty for none.</param>
/// <param name="At">Of the last one, in milliseconds of <see cref="Environment.TickCount64"/>.</param>
internal sealed record ActorRestarts(int Count, string Cause, long At)
{
    public TimeSpan Ago => TimeSpan.FromMilliseconds(Math.Max(0, Environment.TickCount64 - At));
}
