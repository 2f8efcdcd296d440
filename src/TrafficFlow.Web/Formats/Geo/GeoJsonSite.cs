using System.Text.Json.Nodes;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Formats.Geo;

/// <summary>
/// A site as GeoJSON (RFC 7946): a FeatureCollection of the site (point), its approaches (points with the bearing of who enters) and its gates
/// (lines), as far as calibrated cameras see them. The member `unplaced` lists gates whose place is not known, and why. Pure.
/// </summary>
public static class GeoJsonSite
{
    public const string MediaType = "application/geo+json";

    // A centimetre.
    private const int Digits = 7;

    /// <exception cref="FormatRefusedException">The site file does not say where the site lies.</exception>
    public static JsonObject Of(Site site)
    {
        var place = SiteGeography.Of(site, "GeoJSON");
        var features = new JsonArray(SiteFeature(place));
        foreach (var approach in place.Approaches) features.Add(ApproachFeature(site, approach));
        foreach (var gate in place.Gates) features.Add(GateFeature(site, gate));
        return new JsonObject
        {
            ["type"] = "FeatureCollection",
            ["bbox"] = BoundingBox(place),
            ["features"] = features,
            ["unplaced"] = new JsonArray([.. place.Unplaced.Select(u => new JsonObject { ["camera"] = u.Camera.Value, ["gate"] = u.Gate.Value, ["reason"] = u.Why })]),
        };
    }

    public static JsonObject PointOf(GeoPosition position) => new() { ["type"] = "Point", ["coordinates"] = Coordinates(position) };

    private static JsonObject SiteFeature(SiteGeography place) => Feature(place.Site.Id.Value, PointOf(place.Position), new JsonObject
    {
        ["kind"] = "site",
        ["site"] = place.Site.Id.Value,
        ["name"] = place.Site.Name,
        ["time_zone"] = place.Site.TimeZone.Id,
        ["site_hash"] = place.Site.Hash,
    });

    private static JsonObject ApproachFeature(Site site, ApproachOnEarth approach) => Feature($"{site.Id}/{approach.Approach.Id}", PointOf(approach.Position), new JsonObject
    {
        ["kind"] = "approach",
        ["site"] = site.Id.Value,
        ["approach"] = approach.Approach.Id.Value,
        ["name"] = approach.Approach.Name,
        ["bearing_deg"] = Math.Round(approach.BearingDegrees, 1),
    });

    private static JsonObject GateFeature(Site site, GateOnEarth gate)
    {
        var line = new JsonObject { ["type"] = "LineString", ["coordinates"] = new JsonArray(Coordinates(gate.From), Coordinates(gate.To)) };
        return Feature($"{site.Id}/{gate.Camera}/{gate.Gate.Id}", line, new JsonObject
        {
            ["kind"] = "gate",
            ["site"] = site.Id.Value,
            ["camera"] = gate.Camera.Value,
            ["gate"] = gate.Gate.Id.Value,
            ["forward"] = Meaning(gate.Gate.Forward),
            ["backward"] = Meaning(gate.Gate.Backward),
            ["forward_bearing_deg"] = Math.Round(gate.BearingDegrees, 1),
            ["length_m"] = Math.Round(gate.LengthMetres, 2),
            ["error_m"] = Math.Round(gate.ErrorMetres, 2),
        });
    }

    private static string? Meaning(GateMeaning? meaning) => meaning is null ? null : $"{(meaning.Role == GateRole.Enters ? "enters" : "exits")} {meaning.Approach}";

    private static JsonObject Feature(string id, JsonObject geometry, JsonObject properties) =>
        new() { ["type"] = "Feature", ["id"] = id, ["geometry"] = geometry, ["properties"] = properties };

    private static JsonArray Coordinates(GeoPosition position) => new(Math.Round(position.Longitude, Digits), Math.Round(position.Latitude, Digits));

    private static JsonArray BoundingBox(SiteGeography place)
    {
        var all = place.Gates.SelectMany(g => new[] { g.From, g.To }).Append(place.Position).ToList();
        return
        [
            Math.Round(all.Min(p => p.Longitude), Digits), Math.Round(all.Min(p => p.Latitude), Digits),
            Math.Round(all.Max(p => p.Longitude), Digits), Math.Round(all.Max(p => p.Latitude), Digits),
        ];
    }
}
