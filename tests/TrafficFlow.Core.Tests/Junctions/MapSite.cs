using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>
/// The simulated junction as four cameras see it that look straight down on a map of 200 m: north is up. Each has the entering gate of its
/// own arm and the exits of the three others.
/// </summary>
internal static class MapSite
{
    private const double Metres = 200;

    public static readonly GroundPlane Plane = new(new Homography(Metres, 0, -Metres / 2, 0, -Metres, Metres / 2, 0, 0, 1), 0.1, "map");

    public static Site Site { get; } = new(
        new SiteId("map"), "Map", TimeZoneInfo.Utc, [.. JunctionLayout.Approaches.Select(a => new Approach(a, a.Value))],
        [.. Enumerable.Range(0, 4).Select(Camera)], "hash");

    private static CameraSetup Camera(int arm) => new(
        CameraOf(arm), "map", new FrameFormat(400, 400, 10), "default", [],
        [
            Gate("in", arm, (-0.1, 9.5), (7.5, 9.5), inwards: true, new GateMeaning(GateRole.Enters, JunctionLayout.Approaches[arm])),
            .. from turn in Enum.GetValues<Turn>()
               let exit = JunctionLayout.ExitOf(arm, turn)
               select Gate($"out-{turn}", exit, (-7.5, 11), (0.1, 11), inwards: false, new GateMeaning(GateRole.Exits, JunctionLayout.Approaches[exit])),
        ],
        [])
    {
        Plane = Plane,
    };

    public static CameraId CameraOf(int arm) => new($"cam-{JunctionLayout.Approaches[arm]}");

    /// <summary>A gate between two places of an arm's frame, turned so that forward leads into the junction or out of it.</summary>
    private static Gate Gate(string name, int arm, (double A, double B) from, (double A, double B) to, bool inwards, GateMeaning meaning)
    {
        var (a, b) = (Seen(arm, from), Seen(arm, to));
        var past = Seen(arm, ((from.A + to.A) / 2, from.B + (inwards ? -1 : 1)));
        var side = ((b.X - a.X) * (past.Y - a.Y)) - ((b.Y - a.Y) * (past.X - a.X));
        return side > 0 ? new Gate(new GateId(name), a, b, meaning) : new Gate(new GateId(name), b, a, meaning);
    }

    private static PicturePoint Seen(int arm, (double A, double B) place)
    {
        var ground = JunctionLayout.ToGround(arm, place.A, place.B);
        return Plane.ToPicture(ground)!.Value;
    }
}
