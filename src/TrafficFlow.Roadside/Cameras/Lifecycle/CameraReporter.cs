using Akka.Actor;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>Tells the cameras' supervisor and the health topic how a camera is. Part of the camera's actor; not thread-safe.</summary>
/// <param name="owner">The camera's actor; its timers are there only once it has started.</param>
internal sealed class CameraReporter(IActorContext context, IWithTimers owner, CameraSettings settings, CameraHealth health)
{
    /// <summary>The owner tells this to itself, and calls <see cref="PublishHealth"/> then.</summary>
    public sealed record HealthTick
    {
        public static readonly HealthTick Instance = new();
    }

    public void Start() => owner.Timers.StartPeriodicTimer(HealthTick.Instance, HealthTick.Instance, settings.Policy.HealthInterval);

    /// <summary>Changes the state and tells everybody.</summary>
    /// <param name="reason">Why, and what to do; empty while all is well.</param>
    public void Become(CameraState state, string reason)
    {
        health.Become(state, reason);
        TellSupervisor();
        PublishHealth();
    }

    public void TellSupervisor() => context.Parent.Tell(new CameraChanged(health.Status));

    public void PublishHealth() => settings.Topics.Publish(TopicNames.Health(settings.Site.Id, settings.Camera.Id), health.Status);
}
