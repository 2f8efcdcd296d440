using System.Globalization;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Notices;

/// <summary>What a guideline tells of one camera in figures.</summary>
/// <param name="HeightMetres">Above the road; null where it is not calibrated.</param>
/// <param name="Compass">0 north, 1 north-east, … 7 north-west; null where it is not known, or the camera looks straight down.</param>
/// <param name="Approaches">Names of the arms in its picture.</param>
public sealed record CameraFigures(CameraSetup Camera, double? HeightMetres, int? Compass, IReadOnlyList<string> Approaches, double MaskedShare, LargestHeights Heights)
{
    private const double LeastLevelShare = 0.1;

    public static CameraFigures Of(NoticeFacts facts, CameraSetup camera)
    {
        var pose = camera.Plane is { } plane ? CameraPose.From(plane, (double)camera.Frame.Width / camera.Frame.Height) : null;
        var seen = camera.Gates.SelectMany(g => new[] { g.Forward?.Approach, g.Backward?.Approach }).OfType<ApproachId>().ToHashSet();
        return new CameraFigures(
            camera, pose?.HeightMetres, pose is null ? null : Octant(facts.Site, pose), [.. facts.Site.Approaches.Where(a => seen.Contains(a.Id)).Select(a => a.Name)],
            PictureCheck.MaskedShare(camera), facts.Heights.FirstOrDefault(h => h.Camera == camera.Id) ?? PictureCheck.Of(camera));
    }

    /// <summary>Pixels to the tenth, or a dash where it cannot be said.</summary>
    public static string Pixels(double? height) => height switch
    {
        null => "–",
        double.PositiveInfinity => "∞",
        { } pixels => pixels.ToString("0.0", CultureInfo.InvariantCulture),
    };

    private static int? Octant(Site site, CameraPose pose)
    {
        var (east, north) = ((double)pose.Direction.X, (double)pose.Direction.Y);
        if (Math.Sqrt((east * east) + (north * north)) < LeastLevelShare) return null;
        var bearing = (site.Geo ?? new GeoAnchor(0, 0)).BearingOf(east, north);
        return (int)Math.Round(bearing / 45) % 8;
    }
}
