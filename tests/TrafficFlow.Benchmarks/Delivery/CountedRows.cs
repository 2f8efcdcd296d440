using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>What some busy cameras count in whole hours: the same entries for the product and for the bare insert.</summary>
internal sealed class CountedRows
{
    private static readonly Provenance Made = new("benchmark", "none", "1", "none");
    private static readonly VehicleClass[] Classes =
        [VehicleClass.PassengerCar, VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle];

    private readonly int _perCamera;
    private readonly TimeSpan _between;

    /// <param name="cameras">Each feeds an approach of its own.</param>
    /// <param name="perCamera">Vehicles of each.</param>
    public CountedRows(int cameras, int perCamera, TimeSpan length)
    {
        _perCamera = perCamera;
        _between = length / perCamera;
        Length = length;
        Site = new Site(
            new SiteId("bench"), "benchmark", TimeZoneInfo.Utc,
            [.. Enumerable.Range(0, cameras).Select(i => new Approach(new ApproachId($"a{i}"), $"a{i}"))],
            [.. Enumerable.Range(0, cameras).Select(Camera)],
            "benchmark");
    }

    public static DateTimeOffset Start { get; } = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Length { get; }

    public Site Site { get; }

    public Provenance Provenance => Made;

    public long Vehicles => (long)_perCamera * Site.Cameras.Count;

    /// <summary>A camera's log in order: vehicles, and every five seconds what was watched.</summary>
    public IEnumerable<OutboxEntry> Of(CameraSetup camera)
    {
        var approach = camera.Gates[0].Forward!.Approach;
        var covered = Start;
        long sequence = 0;
        for (var i = 0; i < _perCamera; i++)
        {
            var time = Start + (i * _between);
            while (time - covered >= TimeSpan.FromSeconds(5))
            {
                yield return new CoverageEntry(++sequence, new Coverage(camera.Id, covered, covered.AddSeconds(5), 50, 0, WatchState.Watching));
                covered = covered.AddSeconds(5);
            }

            yield return new VehicleEntry(++sequence, new CountedVehicle(
                camera.Id, approach, Movement.Entering, time, Classes[i % Classes.Length], VehicleSize.Small, 30 + (i % 40)));
        }

        yield return new CoverageEntry(++sequence, new Coverage(camera.Id, covered, Start + Length, 50, 0, WatchState.Watching));
    }

    private static CameraSetup Camera(int i) => new(
        new CameraId($"cam{i}"), "none", new FrameFormat(640, 360, 10), "motion", [],
        [new Gate(new GateId("in"), new PicturePoint(0, 0.5), new PicturePoint(1, 0.5), new GateMeaning(GateRole.Enters, new ApproachId($"a{i}")))], []);
}
