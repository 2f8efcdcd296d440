using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Age;

/// <summary>A junction whose four cameras count the same number of vehicles each day, spread over it as traffic is.</summary>
internal sealed class JunctionDays
{
    public const int VehiclesADay = 2000;
    public const int BatchEntries = 500;
    private const int MinutesADay = 24 * 60;
    private static readonly Provenance Made = new("benchmark", "none", "1", "none");
    private static readonly VehicleClass[] Classes =
        [VehicleClass.PassengerCar, VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle];

    private readonly DateTimeOffset _start;

    public JunctionDays(DateTimeOffset start)
    {
        _start = start;
        string[] arms = ["north", "east", "south", "west"];
        Site = new Site(
            new SiteId("age"), "age", TimeZoneInfo.Utc, [.. arms.Select(a => new Approach(new ApproachId(a), a))],
            [
                .. arms.Select(a => new CameraSetup(
                    new CameraId($"cam-{a}"), "none", new FrameFormat(640, 360, 10), "motion", [],
                    [new Gate(new GateId("in"), new PicturePoint(0, 0.5), new PicturePoint(1, 0.5), new GateMeaning(GateRole.Enters, new ApproachId(a)))], [])),
            ],
            "benchmark");
    }

    public Site Site { get; }

    public IReadOnlyList<ApproachId> Approaches => [.. Site.Approaches.Select(a => a.Id)];

    public IEnumerable<DeliveryBatch> Batches(CameraSetup camera, int day)
    {
        var approach = camera.Gates[0].Forward!.Approach;
        return Entries(camera.Id, approach, day).Chunk(BatchEntries).Select(entries => new DeliveryBatch(
            Site.Id, camera.Id, approach, 1, entries[^1].Sequence, Made, entries,
            entries[0].Sequence == 1 ? null : new LogPosition(1, entries[0].Sequence - 1)));
    }

    private IEnumerable<OutboxEntry> Entries(CameraId camera, ApproachId approach, int day)
    {
        var sequence = (long)day * (VehiclesADay + MinutesADay);
        var vehicle = 0;
        for (var minute = 0; minute < MinutesADay; minute++)
        {
            var from = _start.AddDays(day).AddMinutes(minute);
            // Few at night, many in the rush hours, the same number each day.
            for (var until = DoneBy(minute + 1); vehicle < until; vehicle++)
                yield return new VehicleEntry(++sequence, new CountedVehicle(
                    camera, approach, Movement.Entering, from.AddSeconds(vehicle * 7 % 60), Classes[vehicle % Classes.Length], VehicleSize.Small, 20 + (vehicle * 31 % 400 / 10.0)));
            yield return new CoverageEntry(++sequence, new Coverage(camera, from, from.AddMinutes(1), 600, 0, WatchState.Watching));
        }
    }

    private static int DoneBy(int minute)
    {
        var x = minute / (double)MinutesADay;
        return minute == MinutesADay ? VehiclesADay : (int)(VehiclesADay * (x - (Math.Sin(4 * Math.PI * x) / (4 * Math.PI))));
    }
}
