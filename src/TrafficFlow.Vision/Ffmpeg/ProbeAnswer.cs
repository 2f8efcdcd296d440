using System.Globalization;
using System.Text.Json;

namespace TrafficFlow.Vision.Ffmpeg;

/// <summary>Reads what ffprobe answers to <see cref="FfmpegArguments.Probe"/>. Pure.</summary>
internal static class ProbeAnswer
{
    /// <summary>More pixels a side than any decoder takes.</summary>
    private const int MostPixels = 1 << 20;

    /// <summary>Decades: what is longer or faster was never measured, only written into a file's head.</summary>
    private const double MostSeconds = 1e9;
    private const double MostRate = 1e6;

    /// <returns>Null when there is no picture in the file.</returns>
    public static (VideoFile File, string Format)? Read(string path, string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return Read(path, document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (VideoFile File, string Format)? Read(string path, JsonElement root)
    {
        var streams = Items(root, "streams").ToList();
        if (streams.Count == 0) return null;
        var stream = streams[0];
        var format = Part(root, "format", JsonValueKind.Object) ?? default;
        if (Number(stream, "width") is not (>= 1 and <= MostPixels and var width) || Number(stream, "height") is not (>= 1 and <= MostPixels and var height)) return null;

        var (shownWidth, shownHeight) = IsOnItsSide(stream) ? (height, width) : (width, height);
        var file = new VideoFile(path, (int)shownWidth, (int)shownHeight, RateOf(root, stream), Length(stream, format), streams.Count);
        return (file, Text(format, "format_name") ?? "");
    }

    /// <summary>
    /// The shortest of what is told: a file's length may be that of a longer sound, a stream's that of pictures which an edit list leaves out.
    /// Matroska tells the end in a tag, and a length that counts from 0 though the pictures begin later.
    /// </summary>
    private static TimeSpan? Length(JsonElement stream, JsonElement format)
    {
        var start = Number(stream, "start_time") ?? 0;
        var isMatroska = Text(format, "format_name")?.Contains("matroska", StringComparison.Ordinal) == true;
        double?[] lengths =
        [
            Clock(Tag(stream, "DURATION")) - Math.Max(0, start),
            Number(stream, "duration"),
            Number(format, "duration") - (isMatroska ? Math.Max(0, start) : 0),
        ];
        return lengths.Where(l => l is > 0.00001 and < MostSeconds).Min() is { } shortest ? TimeSpan.FromSeconds(shortest) : null;
    }

    /// <summary>The container's mean, unless it is far from the pace of the first packets: a pause or a wrong clock makes nonsense of a mean.</summary>
    private static double? RateOf(JsonElement root, JsonElement stream)
    {
        var told = Fraction(Text(stream, "avg_frame_rate")) ?? Fraction(Text(stream, "r_frame_rate"));
        if (Pace(root, Number(stream, "index") ?? 0) is not { } pace) return told;
        return told is { } mean && mean > pace / 2 && mean < pace * 2 ? mean : pace;
    }

    private static double? Pace(JsonElement root, double index)
    {
        var times = Items(root, "packets").Where(p => Number(p, "stream_index") == index)
            .Select(p => Number(p, "pts_time") ?? Number(p, "dts_time")).OfType<double>().Order().ToList();
        var steps = times.Skip(1).Zip(times, (later, earlier) => later - earlier).Where(step => step > 0.0005).Order().ToList();
        // Few pictures say little.
        return steps.Count < 8 ? null : 1 / steps[steps.Count / 2];
    }

    private static bool IsOnItsSide(JsonElement stream)
    {
        foreach (var data in Items(stream, "side_data_list"))
            if (Number(data, "rotation") is { } degrees) return Math.Abs(Math.Abs(degrees % 180) - 90) < 45;
        return false;
    }

    private static string? Tag(JsonElement stream, string name) => Part(stream, "tags", JsonValueKind.Object) is { } tags ? Text(tags, name) : null;

    /// <summary>Null where it is absent or of another kind: a file's own words stand in the answer.</summary>
    private static JsonElement? Part(JsonElement of, string name, JsonValueKind kind) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    private static IEnumerable<JsonElement> Items(JsonElement of, string name) => Part(of, name, JsonValueKind.Array) is { } all ? all.EnumerateArray() : [];

    private static string? Text(JsonElement of, string name)
    {
        try
        {
            return Part(of, name, JsonValueKind.String)?.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }

    private static double? Number(JsonElement of, string name)
    {
        var number = Part(of, name, JsonValueKind.Number)?.GetDouble()
            ?? (double.TryParse(Text(of, name), CultureInfo.InvariantCulture, out var written) ? written : null);
        return number is { } finite && double.IsFinite(finite) ? finite : null;
    }

    /// <summary>Seconds of hours:minutes:seconds.</summary>
    private static double? Clock(string? text)
    {
        var parts = text?.Split(':');
        if (parts is not { Length: 3 }) return null;
        var sum = 0.0;
        foreach (var part in parts)
        {
            if (!double.TryParse(part, CultureInfo.InvariantCulture, out var value)) return null;
            sum = (sum * 60) + value;
        }

        return sum > 0 && double.IsFinite(sum) ? sum : null;
    }

    private static double? Fraction(string? fraction)
    {
        var parts = fraction?.Split('/');
        if (parts is not { Length: 2 }) return null;
        if (!double.TryParse(parts[0], CultureInfo.InvariantCulture, out var frames)) return null;
        if (!double.TryParse(parts[1], CultureInfo.InvariantCulture, out var seconds)) return null;
        return frames > 0 && seconds > 0 && frames / seconds is > 0 and <= MostRate and var rate ? rate : null;
    }
}
