using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Roadside;

/// <summary>Wires the actors beside the cameras into a host; tests use the same methods.</summary>
public static class RoadsideHosting
{
    /// <summary>
    /// The cameras' way out of a system that is in no cluster, registered as <see cref="ApproachRegion"/>. A cluster system of the same
    /// process joins it with <see cref="WithUplinkRelay"/>.
    /// </summary>
    public static AkkaConfigurationBuilder WithUplink(this AkkaConfigurationBuilder builder) =>
        builder.WithActors((system, registry) =>
        {
            var uplink = system.ActorOf(UplinkActor.Props(), "uplink");
            registry.Register<UplinkActor>(uplink);
            registry.Register<ApproachRegion>(uplink);
        });

    /// <summary>Joins the uplink of this process' roadside system to the aggregators. Call it after the region or its proxy.</summary>
    /// <param name="uplink">The <see cref="UplinkActor"/>.</param>
    public static AkkaConfigurationBuilder WithUplinkRelay(this AkkaConfigurationBuilder builder, IActorRef uplink) =>
        builder.WithActors((system, registry) => system.ActorOf(UplinkRelay.Props(uplink, registry.Get<ApproachRegion>()), "relay"));

    /// <summary>
    /// The sites' cameras as /user/cameras, registered as <see cref="CamerasActor"/>. Call it after <see cref="WithUplink"/>, or after
    /// whatever else registers an <see cref="ApproachRegion"/>. On shutdown the cameras stop first, and what they counted is stored.
    /// </summary>
    public static AkkaConfigurationBuilder WithCameras(this AkkaConfigurationBuilder builder, CamerasSetup setup) =>
        builder.AddHocon(RoadsideSettings.Reference, HoconAddMode.Append).WithActors((system, registry) =>
        {
            var approaches = registry.Get<ApproachRegion>();
            var topics = registry.TryGet<UplinkActor>(out var uplink) ? new TopicPublisher(uplink) : TopicPublisher.Of(system);
            var evidence = setup.Evidence is { } store ? system.ActorOf(EvidenceActor.Props(store), EvidenceActor.Name) : null;
            var cameras = system.ActorOf(
                CamerasActor.Props(setup.Sites, (site, camera) => new CameraSettings(
                    site, camera, setup.Readers, setup.Detectors, setup.Policy, setup.Outbox with { Time = setup.Time }, approaches, topics, setup.Time, setup.ReplayScripts, setup.FreeBytes, setup.Scenes)
                { Evidence = evidence, Pictures = setup.Pictures, Recent = setup.Recent, Recorders = setup.Recorders, Recording = () => setup.Recording(camera.Id) }, setup.Former),
                "cameras");
            registry.Register<CamerasActor>(cameras);
            var patience = TimeSpan.FromTicks(Math.Max((setup.Policy.StopTimeout + setup.Policy.FlushTimeout).Ticks, setup.Recorders is null ? 0 : setup.Policy.RecorderStopTimeout.Ticks));
            CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-cameras", async () =>
                {
                    await cameras.GracefulStop(patience, StopCameras.Instance).ConfigureAwait(false);
                    return Akka.Done.Instance;
                });
        });
}
