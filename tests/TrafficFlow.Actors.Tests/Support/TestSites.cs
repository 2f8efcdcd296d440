using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>Sites and counts to test with.</summary>
internal static class TestSites
{
    public static readonly SiteId Kokandori = new("kokandori");
    public static readonly ApproachId North = new("north");
    public static readonly ApproachId South = new("south");
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    public static readonly Provenance Motion = new("0123456789abcdef", "motion", "1", "none");

    public static TimeZoneInfo Tokyo => TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    /// <summary>A camera with a gate across the picture: downwards enters from the north.</summary>
    public static CameraSetup Camera(string id, string source = "rtsp://camera/1", double fps = 10) => new(
        new CameraId(id),
        source,
        new FrameFormat(64, 48, fps),
        "motion",
        [],
        [
            new Gate(
                new GateId("in"),
                new PicturePoint(0, 0.5),
                new PicturePoint(1, 0.5),
                new GateMeaning(GateRole.Enters, North),
                new GateMeaning(GateRole.Exits, North)),
        ],
        []);

    /// <summary>Two calibrated cameras that count: a site with a junction.</summary>
    public static Site Junction => Site([.. new[] { "cam1", "cam2" }.Select(id => Camera(id) with
    {
        Plane = new GroundPlane(new Homography(25.6, 0, 0, 0, -19.2, 0, 0, 0, 1), 0.1, "map"),
    })]);

    public static Site Site(params IReadOnlyList<CameraSetup> cameras) => new(
        Kokandori, "鋼管通り交差点", Tokyo, [new Approach(North, "北"), new Approach(South, "南")], cameras, "0123456789abcdef");
}
