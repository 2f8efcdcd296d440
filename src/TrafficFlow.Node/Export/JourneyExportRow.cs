using System.Globalization;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Node.Export;

/// <summary>A row of an exported file: one vehicle's way over a junction. The names are the file's columns, in their order.</summary>
internal sealed record JourneyExportRow
{
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm:ss.fffzzz";

    [JsonPropertyName("site")]
    public string Site { get; init; } = "";

    [JsonPropertyName("approach")]
    public string Approach { get; init; } = "";

    [JsonPropertyName("exit")]
    public string Exit { get; init; } = "";

    [JsonPropertyName("class")]
    public string Class { get; init; } = "";

    [JsonPropertyName("size")]
    public string Size { get; init; } = "";

    [JsonPropertyName("class_confidence")]
    public double ClassConfidence { get; init; }

    [JsonPropertyName("colour")]
    public string Colour { get; init; } = "";

    [JsonPropertyName("time_zone")]
    public string TimeZone { get; init; } = "";

    /// <summary>By the site's clock, with its offset to UTC.</summary>
    [JsonPropertyName("entered")]
    public string Entered { get; init; } = "";

    [JsonPropertyName("left")]
    public string Left { get; init; } = "";

    [JsonPropertyName("first_seen")]
    public string FirstSeen { get; init; } = "";

    [JsonPropertyName("last_seen")]
    public string LastSeen { get; init; } = "";

    [JsonPropertyName("enter_speed_kmh")]
    public double? EnterSpeedKmh { get; init; }

    [JsonPropertyName("leave_speed_kmh")]
    public double? LeaveSpeedKmh { get; init; }

    [JsonPropertyName("speed_error_kmh")]
    public double? SpeedErrorKmh { get; init; }

    [JsonPropertyName("distance_m")]
    public double DistanceMetres { get; init; }

    [JsonPropertyName("stops")]
    public int Stops { get; init; }

    [JsonPropertyName("stopped_s")]
    public double StoppedSeconds { get; init; }

    [JsonPropertyName("delay_s")]
    public double DelaySeconds { get; init; }

    [JsonPropertyName("cameras")]
    public int Cameras { get; init; }

    [JsonPropertyName("site_hash")]
    public string SiteHash { get; init; } = "";

    [JsonPropertyName("model")]
    public string Model { get; init; } = "";

    [JsonPropertyName("model_version")]
    public string ModelVersion { get; init; } = "";

    [JsonPropertyName("calibration")]
    public string Calibration { get; init; } = "";

    /// <summary>For `trafficflow why`.</summary>
    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    /// <summary>Right of the middle of the approach's first entering gate.</summary>
    [JsonPropertyName("lateral_m")]
    public double? LateralMetres { get; init; }

    /// <summary>When it joined the queue; empty where it did not.</summary>
    [JsonPropertyName("queued")]
    public string Queued { get; init; } = "";

    /// <summary>From the entering gate back to its rear then.</summary>
    [JsonPropertyName("queued_m")]
    public double? QueuedMetres { get; init; }

    public static JourneyExportRow Of(Site site, StoredJourney stored)
    {
        var j = stored.Journey;
        return new JourneyExportRow
        {
            Site = site.Id.Value,
            Approach = j.Approach?.Value ?? "",
            Exit = j.Exit?.Value ?? "",
            Class = j.Class.Name(),
            Size = j.Size.Name(),
            ClassConfidence = Math.Round(j.ClassConfidence, 3),
            Colour = j.Colour.Name(),
            TimeZone = site.TimeZone.Id,
            Entered = Local(j.EnteredAt),
            Left = Local(j.LeftAt),
            FirstSeen = Local(j.FirstSeenAt),
            LastSeen = Local(j.LastSeenAt),
            EnterSpeedKmh = Rounded(j.EnterSpeedKmh),
            LeaveSpeedKmh = Rounded(j.LeaveSpeedKmh),
            SpeedErrorKmh = Rounded(j.SpeedErrorKmh),
            DistanceMetres = Math.Round(j.DistanceMetres, 1),
            Stops = j.Stops,
            StoppedSeconds = Math.Round(j.StoppedSeconds, 1),
            DelaySeconds = Math.Round(j.DelaySeconds, 1),
            Cameras = j.Cameras,
            SiteHash = stored.Provenance.SiteHash,
            Model = stored.Provenance.DetectorName,
            ModelVersion = stored.Provenance.DetectorVersion,
            Calibration = stored.Provenance.Calibration,
            Id = new EntryId(stored.Junction, stored.Position).ToString(),
            LateralMetres = Rounded(j.LateralMetres),
            Queued = Local(j.QueuedAt),
            QueuedMetres = Rounded(j.QueuedMetres),
        };

        string Local(DateTimeOffset? time) => time is { } t ? TimeZoneInfo.ConvertTime(t, site.TimeZone).ToString(LocalTime, CultureInfo.InvariantCulture) : "";
    }

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, 1) : null;
}
