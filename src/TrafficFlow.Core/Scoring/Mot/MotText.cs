using System.Globalization;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>
/// The text form of the MOT challenge: a line a box, frame,id,left,top,width,height[,confidence[,...]]; further fields are passed over.
/// </summary>
public static class MotText
{
    private static readonly string[] Fields = ["frame", "id", "left", "top", "width", "height", "confidence"];

    /// <summary>Every malformed line becomes an error "LINE: reason"; what can be read is returned all the same.</summary>
    public static (IReadOnlyList<MotRow> Rows, IReadOnlyList<string> Errors) Read(IEnumerable<string> lines)
    {
        var rows = new List<MotRow>();
        var errors = new List<string>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Row(line, number, out var row) is { } reason) errors.Add($"{number}: {reason}");
            else rows.Add(row);
        }

        return (rows, errors);
    }

    /// <summary>What forbids these rows to be tracks: no number of their own, or the same one twice in a picture.</summary>
    public static IReadOnlyList<string> ErrorsOfTracks(IEnumerable<MotRow> rows)
    {
        var errors = new List<string>();
        var seen = new Dictionary<(int Frame, int Id), int>();
        foreach (var row in rows)
        {
            if (row.Id < 0) errors.Add($"{row.Line}: id is {row.Id}; a track has an id of 0 or more (is this a file of detections?)");
            else if (!seen.TryAdd((row.Frame, row.Id), row.Line))
                errors.Add($"{row.Line}: track {row.Id} is in frame {row.Frame} already, see line {seen[(row.Frame, row.Id)]}");
        }

        return errors;
    }

    public static string Write(in MotRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Frame},{row.Id},{row.Box.Left:0.##},{row.Box.Top:0.##},{row.Box.Width:0.##},{row.Box.Height:0.##},{row.Confidence:0.###},-1,-1,-1");

    /// <returns>Why the line is no row; null when it is one.</returns>
    private static string? Row(string line, int number, out MotRow row)
    {
        row = default;
        var texts = line.Split(',');
        if (texts.Length < 6) return $"{texts.Length} fields; a MOT line has at least 6: frame,id,left,top,width,height";
        Span<double> values = stackalloc double[7];
        values[6] = 1;
        for (var f = 0; f < Math.Min(7, texts.Length); f++)
        {
            if (!double.TryParse(texts[f], NumberStyles.Float, CultureInfo.InvariantCulture, out values[f]) || !double.IsFinite(values[f]))
                return $"{Fields[f]} is \"{PlainText.Of(texts[f].Trim(), 40)}\"; it is a number";
        }

        if (!IsWhole(values[0]) || values[0] < 1) return $"frame is {PlainText.Of(texts[0].Trim(), 40)}; frames are whole numbers from 1";
        if (!IsWhole(values[1])) return $"id is {PlainText.Of(texts[1].Trim(), 40)}; it is a whole number";
        if (values[4] < 0 || values[5] < 0) return $"the box is {PlainText.Of(texts[4].Trim(), 40)} wide and {PlainText.Of(texts[5].Trim(), 40)} high; neither is below 0";
        row = new MotRow((int)values[0], (int)values[1], new MotBox(values[2], values[3], values[4], values[5]), values[6], number);
        return null;
    }

    private static bool IsWhole(double value) => Math.Floor(value).Equals(value) && Math.Abs(value) <= int.MaxValue;
}
