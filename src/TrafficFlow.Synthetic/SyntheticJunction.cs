using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic;

/// <summary>
/// The synthetic junction as a site: its gates lie on the ground and are projected into the pictures. Camera k counts approach k only,
/// so no vehicle's movement is counted by two cameras.
/// </summary>
public static class SyntheticJunction
{
    public static readonly FrameFormat Frame = new(640, 360, 10);

    private const double Aspect = 16.0 / 9;
    private static readonly string[] s_names = ["本町通り 北", "駅前通り 東", "本町通り 南", "駅前通り 西"];

    public static Site Site { get; } = Build();

    private static Site Build()
    {
        var site = new Site(
            new SiteId("demo"),
            "デモ交差点",
            TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"),
            [.. JunctionLayout.Approaches.Select((a, arm) => new Approach(a, s_names[arm]))],
            [.. Enumerable.Range(0, 4).Select(Camera)],
            "");
        return site with { Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(SyntheticSiteFile.Write(site))))[..16] };
    }

    private static CameraSetup Camera(int arm)
    {
        var camera = JunctionCameras.Of(arm, Aspect);
        var name = JunctionLayout.Approaches[arm].Value;
        GroundReference[] ground = [.. GroundPlaces().Select(p => Survey(camera, arm, p.A, p.B))];
        return new CameraSetup(
            new CameraId($"cam-{name}"), SyntheticSource.Scheme + name, Frame, "default", [], [.. JunctionGates.All.Select(line => Project(camera, arm, line))],
            ground)
        {
            Plane = GroundPlaneFit.Fit(ground, Aspect).Plane,
        };
    }

    private static Gate Project(ViewCamera camera, int arm, JunctionGate line)
    {
        var from = Seen(camera, arm, line.FromA, line.FromB);
        var to = Seen(camera, arm, line.ToA, line.ToB);
        // Which way is forward is a matter of the picture: turn the line until what it counts is forward.
        var (a, b) = ((line.FromA + line.ToA) / 2, (line.FromB + line.ToB) / 2);
        var before = Seen(camera, arm, a - line.GoesA, b - line.GoesB);
        var after = Seen(camera, arm, a + line.GoesA, b + line.GoesB);
        var forward = ((to.X - from.X) * (after.Y - before.Y)) - ((to.Y - from.Y) * (after.X - before.X));
        if (forward < 0) (from, to) = (to, from);
        var meaning = line.Turn is { } turn
            ? new GateMeaning(GateRole.Exits, JunctionLayout.Approaches[JunctionLayout.ExitOf(arm, turn)])
            : new GateMeaning(GateRole.Enters, JunctionLayout.Approaches[arm]);
        return new Gate(new GateId(line.Name), from, to, Forward: meaning);
    }

    private static IEnumerable<(double A, double B)> GroundPlaces()
    {
        const double Side = 6.0;
        return [(0.2, 30), (Side, 30), (-Side, 30), (0.2, JunctionLayout.StopLine), (Side, JunctionLayout.StopLine), (-Side, 7.6), (Side, 7.6), (0, 0), (-8, 0), (8, 0), (-4, -2), (4, -2)];
    }

    private static GroundReference Survey(ViewCamera camera, int arm, double a, double b)
    {
        var ground = JunctionLayout.ToGround(arm, a, b);
        return new GroundReference(Seen(camera, arm, a, b), Math.Round(ground.X, 3), Math.Round(ground.Y, 3));
    }

    // As many digits as the site file has, so that the file and this site are the same to the last bit.
    private static PicturePoint Seen(ViewCamera camera, int arm, double a, double b)
    {
        var p = camera.Project(JunctionCameras.At(arm, a, b, 0));
        return new PicturePoint(Math.Round(p.X, 4), Math.Round(p.Y, 4));
    }
}

/// <summary>A gate on the ground, in the frame of the arm whose camera watches it, with the way that counts (a, b) as forward.</summary>
internal sealed record JunctionGate(string Name, Turn? Turn, double FromA, double FromB, double ToA, double ToB, double GoesA, double GoesB);

/// <summary>
/// Where the gates of each camera lie. A vehicle is where the middle of its box's lower edge is: its nearest corner or side on the road,
/// about a metre nearer to the camera than its middle. So gates reach far enough towards the camera, and the entry lies well past
/// the stop line: there nobody stands on it, and noise cannot cross it twice.
/// </summary>
internal static class JunctionGates
{
    public static readonly IReadOnlyList<JunctionGate> All =
    [
        new("in", null, -0.1, 8.8, JunctionLayout.HalfWidth, 8.8, 0, -1),
        new("left", Turn.Left, 8.8, 8.6, 8.8, 2.6, 1, 0),
        new("through", Turn.Through, 2.2, -0.8, 8.4, -0.8, 0, -1),
        new("right", Turn.Right, -6.4, 2.2, -6.4, -4.6, -1, 0),
    ];
}
