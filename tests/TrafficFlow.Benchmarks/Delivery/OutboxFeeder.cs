using Akka.Actor;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>
/// Stands where a tracker stands: opens an epoch and stores a log, one write under way at a time, as the product does. It also starts the
/// outbox, as a camera does.
/// </summary>
internal sealed class OutboxFeeder : ReceiveActor
{
    // As a tracker's one write.
    private const int PerStore = 1000;

    private readonly IEnumerator<OutboxEntry> _log;
    private readonly TaskCompletionSource _done;
    private readonly IActorRef _outbox;

    public static Props Props(SiteId site, CameraSetup camera, Provenance provenance, IEnumerable<OutboxEntry> log, IActorRef uplink, TaskCompletionSource stored) =>
        Akka.Actor.Props.Create(() => new OutboxFeeder(site, camera, provenance, log, uplink, stored));

    public OutboxFeeder(SiteId site, CameraSetup camera, Provenance provenance, IEnumerable<OutboxEntry> log, IActorRef uplink, TaskCompletionSource stored)
    {
        _log = log.GetEnumerator();
        _done = stored;
        _outbox = Context.ActorOf(OutboxActor.Props(site, camera.Id, new OutboxSettings(), uplink), "outbox");
        _outbox.Tell(new OpenEpoch("benchmark", provenance, new MovementMapper(camera).Feeds));
        Receive<EpochReady>(ready => StoreNext(ready.Epoch));
        Receive<Stored>(s => StoreNext(s.Epoch));
    }

    private void StoreNext(long epoch)
    {
        var entries = new List<OutboxEntry>(PerStore);
        while (entries.Count < PerStore && _log.MoveNext()) entries.Add(_log.Current);
        if (entries.Count == 0) _done.TrySetResult();
        else _outbox.Tell(new Store(epoch, entries));
    }
}
