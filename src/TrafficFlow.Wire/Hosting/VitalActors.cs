using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Wire.Hosting;

/// <summary>
/// Watches the actors without which a node looks well and does nothing, /user/vital: when one of them has ended although nobody stops the
/// system, the system ends, and its host starts a new one. They are top-level actors whose references stand in others, so that none could be
/// replaced alone.
/// </summary>
internal sealed class VitalActors : InspectedActor, IWithTimers
{
    private sealed record Ended(ActorPath Path);

    public const string Name = "vital";

    // When the whole system ends, this actor is gone by then.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly IReadOnlyList<string> _paths;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="paths">As /user/flow-tables; one that this node has not is none of its.</param>
    public static Props Props(params IReadOnlyList<string> paths) => Akka.Actor.Props.Create(() => new VitalActors(paths));

    public VitalActors(IReadOnlyList<string> paths)
    {
        _paths = paths;
        Receive<ActorIdentity>(found => found.Subject is { } actor && !actor.IsNobody(), found => Context.Watch(found.Subject));
        Receive<ActorIdentity>(_ => { });
        Receive<Terminated>(gone => Timers.StartSingleTimer(gone.ActorRef.Path, new Ended(gone.ActorRef.Path), LookAgain));
        Receive<Ended>(Handle);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(Ended ended)
    {
        if (CoordinatedShutdown.Get(Context.System).ShutdownReason is not null) return;
        _log.Error("The actor {Path} has ended, and nothing stops this system: it ends and is started anew. Please report it with what the log says before", ended.Path.ToStringWithoutAddress());
        ActorTelemetry.Restarted(ended.Path.Name);
        _ = Context.System.Terminate();
    }

    protected override void PreStart()
    {
        foreach (var path in _paths) Context.ActorSelection(path).Tell(new Identify(path));
    }
}

public static class VitalActorsHosting
{
    /// <summary>Adds /user/vital. Call it after what starts the actors.</summary>
    /// <param name="paths">As /user/flow-tables; one that this node has not is none of its.</param>
    public static AkkaConfigurationBuilder WithVitalActors(this AkkaConfigurationBuilder builder, params IReadOnlyList<string> paths) =>
        builder.WithActors((system, _) => system.ActorOf(VitalActors.Props(paths), VitalActors.Name));
}
