using System.Globalization;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>How high plates' figures and faces can be at most in the unmasked pictures of one camera in a volume: what somebody who finds the disk, and its key, could read in them.</summary>
/// <param name="Width">Of its recorded pictures, pixels.</param>
/// <param name="Height">The same.</param>
/// <param name="PlatePixels">Of one figure of a plate; infinite where a plate may come as near as it likes; null where it cannot be said.</param>
/// <param name="FacePixels">The same of a face.</param>
/// <param name="WhyUnknown">With what to do; null where it is known.</param>
/// <param name="SiteHash">Of the configuration by which it was computed: the one in force when the volume was written; empty where there was none.</param>
/// <param name="Segments">Of this camera and size, in the volume.</param>
/// <param name="Earlier">Of them, recorded by another configuration: its masks or its calibration may have been others.</param>
public sealed record CarriedHeights(
    SiteId Site, CameraId Camera, int Width, int Height,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double? PlatePixels,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double? FacePixels,
    string? WhyUnknown, string SiteHash, int Segments, int Earlier)
{
    internal bool IsSound => SiteHash is not null && Width > 0 && Height > 0 && !(PlatePixels < 0) && !(FacePixels < 0) && Segments >= 0 && Earlier >= 0 && Earlier <= Segments
        && PlatePixels is not double.NaN && FacePixels is not double.NaN && (WhyUnknown is not null || (PlatePixels is not null && FacePixels is not null));

    /// <summary>For people: one line.</summary>
    public override string ToString()
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{Site}/{Camera}, {Width}x{Height}: ");
        var earlier = Earlier == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {Earlier} of {Segments} segments were recorded by another configuration of the site, whose masks or calibration may have been others");
        return WhyUnknown is not null ? size + WhyUnknown + earlier : $"{size}figures of plates at most {Pixels(PlatePixels)}, faces {Pixels(FacePixels)}{earlier}";
    }

    private static string Pixels(double? height) => height is double.PositiveInfinity ? "as high as the picture" : string.Create(CultureInfo.InvariantCulture, $"{height:0.0} px");

    /// <summary>Of several volumes, each camera, size and figure once.</summary>
    public static IReadOnlyList<CarriedHeights> Of(IEnumerable<VolumeRecord> volumes) =>
        [.. volumes.SelectMany(v => v.Heights ?? []).GroupBy(h => h with { Segments = 0, Earlier = 0 }).Select(g => g.Key with { Segments = g.Sum(h => h.Segments), Earlier = g.Sum(h => h.Earlier) })];

    /// <summary>Of the segments of a volume, by camera and size of their pictures.</summary>
    /// <param name="siteOf">Its configuration in force; null where this node has none of it.</param>
    internal static IReadOnlyList<CarriedHeights> Of(IEnumerable<SegmentHeader> segments, Func<SiteId, Site?> siteOf) =>
        [.. segments.GroupBy(s => (s.Place.Site, s.Place.Camera, s.Frame.Width, s.Frame.Height)).OrderBy(g => g.Key.Site.Value, StringComparer.Ordinal).ThenBy(g => g.Key.Camera.Value, StringComparer.Ordinal).ThenBy(g => g.Key.Width).ThenBy(g => g.Key.Height)
            .Select(g => Of([.. g], siteOf(g.Key.Site)))];

    private static CarriedHeights Of(IReadOnlyList<SegmentHeader> segments, Site? site)
    {
        var (place, frame) = (segments[0].Place, segments[0].Frame);
        CarriedHeights Result(double? plate, double? face, string? why, string hash) =>
            new(place.Site, place.Camera, frame.Width, frame.Height, plate, face, why, hash, segments.Count, hash.Length == 0 ? 0 : segments.Count(s => s.SiteHash != hash));

        if (site is null) return Result(null, null, $"how large plates and faces are in the picture cannot be said: the settings of the node that wrote this named no site {place.Site}", "");
        if (site.Cameras.FirstOrDefault(c => c.Id == place.Camera) is not { } camera) return Result(null, null, $"how large plates and faces are in the picture cannot be said: site {place.Site} has no camera {place.Camera} any more", site.Hash);
        // The size that was recorded, not the one that the site's file asks for now.
        if (camera.Frame.Width != frame.Width || camera.Frame.Height != frame.Height) camera = camera with { Frame = frame };
        var heights = PictureCheck.Of(camera);
        return Result(heights.Plate, heights.Face, heights.WhyUnknown, site.Hash);
    }
}
