using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Notices;

/// <summary>
/// What the notices tell, part by part, as one hash each: which of them has changed since a version was published can be said without keeping what it was. The words of the notices are no part
/// of it: a new program alone makes no new version.
/// </summary>
public static class NoticeParts
{
    /// <summary>Of <see cref="NoticeFacts.Persons"/>: where nobody tells them, they are not compared.</summary>
    public const string Persons = "persons";

    /// <returns>16 hex digits by the name of the part.</returns>
    public static IReadOnlyDictionary<string, string> Of(NoticeFacts facts)
    {
        var (site, custody) = (facts.Site, facts.Custody);
        var parts = new Dictionary<string, object>
        {
            ["operator"] = custody.Operator,
            ["purposes"] = custody.Purposes,
            ["experiment"] = custody.Experiment is { } e ? new[] { Day(e.From), Day(e.Until) } : [],
            ["disk"] = custody.EncryptedDisk,
            ["link"] = new object[] { custody.EncryptedLink, custody.Networks.Select(n => new { n.Name, Range = n.Range.ToString(), n.Kind, n.SaidBy, SaidOn = Day(n.SaidOn) }) },
            ["retention"] = Enum.GetValues<KeptKind>().Select(k => new { k, Age = custody.Retention.Of(k).MaxAge?.TotalSeconds, Until = custody.Retention.Of(k).KeepUntil is { } day ? Day(day) : null }),
            ["two-person rule"] = custody.TwoPersons,
            ["inspections"] = new object?[] { custody.HandCarryWeeks, custody.InspectsEachWorkday },
            ["picture limits"] = custody.PictureLimits is { } limits ? new object?[] { limits.PlateCharacterPixels, limits.FacePixels, limits.Above } : [],
            ["requests"] = custody.Requests,
            ["recording"] = custody.Recording.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => new object?[] { r.Key, r.Value.InSomeHours, r.Value.End?.UtcDateTime, r.Value.Reason }),
            ["site"] = new object[] { site.Name, site.Approaches.Select(a => new[] { a.Id.Value, a.Name }) },
            ["cameras"] = site.Cameras.Select(c => new object?[] { c.Id.Value, custody.CameraPlaces.GetValueOrDefault(c.Id.Value), Approaches(c) }),
            ["resolution"] = site.Cameras.Select(c => new object[] { c.Id.Value, c.Frame.Width, c.Frame.Height, c.Frame.FramesPerSecond }),
            ["masks"] = site.Cameras.Select(c => new object[] { c.Id.Value, c.Masks.Select(m => m.Points.Select(p => new[] { p.X, p.Y })) }),
            // To the tenth of a pixel that is published.
            ["largest heights"] = facts.Heights.Select(h => new object?[] { h.Camera.Value, Tenths(h.Plate), Tenths(h.Face) }),
            [Persons] = facts.Persons.Select(p => new object?[] { p.Name, p.Duty, p.Since is { } day ? Day(day) : null }),
        };
        return parts.ToDictionary(p => p.Key, p => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(p.Value)))[..16], StringComparer.Ordinal);
    }

    /// <summary>The parts that differ, in order; those that only one of them knows are among them.</summary>
    public static IReadOnlyList<string> Changed(IReadOnlyDictionary<string, string> published, IReadOnlyDictionary<string, string> now) =>
        [.. published.Keys.Union(now.Keys).Where(k => published.GetValueOrDefault(k) != now.GetValueOrDefault(k)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Approaches(CameraSetup camera) =>
        camera.Gates.SelectMany(g => new[] { g.Forward?.Approach.Value, g.Backward?.Approach.Value }).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Tenths(double? pixels) => pixels?.ToString("0.0", CultureInfo.InvariantCulture);
}
