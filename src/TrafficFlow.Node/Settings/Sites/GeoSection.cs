using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads where on the earth a site's surveyed points lie, if its file says it.</summary>
internal static class GeoSection
{
    private const double FarthestMetres = 1e8;

    public static GeoAnchor? Read(SettingsReader site)
    {
        if (site.OptionalSection("geo") is not { } reader) return null;
        var latitude = reader.Number("latitude", -GeoAnchor.MaxLatitude, GeoAnchor.MaxLatitude, "degrees north, WGS 84");
        var longitude = reader.Number("longitude", -180, 180, "degrees east, WGS 84");
        var bearing = reader.OptionalNumber("bearing", -360, 360, "degrees clockwise from true north") ?? 0;
        var at = default(GroundPoint);
        if (reader.Find("metres") is ConfList { Items.Count: 2 } pair)
        {
            var east = reader.Number(pair.Items[0], "metres[0]", -FarthestMetres, FarthestMetres, "metres east");
            var north = reader.Number(pair.Items[1], "metres[1]", -FarthestMetres, FarthestMetres, "metres north");
            at = new GroundPoint(east ?? 0, north ?? 0);
        }
        else if (reader.Has("metres"))
        {
            reader.Problem("metres", "is not a pair of numbers", "write [east, north] in metres, as in the ground points of the cameras");
        }

        reader.RefuseUnknown();
        return new GeoAnchor(latitude, longitude, bearing, at);
    }
}
