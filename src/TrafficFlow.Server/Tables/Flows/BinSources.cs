using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>Qualities by the names that stand in the tables.</summary>
internal static class BinNames
{
    private static readonly (BinQuality Quality, string Name)[] Qualities =
    [
        (BinQuality.Complete, "complete"), (BinQuality.Partial, "partial"), (BinQuality.Blind, "blind"), (BinQuality.Degraded, "degraded"),
    ];

    public static string Of(BinQuality quality) => Qualities.Single(q => q.Quality == quality).Name;

    public static BinQuality Quality(string name) => Qualities.Single(q => q.Name == name).Quality;
}

/// <summary>The sources of a bin as JSON.</summary>
internal static class BinSources
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private sealed record Source(string Camera, string SiteHash, string Model, string ModelVersion, string Calibration);

    public static string Write(ImmutableArray<BinSource> sources) => JsonSerializer.Serialize(
        sources.Select(s => new Source(
            s.Camera.Value, s.Provenance.SiteHash, s.Provenance.DetectorName, s.Provenance.DetectorVersion, s.Provenance.Calibration)),
        Layout);

    public static ImmutableArray<BinSource> Read(string json) =>
    [
        .. JsonSerializer.Deserialize<Source[]>(json, Layout)!
            .Select(s => new BinSource(new CameraId(s.Camera), new Provenance(s.SiteHash, s.Model, s.ModelVersion, s.Calibration))),
    ];
}
