using System.Globalization;
using System.Text.Json;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Core.Learning;

/// <summary>
/// Labels in the format of COCO's object detection, as pycocotools reads it: images, annotations (bbox x, y, width, height in pixels; area; iscrowd 0; ids from 1) and categories. Beside them stand, where they are known,
/// `score` and `track_id`, and of images `sequence`, `frame` and `date_captured`.
/// </summary>
public static class CocoText
{
    /// <summary>Bytes of a file that is read.</summary>
    public const int LongestFile = 256 * 1024 * 1024;

    /// <summary>A box may lie so many pixels outside of its picture, by rounding.</summary>
    private const double Tolerance = 1;

    private const int MostErrors = 50;

    public static void Write(Stream to, LearningSet set)
    {
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        json.WriteStartObject("info");
        json.WriteString("description", $"TrafficFlow {set.Site}, {set.Copy}: to be destroyed by {set.Until.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        json.WriteString("version", "1");
        json.WriteNumber("year", set.Made.Year);
        json.WriteString("date_created", set.Made.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteStartArray("licenses");
        json.WriteEndArray();
        json.WriteStartArray("categories");
        for (var id = 1; id <= LabelClasses.Names.Count; id++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", id);
            json.WriteString("name", LabelClasses.NameOf(id));
            json.WriteString("supercategory", id is 6 ? "person" : "vehicle");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("images");
        foreach (var (sequence, picture) in Pictures(set))
        {
            json.WriteStartObject();
            json.WriteNumber("id", picture.Id);
            json.WriteString("file_name", picture.File);
            json.WriteNumber("width", sequence.Width);
            json.WriteNumber("height", sequence.Height);
            json.WriteString("date_captured", picture.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("sequence", sequence.Name);
            json.WriteNumber("frame", picture.Frame);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("annotations");
        var next = 1;
        foreach (var (_, picture) in Pictures(set))
        {
            foreach (var box in picture.Boxes ?? []) Write(json, next++, picture.Id, box);
            json.Flush();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads labels that were corrected. What is wrong is told, each thing with where it stands; at most 50 of them.</summary>
    /// <param name="set">Whose pictures they are of. Pictures that the file leaves out are labelled by nobody; those with no annotation are empty.</param>
    /// <returns>The set with the labels of the file, and what is wrong: then the set is not to be used.</returns>
    public static (LearningSet Set, IReadOnlyList<string> Errors) Read(ReadOnlyMemory<byte> file, LearningSet set)
    {
        var errors = new List<string>();
        if (file.Length > LongestFile) return (set, [$"the file has {file.Length} bytes, and {LongestFile} are the most: split it by sequences"]);
        try
        {
            using var json = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 16 });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return (set, ["it is no object: images, annotations and categories are expected"]);
            foreach (var part in new[] { "images", "annotations", "categories" })
            {
                if (!root.TryGetProperty(part, out var list) || list.ValueKind != JsonValueKind.Array) errors.Add($"{part} is missing, or no list");
            }

            return errors.Count > 0 ? (set, errors) : Read(root, set, errors);
        }
        catch (JsonException e)
        {
            return (set, [$"it is no JSON: line {(e.LineNumber ?? 0) + 1}, {e.Message.Split(". Path")[0]}"]);
        }
    }

    private static (LearningSet Set, IReadOnlyList<string> Errors) Read(JsonElement root, LearningSet set, List<string> errors)
    {
        var classes = ReadCategories(root.GetProperty("categories"), errors);
        var known = Pictures(set).ToDictionary(p => p.Picture.File, p => p, StringComparer.Ordinal);
        var labels = new Dictionary<long, (LearningSequence Sequence, LearningPicture Picture, List<LabelBox> Boxes)>();
        foreach (var (image, at) in root.GetProperty("images").EnumerateArray().Select((e, i) => (e, i)))
        {
            if (errors.Count >= MostErrors) return (set, errors);
            if (Whole(image, "id") is not { } id) errors.Add($"images[{at}] has no whole id");
            else if (Text(image, "file_name") is not { } name || !known.TryGetValue(name, out var found)) errors.Add($"images[{at}] (id {id}): \"{PlainText.Of(Text(image, "file_name") ?? "", 120)}\" is no picture of this set");
            else if ((Whole(image, "width"), Whole(image, "height")) is var (w, h) && (w != found.Sequence.Width || h != found.Sequence.Height)) errors.Add($"images[{at}] (id {id}): {w}x{h}, and the picture is {found.Sequence.Width}x{found.Sequence.Height}: labels of another size are of no use");
            else if (!labels.TryAdd(id, (found.Sequence, found.Picture, []))) errors.Add($"images[{at}]: id {id} is there twice");
            else if (labels.Values.Count(l => l.Picture.Id == found.Picture.Id) > 1 && labels.Count < 2000) errors.Add($"images[{at}]: {PlainText.Of(name, 120)} is there twice");
        }

        var ids = new HashSet<long>();
        foreach (var (annotation, at) in root.GetProperty("annotations").EnumerateArray().Select((e, i) => (e, i)))
        {
            if (errors.Count >= MostErrors) return (set, errors);
            if (Whole(annotation, "id") is not { } id || id < 1) errors.Add($"annotations[{at}] has no id of 1 or more");
            else if (!ids.Add(id)) errors.Add($"annotations[{at}]: id {id} is there twice");
            else if (Whole(annotation, "image_id") is not { } image || !labels.TryGetValue(image, out var picture)) errors.Add($"annotation {id} is of image {Whole(annotation, "image_id")?.ToString(CultureInfo.InvariantCulture) ?? "?"}, which is not among images");
            else if (Whole(annotation, "category_id") is not { } category || !classes.TryGetValue(category, out var label)) errors.Add($"annotation {id} is of category {Whole(annotation, "category_id")?.ToString(CultureInfo.InvariantCulture) ?? "?"}, which is not among categories");
            else if (Whole(annotation, "iscrowd") is 1) errors.Add($"annotation {id} is a crowd (iscrowd 1): draw single boxes");
            else if (Box(annotation) is not { } box) errors.Add($"annotation {id}: bbox is not [x, y, width, height], each a number, width and height above 0");
            else if (Outside(box, picture.Sequence)) errors.Add(string.Create(CultureInfo.InvariantCulture, $"annotation {id}: the box {box.X:0.#}, {box.Y:0.#}, {box.Width:0.#} x {box.Height:0.#} lies outside of the picture of {picture.Sequence.Width}x{picture.Sequence.Height}"));
            else picture.Boxes.Add(box with { Class = label, Track = Whole(annotation, "track_id") is { } track and > 0 and <= int.MaxValue ? (int)track : null });
        }

        var byPicture = labels.Values.GroupBy(l => l.Picture.Id).ToDictionary(g => g.Key, g => g.First().Boxes);
        return (With(set, p => byPicture.GetValueOrDefault(p.Id)), errors);
    }

    /// <summary>The same set with other labels.</summary>
    internal static LearningSet With(LearningSet set, Func<LearningPicture, IReadOnlyList<LabelBox>?> boxes) =>
        set with { Sequences = [.. set.Sequences.Select(s => s with { Pictures = [.. s.Pictures.Select(p => p with { Boxes = boxes(p) })] })] };

    internal static bool Outside(in LabelBox box, LearningSequence of) =>
        box.X < -Tolerance || box.Y < -Tolerance || box.X + box.Width > of.Width + Tolerance || box.Y + box.Height > of.Height + Tolerance;

    private static Dictionary<long, int> ReadCategories(JsonElement categories, List<string> errors)
    {
        var classes = new Dictionary<long, int>();
        foreach (var (category, at) in categories.EnumerateArray().Select((e, i) => (e, i)).Take(1000))
        {
            var name = Text(category, "name");
            if (Whole(category, "id") is not { } id) errors.Add($"categories[{at}] has no whole id");
            else if (LabelClasses.Find(name) is var label && label == 0) errors.Add($"category {id}: \"{PlainText.Of(name ?? "", 60)}\" is unknown; there are {string.Join(", ", LabelClasses.Names)}");
            else if (!classes.TryAdd(id, label)) errors.Add($"categories[{at}]: id {id} is there twice");
        }

        return classes;
    }

    private static void Write(Utf8JsonWriter json, int id, int image, in LabelBox box)
    {
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", box.Class);
        json.WriteStartArray("bbox");
        foreach (var value in new[] { box.X, box.Y, box.Width, box.Height }) json.WriteNumberValue(Math.Round(value, 2));
        json.WriteEndArray();
        json.WriteNumber("area", Math.Round(Math.Round(box.Width, 2) * Math.Round(box.Height, 2), 4));
        json.WriteNumber("iscrowd", 0);
        json.WriteNumber("score", Math.Round(box.Score, 4));
        if (box.Track is { } track) json.WriteNumber("track_id", track);
        json.WriteEndObject();
    }

    private static IEnumerable<(LearningSequence Sequence, LearningPicture Picture)> Pictures(LearningSet set) => set.Sequences.SelectMany(s => s.Pictures, (s, p) => (s, p));

    private static LabelBox? Box(JsonElement annotation)
    {
        if (annotation.ValueKind != JsonValueKind.Object || !annotation.TryGetProperty("bbox", out var bbox) || bbox.ValueKind != JsonValueKind.Array || bbox.GetArrayLength() != 4) return null;
        Span<double> values = stackalloc double[4];
        for (var i = 0; i < 4; i++)
        {
            if (bbox[i].ValueKind != JsonValueKind.Number || !bbox[i].TryGetDouble(out values[i]) || !double.IsFinite(values[i])) return null;
        }

        return values[2] > 0 && values[3] > 0 ? new LabelBox(0, values[0], values[1], values[2], values[3]) : null;
    }

    private static long? Whole(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) ? whole : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
