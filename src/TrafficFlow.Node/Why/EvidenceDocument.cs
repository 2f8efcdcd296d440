using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TrafficFlow.Node.Why;

/// <summary>
/// Why one entry was counted, as it is kept: an object of JSON, in evidence.db of a node and a line each in evidence.jsonl of a count. Fields are only ever
/// added: what an older version did not write is null here, and what a newer one wrote besides is passed over.
/// </summary>
internal sealed record EvidenceDocument
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>CAMERA/EPOCH/SEQUENCE.</summary>
    public string Id { get; init; } = "";

    public string Site { get; init; } = "";

    /// <summary>IANA name.</summary>
    public string? Zone { get; init; }

    /// <summary>The counts that it made.</summary>
    public IReadOnlyList<CountedPart> Counted { get; init; } = [];

    public CrossingPart? Crossing { get; init; }

    /// <summary>Of a way from gate to gate.</summary>
    public CrossingPart? From { get; init; }

    public CrossingPart? To { get; init; }

    public JourneyPart? Journey { get; init; }

    /// <summary>Of the journey that this count belongs to.</summary>
    public long? ShareOf { get; init; }

    public MadeBy? MadeBy { get; init; }

    public WatchedPart? Watched { get; init; }

    /// <summary>Of a counted recording.</summary>
    public string? Video { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <returns>Null where it is none.</returns>
    public static EvidenceDocument? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<EvidenceDocument>(json, s_json) is { Id.Length: > 0 } document ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string Write(WatchedPart watched) => JsonSerializer.Serialize(watched, s_json);

    public static WatchedPart? ReadWatched(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<WatchedPart>(json, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="Time">Which decides on the bin.</param>
/// <param name="Sequence">Of the entry that carries it, in the log of the id; null in a counted recording.</param>
internal sealed record CountedPart(string Approach, string Movement, DateTimeOffset Time, string Class, string? Size, double? SpeedKmh, long? Sequence = null);

/// <param name="X">Of the box as detected: left, top, width, height; pixels.</param>
internal sealed record PicturePart(long Frame, DateTimeOffset Time, double X, double Y, double Width, double Height, double Score);

/// <param name="Meaning">What the site file says of the direction; null where it says nothing.</param>
internal sealed record CrossingPart(string Gate, string Direction, string? Meaning, long Track, DateTimeOffset Time)
{
    /// <summary>Size of the picture, pixels.</summary>
    public int? PictureWidth { get; init; }

    public int? PictureHeight { get; init; }

    public PicturePart? First { get; init; }
    public PicturePart? Before { get; init; }
    public PicturePart? After { get; init; }
    public PicturePart? Last { get; init; }

    /// <summary>Where the ground point met the line, pixels.</summary>
    public double? X { get; init; }

    public double? Y { get; init; }
    public double? BeforePixels { get; init; }
    public double? BeforeSizes { get; init; }
    public double? BeyondPixels { get; init; }
    public double? BeyondSizes { get; init; }
    public double? SeenShare { get; init; }
    public int? Detections { get; init; }
    public double? MeanScore { get; init; }
    public double? LeastScore { get; init; }
    public double? SureScore { get; init; }
    public string? Class { get; init; }
    public double? ClassConfidence { get; init; }
    public IReadOnlyDictionary<string, double>? Votes { get; init; }
    public IReadOnlyDictionary<string, double>? Looks { get; init; }
    public double? LengthM { get; init; }
    public double? SpeedKmh { get; init; }
    public double? SpeedErrorKmh { get; init; }
    public IReadOnlyList<string> Reasons { get; init; } = [];
    public long? OtherTrack { get; init; }
    public double? OtherShare { get; init; }
    public double? StreamForward { get; init; }
    public double? StreamBackward { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public long? DecidedFrame { get; init; }
}

internal sealed record JoinedPart(
    string Camera, long Track, long FirstFrame, DateTimeOffset From, long LastFrame, DateTimeOffset To, double? MatchScore,
    string Class, double ClassConfidence, int Detections, double MeanScore, double LeastScore, IReadOnlyDictionary<string, double>? Votes, IReadOnlyDictionary<string, double>? Looks);

internal sealed record GateLookPart(string Camera, long Track, DateTimeOffset Time, double SpeedKmh, double SpeedErrorKmh);

internal sealed record GatePassedPart(string Camera, string Gate, string Approach, DateTimeOffset Time, IReadOnlyList<GateLookPart> Looks);

internal sealed record JourneyPart(long Number, string? Approach, string? Exit)
{
    public IReadOnlyList<JoinedPart> Tracks { get; init; } = [];
    public GatePassedPart? Entry { get; init; }
    public GatePassedPart? Left { get; init; }
    public DateTimeOffset? FirstSeen { get; init; }
    public DateTimeOffset? LastSeen { get; init; }
    public string? Class { get; init; }
    public double? ClassConfidence { get; init; }
    public IReadOnlyDictionary<string, double>? Votes { get; init; }
    public double? DistanceM { get; init; }
    public int? Stops { get; init; }
    public IReadOnlyList<string> Reasons { get; init; } = [];
    public int? SecondImages { get; init; }
    public double? BesideShare { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
}

internal sealed record MadeBy(string Model, string ModelVersion, string Calibration, string SiteHash);

/// <param name="State">watching or degraded.</param>
/// <param name="Processed">Frames; of a junction, observations of its cameras.</param>
internal sealed record WatchedPart(DateTimeOffset From, DateTimeOffset To, string State, int? Processed = null, int? Dropped = null);
