using Akka.Actor;
using TrafficFlow.Roadside.Outbox;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>
/// How a camera stops: what it counted is stored, then delivered, and neither is waited for without end; what is not delivered goes out
/// after the next start. Part of the camera's actor; not thread-safe.
/// </summary>
/// <param name="owner">The actor; its timers are there only once it has started.</param>
internal sealed class GracefulShutdown(IActorContext context, IWithTimers owner, CameraPolicy policy)
{
    /// <summary>The owner tells this to itself, and calls <see cref="Finish"/> then.</summary>
    public sealed record StopTimedOut
    {
        public static readonly StopTimedOut Instance = new();
    }

    private IActorRef _asked = ActorRefs.Nobody;

    public bool IsUnderWay { get; private set; }

    /// <param name="asked">Gets <see cref="CamerasStopped"/>.</param>
    public void Begin(IActorRef asked)
    {
        (_asked, IsUnderWay) = (asked, true);
        Limit(policy.StopTimeout);
    }

    /// <summary>For <see cref="EverythingStored"/>.</summary>
    public void Flush(IActorRef outbox)
    {
        Limit(policy.FlushTimeout);
        outbox.Tell(AwaitOutboxDelivery.Instance);
    }

    /// <summary>Everything is delivered, or was waited for long enough.</summary>
    public void Finish()
    {
        _asked.Tell(CamerasStopped.Instance);
        context.Stop(context.Self);
    }

    private void Limit(TimeSpan wait) => owner.Timers.StartSingleTimer(StopTimedOut.Instance, StopTimedOut.Instance, wait);
}
