namespace TrafficFlow.Node.Settings;

/// <summary>Finds the word that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>The nearest known word, if it is near enough to be a slip of the pen.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) => known
        // So much longer or shorter it is another word, and a key of megabytes would take as many to compare.
        .Where(k => Math.Abs(k.Length - word.Length) <= Slip(word, k))
        .Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k.ToLowerInvariant())))
        .Where(k => k.Distance <= Slip(word, k.Word))
        .OrderBy(k => k.Distance)
        .ThenBy(k => k.Word, StringComparer.Ordinal)
        .Select(k => k.Word)
        .FirstOrDefault();

    private static int Slip(string word, string known) => Math.Max(1, Math.Min(word.Length, known.Length) / 3);

    /// <summary>«did you mean X?», or the list of what is known.</summary>
    public static string For(string word, IReadOnlyCollection<string> known, string what)
    {
        if (Nearest(word, known) is { } nearest) return $"did you mean {nearest}?";
        return known.Count == 0 ? $"there are no {what}" : $"{what}: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
    }

    /// <summary>Levenshtein, and two letters that changed places count as one slip.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
