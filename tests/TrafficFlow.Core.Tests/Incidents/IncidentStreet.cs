using System.Collections.Immutable;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Incidents;

/// <summary>A vehicle as a function of time: where it is, and how fast along its way. It drives to the east, or to the west.</summary>
/// <param name="At">X and speed at a time in seconds; null while it is not in view.</param>
internal sealed record ScriptedCar(long Number, double Y, bool IsEastbound, Func<double, (double X, double Speed)?> At)
{
    private const double InView = 90;

    public VehicleClass Class { get; init; } = VehicleClass.PassengerCar;

    public static ScriptedCar Driving(long number, double y, double from, double speed = 10, bool isEastbound = true, double startX = -InView) => new(
        number, y, isEastbound, t => t < from || speed * (t - from) > 2 * InView ? null : (Way(isEastbound, startX, speed * (t - from)), speed));

    /// <summary>It drives at 10 m/s, stands at a place and drives on.</summary>
    public static ScriptedCar Stopping(long number, double y, double from, double stopX, double seconds)
    {
        var stops = from + ((stopX + InView) / 10);
        return new ScriptedCar(number, y, true, t =>
            t < from ? null
            : t < stops ? (-InView + (10 * (t - from)), 10)
            : t < stops + seconds ? (stopX, 0)
            : stopX + (10 * (t - stops - seconds)) is < InView and var x ? (x, 10) : null);
    }

    private static double Way(bool isEastbound, double startX, double metres) => isEastbound ? startX + metres : -startX - metres;
}

/// <summary>
/// A street from west to east with a crossing of 30 m, seen by two cameras from above: two lanes each way, traffic keeps left. Eastbound lanes are at
/// y 1.8 and 4.9 and enter by the approach west at x 0; westbound ones at y -1.8 and -4.9 enter by east at x 30.
/// </summary>
internal static class IncidentStreet
{
    public const double Inner = 1.8;
    public const double Kerb = 4.9;

    private static readonly GroundPlane Plane = new(new Homography(200, 0, -100, 0, -200, 100, 0, 0, 1), 0.1, "map");

    public static readonly DateTimeOffset Start = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    public static readonly CameraId Cam1 = new("cam1");
    public static readonly CameraId Cam2 = new("cam2");
    public static readonly ApproachId West = new("west");
    public static readonly ApproachId East = new("east");

    public static Site Site { get; } = new(
        new SiteId("street"), "Street", TimeZoneInfo.Utc, [new Approach(West, "west"), new Approach(East, "east")], [Camera(Cam1), Camera(Cam2)], "hash");

    public static JunctionScene SceneAt(double second, IEnumerable<ScriptedCar> cars, params IReadOnlyList<CameraId> blind) => new(
        Start.AddSeconds(second),
        [.. cars.Select(c => Vehicle(c, second)).OfType<SceneVehicle>()],
        [.. new[] { Cam1, Cam2 }.Select(c => new SceneCamera(c, Start.AddSeconds(blind.Contains(c) ? -100 : second), Start.AddSeconds(blind.Contains(c) ? -100 : second), false))]);

    /// <summary>Traffic in all lanes, so that it is known where they are; it ends 30 s before <paramref name="until"/>.</summary>
    public static IEnumerable<ScriptedCar> Traffic(double until, double every = 12)
    {
        var number = 10_000L;
        for (var t = 0.0; t < until - 30; t += every)
        {
            foreach (var y in new[] { Inner, Kerb }) yield return ScriptedCar.Driving(++number, y, t + (y == Kerb ? every / 2 : 0));
            foreach (var y in new[] { -Inner, -Kerb }) yield return ScriptedCar.Driving(++number, y, t + (y == -Kerb ? every / 2 : 0), isEastbound: false);
        }
    }

    /// <summary>Watches second by second.</summary>
    public static List<Incident> Watch(IncidentDetector detector, IReadOnlyCollection<ScriptedCar> cars, int from, int to)
    {
        var told = new List<Incident>();
        for (var second = from; second < to; second++) detector.Watch(SceneAt(second, cars), told);
        return told;
    }

    private static SceneVehicle? Vehicle(ScriptedCar car, double second)
    {
        if (car.At(second) is not var (x, speed)) return null;
        var way = car.IsEastbound ? 1 : -1;
        return new SceneVehicle(car.Number, new GroundPoint(x, car.Y), way * speed, 0, way, 0, 4.5, car.Class, Start.AddSeconds(second), [Cam1]);
    }

    private static CameraSetup Camera(CameraId id) => new(
        id, "map", new FrameFormat(400, 400, 10), "default", [],
        [
            Gate("west-in", 0, 0.2, 7, toEast: true, new GateMeaning(GateRole.Enters, West)), Gate("east-out", 30, 0.2, 7, toEast: true, new GateMeaning(GateRole.Exits, East)),
            Gate("east-in", 30, -7, -0.2, toEast: false, new GateMeaning(GateRole.Enters, East)), Gate("west-out", 0, -7, -0.2, toEast: false, new GateMeaning(GateRole.Exits, West)),
        ],
        [])
    {
        Plane = Plane,
    };

    /// <summary>North is up in the picture, and forward lies below a gate that is drawn from left to right.</summary>
    private static Gate Gate(string name, double x, double low, double high, bool toEast, GateMeaning meaning)
    {
        var (north, south) = (Plane.ToPicture(new GroundPoint(x, high))!.Value, Plane.ToPicture(new GroundPoint(x, low))!.Value);
        return toEast ? new Gate(new GateId(name), south, north, meaning) : new Gate(new GateId(name), north, south, meaning);
    }
}
