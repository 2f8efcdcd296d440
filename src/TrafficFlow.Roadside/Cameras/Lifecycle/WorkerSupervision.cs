using Akka.Actor;
using Akka.Actor.Internal;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>A child of a camera threw.</summary>
/// <param name="IsStopped">It does not start again by itself.</param>
internal sealed record WorkerFailed(string Child, Exception Cause, bool IsStopped)
{
    public string Reason => Cause.GetBaseException().Message;
}

/// <summary>
/// Restarts or stops the child that threw, as the decider says, and tells its camera why: of a child that stops, Terminated gives no cause.
/// </summary>
/// <param name="camera">Gets <see cref="WorkerFailed"/>.</param>
/// <param name="restarts">Children that start again at once. One that could not even start stays down.</param>
internal sealed class WorkerSupervision(IActorRef camera, Func<IActorRef, bool> restarts) : OneForOneStrategy(_ => Directive.Stop)
{
    protected override Directive Handle(IActorRef child, Exception exception) =>
        exception is not ActorInitializationException && restarts(child) ? Directive.Restart : Directive.Stop;

    public override void ProcessFailure(
        IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        if (restart) ActorTelemetry.Restarted(child.Path.Name);
        camera.Tell(new WorkerFailed(child.Path.Name, cause, IsStopped: !restart));
        base.ProcessFailure(context, restart, child, cause, stats, children);
    }
}
