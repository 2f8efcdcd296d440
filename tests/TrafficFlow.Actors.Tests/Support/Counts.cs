using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>Entries and batches of one camera, seconds after <see cref="TestSites.Morning"/>.</summary>
internal static class Counts
{
    public static readonly CameraId Cam1 = new("cam1");
    public static readonly CameraId Cam2 = new("cam2");

    public static DateTimeOffset At(double seconds) => TestSites.Morning.AddSeconds(seconds);

    public static OutboxEntry Car(long sequence, double second, CameraId? camera = null, ApproachId? approach = null) =>
        new VehicleEntry(sequence, new CountedVehicle(
            camera ?? Cam1, approach ?? TestSites.North, Movement.Entering, At(second), VehicleClass.PassengerCar, VehicleSize.Small, 50));

    public static OutboxEntry Watched(long sequence, double from, double to, CameraId? camera = null, WatchState state = WatchState.Watching) =>
        new CoverageEntry(sequence, new Coverage(camera ?? Cam1, At(from), At(to), 50, 0, state));

    public static DeliveryBatch Batch(CameraId camera, long epoch, params IReadOnlyList<OutboxEntry> entries) => new(
        TestSites.Kokandori, camera, TestSites.North, epoch, entries[^1].Sequence, TestSites.Motion, entries);

    public static ApproachSetup Setup(params IReadOnlyList<CameraId> cameras) =>
        new(TestSites.Kokandori, TestSites.North, cameras, new BinAlignment(TestSites.Tokyo));
}
