using System.Text.Json;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Score;

namespace TrafficFlow.Node.Mark;

/// <summary>The marks of one clip and their file: each change is on the disk before it is answered.</summary>
internal sealed class MarkBook
{
    private const double MostKmh = 400;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _gates;
    private readonly double _seconds;
    private readonly HashSet<string> _movements;
    private readonly HashSet<string> _lightings;
    private List<TruthCrossing> _marks = [];

    /// <summary>Takes up the marks that the file holds already.</summary>
    /// <param name="seconds">Length of the clip.</param>
    /// <exception cref="JobFailedException">The file is there and is no truth of these gates.</exception>
    public MarkBook(string file, IEnumerable<GateId> gates, double seconds)
    {
        (File, _gates, _seconds) = (file, [.. gates.Select(g => g.Value)], seconds);
        if (System.IO.File.Exists(file)) _marks = [.. CrossingFiles.ReadTruth(file)];
        // The page has no key for these: it may give back what the file held, and nothing else.
        (_movements, _lightings) = ([.. _marks.Select(m => m.Movement ?? "")], [.. _marks.Select(m => m.Lighting ?? "")]);
        if (_marks.FirstOrDefault(m => !_gates.Contains(m.Gate.Value)) is { } stranger)
            throw new JobFailedException($"{file} holds marks of the gate {stranger.Gate}, which the camera does not have ({string.Join(", ", _gates)}): is it the truth of another camera? Name another file with --out");
    }

    public string File { get; }

    public int Count
    {
        get
        {
            lock (_lock) return _marks.Count;
        }
    }

    public string ToJson()
    {
        lock (_lock)
        {
            return JsonSerializer.Serialize(_marks.Select(m => new Mark(
                m.Gate.Value, m.Direction == CrossingDirection.Forward ? "forward" : "backward", m.TimeSeconds, m.Class?.Name() ?? "", m.Size.Name(), m.IsOptional,
                m.Colour.Name(), m.Movement, m.Lighting, m.SpeedKmh)), s_json);
        }
    }

    /// <summary>Takes all marks as the page has them now and saves them.</summary>
    /// <returns>Null, or what is wrong: then nothing changed.</returns>
    public string? Replace(string json)
    {
        try
        {
            var marks = (JsonSerializer.Deserialize<List<Mark?>>(json, s_json) ?? throw new FormatException("no list of marks")).ConvertAll(Read);
            lock (_lock)
            {
                TruthFile.Save(File, marks);
                _marks = marks;
            }

            return null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return $"the marks cannot be read: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{File} cannot be written, the marks are only on this page: {e.Message}";
        }
    }

    private TruthCrossing Read(Mark? mark)
    {
        if (mark is null) throw new FormatException("null is no mark");
        if (mark.Gate is null || !_gates.Contains(mark.Gate)) throw new FormatException($"there is no gate {Shown(mark.Gate)}");
        if (mark.Direction is not ("forward" or "backward")) throw new FormatException($"{Shown(mark.Direction)} is no direction");
        if (!(mark.Time >= 0 && mark.Time <= _seconds + 1)) throw new FormatException($"{mark.Time} s lies outside the clip");
        VehicleClass? vehicleClass = null;
        if (!string.IsNullOrEmpty(mark.Class)) vehicleClass = VehicleClassNames.TryParse(mark.Class, out var known) ? known : throw new FormatException($"{Shown(mark.Class)} is no class");
        var size = mark.Size switch
        {
            "small" => VehicleSize.Small,
            "large" => VehicleSize.Large,
            null or "" => vehicleClass?.Size() ?? VehicleSize.Unknown,
            _ => throw new FormatException($"{Shown(mark.Size)} is no size"),
        };
        if (mark.SpeedKmh is { } speed and not (>= 0 and <= MostKmh)) throw new FormatException($"{speed} km/h is no speed");
        return new TruthCrossing(
            new GateId(mark.Gate), mark.Direction == "forward" ? CrossingDirection.Forward : CrossingDirection.Backward, mark.Time, vehicleClass, size, mark.Optional)
        {
            Colour = Colour(mark.Colour),
            Movement = OneOf(_movements, mark.Movement, "movement"),
            Lighting = OneOf(_lightings, mark.Lighting, "lighting"),
            SpeedKmh = mark.SpeedKmh,
        };
    }

    private static string? OneOf(HashSet<string> known, string? name, string kind) =>
        string.IsNullOrEmpty(name) || known.Contains(name) ? name : throw new FormatException($"{Shown(name)} is no {kind} that the file had");

    private static VehicleColour Colour(string? name)
    {
        if (string.IsNullOrEmpty(name)) return VehicleColour.Unknown;
        foreach (var colour in VehicleColourNames.All)
        {
            if (colour.Name() == name) return colour;
        }

        throw new FormatException($"{Shown(name)} is no colour");
    }

    private static string Shown(string? given) => PlainText.Of(given ?? "null", 40);

    /// <summary>The page keeps what it has no key for as it came.</summary>
    private sealed record Mark(
        string? Gate, string? Direction, double Time, string? Class, string? Size, bool Optional, string? Colour, string? Movement, string? Lighting, double? SpeedKmh);
}
