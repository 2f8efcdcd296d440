using System.Globalization;
using System.Text;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Calibrate;

/// <summary>The ground points of a camera as lines of a site file, and putting them into one.</summary>
internal static class GroundBlock
{
    private const string Signature = "# trafficflow calibrate:";

    private static readonly string[] s_keys = ["ground", "ground-error", "lens"];

    /// <summary>What is measured anew, with as many digits as are worth reading: a millionth of the picture, a millimetre.</summary>
    public static GroundReference AsWritten(GroundReference point) => new(
        new(Math.Round(point.Image.X, 6), Math.Round(point.Image.Y, 6)), Math.Round(point.EastMetres, 3), Math.Round(point.NorthMetres, 3));

    /// <summary>Every number as it is, to the last digit: the file must give the very same plane.</summary>
    /// <param name="about">Where the points come from, as a comment.</param>
    public static string Write(IEnumerable<GroundReference> points, double? groundError, LensDistortion? lens, string about, string indent)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{indent}{Signature} {about}\n{indent}ground = [\n");
        foreach (var p in points)
            text.Append(CultureInfo.InvariantCulture, $"{indent}  {{ image = [{Number(p.Image.X)}, {Number(p.Image.Y)}], metres = [{Number(p.EastMetres)}, {Number(p.NorthMetres)}] }}\n");
        text.Append(CultureInfo.InvariantCulture, $"{indent}]\n");
        if (groundError is { } error) text.Append(CultureInfo.InvariantCulture, $"{indent}ground-error = {Number(error)}\n");
        if (lens is not null) text.Append(CultureInfo.InvariantCulture, $"{indent}lens {{ k1 = {Number(lens.K1)}, k2 = {Number(lens.K2)} }}\n");
        return text.ToString();
    }

    /// <summary>
    /// Replaces the camera's ground, ground-error and lens in the text of a site file, or adds them at the end of its block; all else, comments
    /// included, stays as it is. Null where the camera is not written as a block of its own.
    /// </summary>
    /// <param name="block">Lines made by <see cref="Write"/>.</param>
    public static string? PutInto(string text, string camera, string block)
    {
        if (Find(text, camera) is not { } body) return null;
        var (open, close) = body;
        var cuts = new List<(int From, int To)>();
        foreach (var (key, from, to) in Members(text, open + 1, close))
        {
            if (key is null) return null;
            if (s_keys.Contains(key)) cuts.Add((WithSignature(text, LineStart(text, from)), LineEnd(text, to)));
            else if (s_keys.Any(k => key.StartsWith(k + ".", StringComparison.Ordinal))) return null;
        }

        // Members that share a line with others are not ours to tear apart.
        foreach (var (from, to) in cuts)
            if (Members(text, open + 1, close).Any(m => !s_keys.Contains(m.Key) && m.From < to && m.To > from)) return null;
        var at = cuts.Count > 0 ? cuts[0].From : LineStart(text, close);
        if (cuts.Count == 0 && text[at..close].Trim().Length > 0) return null;
        var result = new StringBuilder(text);
        foreach (var (from, to) in cuts.AsEnumerable().Reverse()) result.Remove(from, to - from);
        return result.Insert(at, block).ToString();
    }

    /// <summary>Writes a site file whole or not at all, after reading it back.</summary>
    /// <exception cref="JobFailedException">It cannot be written, or does not read back as what was meant.</exception>
    public static void Save(string file, string text, string? config, CameraId camera, string version)
    {
        if (new FileInfo(file).LinkTarget is { } other)
            throw new JobFailedException($"{file} was not changed: it is a link to {other}, and writing would put a file in the link's place. Name the file itself");
        try
        {
            using var draft = FileDraft.Of(file);
            using (var stream = draft.Open()) stream.Write(Encoding.UTF8.GetBytes(text));
            var read = SiteSettings.Load(draft.Path, config).Site.FindCamera(camera)?.Plane?.Version;
            if (read != version) throw new JobFailedException($"{file} was not changed: read back, the ground points are not the same ({read}, not {version}). Write them in by hand");
            // The account of the node reads it too.
            draft.KeepMode();
            draft.Move();
        }
        catch (SettingsException e)
        {
            throw new JobFailedException($"{file} was not changed: with the new ground points it would be wrong: {string.Join("; ", e.Problems)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file} cannot be written: {e.Message}", e);
        }
    }

    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }

    private static (int Open, int Close)? Find(string text, string camera)
    {
        // trafficflow.site.cameras.CAMERA, whatever of it is written with dots.
        string[] path = ["trafficflow", "site", "cameras", camera];
        return Search(0, text.Length, 0);

        (int, int)? Search(int from, int to, int depth)
        {
            foreach (var (key, at, end) in Members(text, from, to))
            {
                if (key is null) continue;
                var parts = key.Split('.');
                if (!path.Skip(depth).Take(parts.Length).SequenceEqual(parts)) continue;
                var open = text.IndexOf('{', at + key.Length);
                if (open < 0 || open >= end) continue;
                if (depth + parts.Length == path.Length) return (open, end - 1);
                if (Search(open + 1, end - 1, depth + parts.Length) is { } found) return found;
            }

            return null;
        }
    }

    /// <summary>The keys of a section with where each begins and where its value ends; a null key is something that this scanner does not understand.</summary>
    private static IEnumerable<(string? Key, int From, int To)> Members(string text, int from, int to)
    {
        var i = from;
        while (true)
        {
            i = SkipSpace(text, i, to);
            while (i < to && text[i] == ',') i = SkipSpace(text, i + 1, to);
            if (i >= to) yield break;
            var start = i;
            while (i < to && (char.IsLetterOrDigit(text[i]) || text[i] is '-' or '_' or '.' or '"')) i++;
            if (i == start)
            {
                yield return (null, start, to);
                yield break;
            }

            var key = text[start..i].Replace("\"", "", StringComparison.Ordinal);
            i = SkipSpace(text, i, to);
            if (i < to && text[i] is '=' or ':') i = SkipSpace(text, i + 1, to);
            i = ValueEnd(text, i, to);
            yield return (key, start, i);
        }
    }

    private static int ValueEnd(string text, int i, int to)
    {
        var depth = 0;
        while (i < to)
        {
            if (text[i] == '"')
            {
                i++;
                while (i < to && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
            }
            else if (IsComment(text, i))
            {
                if (depth == 0) return i;
                while (i < to && text[i] != '\n') i++;
                continue;
            }
            else if (text[i] is '{' or '[')
            {
                depth++;
            }
            else if (text[i] is '}' or ']')
            {
                if (--depth == 0) return i + 1;
            }
            else if (depth == 0 && text[i] is '\n' or ',')
            {
                if (depth == 0) return i;
            }

            i++;
        }

        return to;
    }

    private static int SkipSpace(string text, int i, int to)
    {
        while (i < to)
        {
            if (char.IsWhiteSpace(text[i])) i++;
            else if (IsComment(text, i)) while (i < to && text[i] != '\n') i++;
            else break;
        }

        return i;
    }

    private static bool IsComment(string text, int i) => text[i] == '#' || (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '/');

    /// <summary>The line above too, where it is the comment that the last calibration wrote.</summary>
    private static int WithSignature(string text, int lineStart)
    {
        if (lineStart == 0) return lineStart;
        var above = LineStart(text, lineStart - 1);
        return text[above..lineStart].TrimStart().StartsWith(Signature, StringComparison.Ordinal) ? above : lineStart;
    }

    private static int LineStart(string text, int at) => text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1;

    private static int LineEnd(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;
}
