namespace TrafficFlow.Node.SiteEditing;

/// <summary>Comments of a settings file, as its reader sees them.</summary>
internal static class ConfComments
{
    public static IReadOnlyList<string> Of(string text)
    {
        var comments = new List<string>();
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
                comments.Add(text[i..end].Trim());
                i = end;
            }
        }

        return comments;
    }

    /// <summary>Those that stand in a text more often than in another.</summary>
    public static IReadOnlyList<string> Lost(string before, string after)
    {
        var left = Of(after).GroupBy(c => c).ToDictionary(g => g.Key, g => g.Count());
        return [.. Of(before).Where(c => left.TryGetValue(c, out var n) && n > 0 ? (left[c] = n - 1) < 0 : true)];
    }
}
