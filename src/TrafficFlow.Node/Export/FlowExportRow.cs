using System.Globalization;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Node.Export;

/// <summary>A row of an exported file: one movement and class in one bin. The names are the file's columns, in their order.</summary>
internal sealed record FlowExportRow
{
    /// <summary>Beside the qualities of a bin: no such bin is stored.</summary>
    public const string Missing = "missing";

    private const string LocalTime = "yyyy-MM-dd'T'HH:mm:sszzz";

    [JsonPropertyName("site")]
    public string Site { get; init; } = "";

    [JsonPropertyName("approach")]
    public string Approach { get; init; } = "";

    [JsonPropertyName("movement")]
    public string Movement { get; init; } = "";

    [JsonPropertyName("class")]
    public string Class { get; init; } = "";

    /// <summary>Of the site's clock, where the bin begins.</summary>
    [JsonPropertyName("date")]
    public string Date { get; init; } = "";

    [JsonPropertyName("time")]
    public string Time { get; init; } = "";

    [JsonPropertyName("utc_offset")]
    public string UtcOffset { get; init; } = "";

    [JsonPropertyName("time_zone")]
    public string TimeZone { get; init; } = "";

    [JsonPropertyName("start")]
    public string Start { get; init; } = "";

    [JsonPropertyName("end")]
    public string End { get; init; } = "";

    [JsonPropertyName("start_utc")]
    public DateTime StartUtc { get; init; }

    [JsonPropertyName("bin_min")]
    public int BinMinutes { get; init; }

    /// <summary>Vehicles; null where the number is missing.</summary>
    [JsonPropertyName("count")]
    public int? Count { get; init; }

    [JsonPropertyName("small")]
    public int? Small { get; init; }

    [JsonPropertyName("large")]
    public int? Large { get; init; }

    [JsonPropertyName("speed_samples")]
    public int? SpeedSamples { get; init; }

    [JsonPropertyName("space_mean_speed_kmh")]
    public double? SpaceMeanSpeedKmh { get; init; }

    [JsonPropertyName("time_mean_speed_kmh")]
    public double? TimeMeanSpeedKmh { get; init; }

    [JsonPropertyName("quality")]
    public string Quality { get; init; } = "";

    /// <summary>Seconds in which every camera that feeds the approach watched.</summary>
    [JsonPropertyName("observed_s")]
    public double ObservedSeconds { get; init; }

    /// <summary>The same as a share of the bin, 0..1.</summary>
    [JsonPropertyName("coverage")]
    public double Coverage { get; init; }

    /// <summary>1 as the bin closed, more where late data changed it; null where there is no bin.</summary>
    [JsonPropertyName("revision")]
    public int? Revision { get; init; }

    [JsonPropertyName("site_hash")]
    public string SiteHash { get; init; } = "";

    [JsonPropertyName("model")]
    public string Model { get; init; } = "";

    [JsonPropertyName("model_version")]
    public string ModelVersion { get; init; } = "";

    [JsonPropertyName("calibration")]
    public string Calibration { get; init; } = "";

    /// <summary>
    /// Back of queue before the approach in this bin, the same in each of its rows: from the gate to the rear of the last queued vehicle,
    /// metres; null where nothing measured it.
    /// </summary>
    [JsonPropertyName("queue_mean_m")]
    public double? QueueMeanMetres { get; init; }

    [JsonPropertyName("queue_max_m")]
    public double? QueueMaxMetres { get; init; }

    [JsonPropertyName("queue_mean_vehicles")]
    public double? QueueMeanVehicles { get; init; }

    [JsonPropertyName("queue_max_vehicles")]
    public int? QueueMaxVehicles { get; init; }

    /// <param name="bin">Null where none is stored for this interval.</param>
    public static FlowExportRow Of(FlowExportKey key, Interval interval, FlowBin? bin, FlowStream stream)
    {
        var count = bin?.Count(stream.Movement, stream.Class);
        var sums = bin?.Rows.FirstOrDefault(r => r.Movement == stream.Movement && r.Class == stream.Class)?.Sums ?? default;
        var source = bin is null || bin.Sources.IsEmpty ? null : bin.Sources[^1].Provenance;
        return new FlowExportRow
        {
            Site = key.Site.Value,
            Approach = key.Approach.Value,
            Movement = stream.Movement.Name,
            Class = stream.Class.Name(),
            Date = interval.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Time = interval.From.ToString("HH:mm", CultureInfo.InvariantCulture),
            UtcOffset = interval.From.ToString("zzz", CultureInfo.InvariantCulture),
            TimeZone = key.TimeZone,
            Start = interval.From.ToString(LocalTime, CultureInfo.InvariantCulture),
            End = interval.To.ToString(LocalTime, CultureInfo.InvariantCulture),
            StartUtc = interval.From.UtcDateTime,
            BinMinutes = key.Duration.Minutes,
            Count = count,
            Small = count is null ? null : sums.Small,
            Large = count is null ? null : sums.Large,
            SpeedSamples = count is null ? null : sums.SpeedSamples,
            SpaceMeanSpeedKmh = Rounded(sums.SpaceMeanSpeedKmh),
            TimeMeanSpeedKmh = Rounded(sums.MeanSpeedKmh),
            Quality = bin is null ? Missing : bin.Quality.ToString().ToLowerInvariant(),
            ObservedSeconds = Math.Round(bin?.ObservedSeconds ?? 0, 1),
            Coverage = Math.Round(bin is null ? 0 : Math.Min(1, bin.Observed / interval.Length), 4),
            Revision = bin?.Revision,
            SiteHash = bin?.SiteHash ?? "",
            Model = source?.DetectorName ?? "",
            ModelVersion = source?.DetectorVersion ?? "",
            Calibration = source?.Calibration ?? "",
            QueueMeanMetres = Rounded(bin?.Queue?.MeanMetres),
            QueueMaxMetres = Rounded(bin?.Queue?.MaxMetres),
            QueueMeanVehicles = Rounded(bin?.Queue?.MeanVehicles),
            QueueMaxVehicles = bin?.Queue?.MaxVehicles,
        };
    }

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 1) : null;
}
