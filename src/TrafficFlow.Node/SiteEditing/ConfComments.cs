using System.Text;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Comments of a settings file, as its reader sees them.</summary>
internal static class ConfComments
{
    public static IReadOnlyList<string> Of(string text) => [.. Spans(text).Select(s => text[s.Start..s.End].Trim())];

    /// <summary>Those that stand in a text more often than in another.</summary>
    public static IReadOnlyList<string> Lost(string before, string after)
    {
        var left = Of(after).GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count());
        return [.. Of(before).Where(c => left.TryGetValue(c, out var n) && n > 0 ? (left[c] = n - 1) < 0 : true)];
    }

    /// <summary>The text without the secrets that people note in its comments.</summary>
    public static string Hide(string text)
    {
        var shown = new StringBuilder();
        var at = 0;
        foreach (var (start, end) in Spans(text))
        {
            shown.Append(text, at, start - at).Append(Secrets.HideInComment(text[start..end]));
            at = end;
        }

        return shown.Append(text, at, text.Length - at).ToString();
    }

    private static List<TextSpan> Spans(string text)
    {
        var comments = new List<TextSpan>();
        for (var i = 0; i < text.Length; i++)
        {
            if (string.CompareOrdinal(text, i, "\"\"\"", 0, 3) == 0)
            {
                i = text.IndexOf("\"\"\"", i + 3, StringComparison.Ordinal) is var end and >= 0 ? end + 2 : text.Length;
            }
            else if (text[i] == '"')
            {
                for (i++; i < text.Length && text[i] is not ('"' or '\n'); i++)
                {
                    if (text[i] == '\\') i++;
                }
            }
            else if (text[i] == '#' || string.CompareOrdinal(text, i, "//", 0, 2) == 0)
            {
                var end = text.IndexOf('\n', i) is var at and >= 0 ? at : text.Length;
                comments.Add(new TextSpan(i, end));
                i = end;
            }
        }

        return comments;
    }
}
