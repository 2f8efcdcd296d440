using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.Core.Tests.Simulation.Replay;

/// <summary>Sites of replay cameras, and scripts to play on them.</summary>
internal static class ReplaySites
{
    private static readonly Lazy<FlowScript> s_simulated = new(() => FlowScript.Simulated(JunctionSettings.Default, TimeSpan.FromMinutes(20)));

    public static FlowScript Simulated => s_simulated.Value;

    public static Site Of(params IReadOnlyList<CameraSetup> cameras) => new(
        new SiteId("replay"),
        "replay",
        TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"),
        [.. JunctionLayout.Approaches.Select(a => new Approach(a, a.Value))],
        cameras,
        "0123456789abcdef");

    /// <summary>A camera with a gate for each approach that it sees entered, and one for each that it sees exited.</summary>
    public static CameraSetup Camera(string id, string source, string enters, string exits) => new(
        new CameraId(id),
        source,
        new FrameFormat(64, 48, 10),
        "default",
        [],
        [
            .. Names(enters).Select(a => new Gate(new GateId($"{a}-in"), new PicturePoint(0, 0), new PicturePoint(1, 0), new GateMeaning(GateRole.Enters, new ApproachId(a)))),
            .. Names(exits).Select(a => new Gate(new GateId($"{a}-out"), new PicturePoint(0, 1), new PicturePoint(1, 1), null, new GateMeaning(GateRole.Exits, new ApproachId(a)))),
        ],
        []);

    /// <summary>One camera that sees everything.</summary>
    public static Site Whole(string source) => Of(Camera("all", source, "north east south west", "north east south west"));

    /// <summary>As the cameras of the demo: each watches one approach and its three ways out.</summary>
    public static Site FourCameras(string source) => Of(
        Camera("cam-north", source, "north", "east south west"),
        Camera("cam-east", source, "east", "north south west"),
        Camera("cam-south", source, "south", "north east west"),
        Camera("cam-west", source, "west", "north east south"));

    public static ReplayScript Log(Site site, FlowScript script, int camera = 0) =>
        new(site, site.Cameras[camera], ReplaySource.Parse(site.Cameras[camera].Source), script);

    /// <summary>A car each second or so; some stay for long.</summary>
    public static FlowScript Random(Random random, TimeSpan period) => new(
        "random",
        period,
        Enumerable.Range(0, random.Next(0, 40)).Select(_ =>
        {
            var enters = TimeSpan.FromMilliseconds(random.NextInt64((long)period.TotalMilliseconds));
            var vehicleClass = (VehicleClass)random.Next(6);
            return new ScriptVehicle(
                enters,
                enters + TimeSpan.FromMilliseconds(random.NextInt64((long)period.TotalMilliseconds)),
                JunctionLayout.Approaches[random.Next(4)],
                JunctionLayout.Approaches[random.Next(4)],
                vehicleClass,
                vehicleClass.Size(),
                random.Next(4) == 0 ? null : random.Next(60));
        }));

    private static string[] Names(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
