using System.Security.Cryptography;
using System.Text.Json;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>
/// First 16 hex digits of the SHA-256 over a site's canonical content: what is configured, not how or where the file is written. Sections
/// are unordered in HOCON and are sorted; lists keep their order. A source enters without user, password and query.
/// </summary>
internal static class SiteHash
{
    public static string Of(Site site, IReadOnlyDictionary<CameraId, string> writtenSources)
    {
        var content = new
        {
            id = site.Id.Value,
            name = site.Name,
            timeZone = site.TimeZone.Id,
            approaches = site.Approaches.OrderBy(a => a.Id.Value, StringComparer.Ordinal).Select(a => new { id = a.Id.Value, name = a.Name }),
            cameras = site.Cameras.OrderBy(c => c.Id.Value, StringComparer.Ordinal).Select(c => Camera(c, writtenSources[c.Id])),
        };
        // A site that does not say where on the earth it lies keeps the hash that it had before that could be said.
        var bytes = site.Geo is { } geo
            ? JsonSerializer.SerializeToUtf8Bytes(new { content, geo = new[] { geo.Latitude, geo.Longitude, geo.BearingDegrees, geo.At.X, geo.At.Y } })
            : JsonSerializer.SerializeToUtf8Bytes(content);
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
    }

    private static object Camera(CameraSetup c, string writtenSource)
    {
        var content = new
        {
            id = c.Id.Value,
            source = SourceAddress.WithoutCredentials(writtenSource),
            frame = new[] { c.Frame.Width, c.Frame.Height, c.Frame.FramesPerSecond },
            detector = c.Detector,
            masks = c.Masks.Select(m => m.Points.Select(Pair)),
            gates = c.Gates.OrderBy(g => g.Id.Value, StringComparer.Ordinal).Select(g => new
            {
                id = g.Id.Value,
                from = Pair(g.From),
                to = Pair(g.To),
                forward = Meaning(g.Forward),
                backward = Meaning(g.Backward),
            }),
            ground = c.Ground.Select(g => new { image = Pair(g.Image), metres = new[] { g.EastMetres, g.NorthMetres } }),
        };
        // A site that says neither keeps the hash that it had before they could be said: its counts go on.
        return c.Lens is null && c.GroundErrorMetres is null
            ? content
            : new { content, lens = c.Lens is { } lens ? new[] { lens.K1, lens.K2 } : [], groundError = c.GroundErrorMetres };
    }

    private static double[] Pair(PicturePoint point) => [point.X, point.Y];

    private static object? Meaning(GateMeaning? meaning) =>
        meaning is null ? null : new { role = meaning.Role == GateRole.Enters ? "enters" : "exits", approach = meaning.Approach.Value };
}
