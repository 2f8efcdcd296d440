using Akka.Actor;
using TrafficFlow.Benchmarks.Delivery;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Metrics;

/// <summary>Hands the outboxes of a node so many vehicles a second, as trackers would, and what was watched each five seconds.</summary>
internal sealed class SteadyTraffic(DeliveryNode node, CountedRows rows, int perSecond)
{
    private const int StoresPerSecond = 10;
    private const int CoverageEach = 5 * StoresPerSecond;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<(CameraSetup Camera, ApproachId Approach, IActorRef Outbox, long Epoch)> _cameras = [];
    private readonly List<long> _sequences = [];
    private long _stores;
    private DateTimeOffset _coveredTo = CountedRows.Start;

    public long Vehicles { get; private set; }

    public async Task BeginAsync(CancellationToken cancellation)
    {
        foreach (var camera in rows.Site.Cameras)
        {
            var outbox = node.Roadside.System.ActorOf(
                OutboxActor.Props(rows.Site.Id, camera.Id, new OutboxSettings(), node.Roadside.Registry.Get<UplinkActor>()), $"outbox-{camera.Id}");
            var feeds = new MovementMapper(camera).Feeds;
            var ready = await outbox.Ask<EpochReady>(new OpenEpoch($"metrics-{camera.Id}", rows.Provenance, feeds), Patience, cancellation);
            _cameras.Add((camera, feeds[0], outbox, ready.Epoch));
            _sequences.Add(0);
        }
    }

    /// <summary>Ends when so much time has passed; does not wait for what it handed over.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / StoresPerSecond));
        for (var left = (int)(length.TotalSeconds * StoresPerSecond); left > 0 && await pace.WaitForNextTickAsync(cancellation); left--) StoreOnce();
    }

    private void StoreOnce()
    {
        _stores++;
        var now = CountedRows.Start.AddSeconds(_stores / (double)StoresPerSecond);
        for (var c = 0; c < _cameras.Count; c++)
        {
            var (camera, approach, outbox, epoch) = _cameras[c];
            var count = perSecond / StoresPerSecond / _cameras.Count;
            var entries = new List<OutboxEntry>(count + 1);
            for (var i = 0; i < count; i++)
                entries.Add(new VehicleEntry(++_sequences[c], new CountedVehicle(camera.Id, approach, Movement.Entering, now.AddMilliseconds(i - 100), VehicleClass.PassengerCar, VehicleSize.Small, 40)));
            if (_stores % CoverageEach == 0) entries.Add(new CoverageEntry(++_sequences[c], new Coverage(camera.Id, _coveredTo, now, 50, 0, WatchState.Watching)));
            outbox.Tell(new Store(epoch, entries));
            Vehicles += count;
        }

        if (_stores % CoverageEach == 0) _coveredTo = now;
    }
}
