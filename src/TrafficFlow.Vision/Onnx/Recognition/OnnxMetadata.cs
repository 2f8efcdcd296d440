using System.Globalization;
using System.Text;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// What an exporter wrote into the file about the model. Ultralytics' exporters write task, stride, imgsz, names and more, as Python prints
/// them; others write nothing.
/// </summary>
public sealed class OnnxMetadata(IReadOnlyDictionary<string, string> values)
{
    public static readonly OnnxMetadata None = new(new Dictionary<string, string>());

    /// <summary>detect, segment, pose, classify, obb; null where the file does not say.</summary>
    public string? Task { get; } = values.GetValueOrDefault("task")?.Trim().ToLowerInvariant() is { Length: > 0 } task ? task : null;

    /// <summary>Class number -> name; null where the file does not say.</summary>
    public IReadOnlyDictionary<int, string>? Names { get; } = ReadNames(values.GetValueOrDefault("names"));

    /// <summary>Size of the picture that the model was exported for; null where the file does not say.</summary>
    public (int Width, int Height)? PictureSize { get; } = ReadSize(values.GetValueOrDefault("imgsz"));

    /// <summary>Width and height of the picture must be multiples of this, where the file says so.</summary>
    public int? Stride { get; } = int.TryParse(values.GetValueOrDefault("stride"), CultureInfo.InvariantCulture, out var stride) && stride > 0 ? stride : null;

    /// <summary>The description speaks of an RT-DETR of Ultralytics.</summary>
    public bool IsRtDetr { get; } = values.GetValueOrDefault("description") is { } description
        && (description.Contains("rtdetr", StringComparison.OrdinalIgnoreCase) || description.Contains("rt-detr", StringComparison.OrdinalIgnoreCase));

    /// <summary>`[640, 640]`: height, width.</summary>
    private static (int, int)? ReadSize(string? text)
    {
        var numbers = Parts(text).Where(p => !p.IsQuoted).Select(p => p.Text).ToList();
        return numbers is [var height, var width] && int.TryParse(height, CultureInfo.InvariantCulture, out var h)
            && int.TryParse(width, CultureInfo.InvariantCulture, out var w) && h > 0 && w > 0 ? (w, h) : null;
    }

    /// <summary>`{0: 'person', 1: "traffic light"}`, `{"0": "person"}` or `['person', 'bicycle']`.</summary>
    private static Dictionary<int, string>? ReadNames(string? text)
    {
        var isMap = text?.TrimStart().StartsWith('{') ?? false;
        var parts = Parts(text).ToList();
        var names = new Dictionary<int, string>();
        if (!isMap)
        {
            foreach (var part in parts) names[names.Count] = part.Text;
            return names.Count > 0 ? names : null;
        }

        for (var i = 0; i + 1 < parts.Count; i += 2)
        {
            if (!int.TryParse(parts[i].Text, CultureInfo.InvariantCulture, out var number) || number < 0) return null;
            names[number] = parts[i + 1].Text;
        }

        return parts.Count % 2 == 0 && names.Count > 0 ? names : null;
    }

    /// <summary>Words and quoted strings between brackets, colons and commas, as Python and JSON print them.</summary>
    private static IEnumerable<(string Text, bool IsQuoted)> Parts(string? text)
    {
        var word = new StringBuilder();
        for (var i = 0; i < (text?.Length ?? 0); i++)
        {
            var c = text![i];
            if (c is '\'' or '"')
            {
                word.Clear();
                for (i++; i < text.Length && text[i] != c; i++)
                {
                    if (text[i] == '\\' && i + 1 < text.Length) i++;
                    word.Append(text[i]);
                }

                yield return (word.ToString(), true);
                word.Clear();
            }
            else if (c is '{' or '}' or '[' or ']' or '(' or ')' or ':' or ',' or '\n')
            {
                if (word.ToString().Trim() is { Length: > 0 } plain) yield return (plain, false);
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        if (word.ToString().Trim() is { Length: > 0 } last) yield return (last, false);
    }
}
