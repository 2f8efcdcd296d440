using System.Text;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>Changes of places in a text, collected and then made at once: what is not named stays to the last character.</summary>
internal sealed class TextEdits(string text)
{
    private readonly List<(int Start, int End, string With, int Order)> _edits = [];

    public string Text => text;

    public void Replace(TextSpan span, string with) => _edits.Add((span.Start, span.End, with, _edits.Count));

    public void Insert(int at, string what) => Replace(new TextSpan(at, at), what);

    public void Delete(int start, int end) => Replace(new TextSpan(start, end), "");

    /// <exception cref="InvalidOperationException">Two of them meet: a mistake of whoever collected them.</exception>
    public string Apply()
    {
        var result = new StringBuilder();
        var (at, isRemoved) = (0, false);
        // What is inserted where something is removed stands before it.
        foreach (var (start, end, with, _) in _edits.OrderBy(e => e.Start).ThenBy(e => e.End).ThenBy(e => e.Order))
        {
            // What two of them remove is removed once.
            var isRemoval = with.Length == 0 && end > start;
            if (start < at && !(isRemoved && isRemoval)) throw new InvalidOperationException($"the edits at {start} and before {at} meet");
            if (start > at) result.Append(text, at, start - at);
            result.Append(with);
            (at, isRemoved) = (Math.Max(at, end), isRemoval);
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Behind the comma, blanks and comment that follow on the same line, or <paramref name="at"/> itself where something else does.</summary>
    public int EndOfLine(int at)
    {
        var i = at;
        while (i < text.Length && text[i] is (' ' or '\t' or ',' or '\r')) i++;
        if (i >= text.Length || text[i] == '\n') return TrimmedEnd(at, i);
        if (text[i] != '#' && string.CompareOrdinal(text, i, "//", 0, 2) != 0) return at;
        while (i < text.Length && text[i] != '\n') i++;
        return TrimmedEnd(at, i);
    }

    public bool IsLineEnd(int at) => at >= text.Length || text[at] is '\n' or '\r';

    /// <summary>Blanks before a place on its line; null where something else stands there.</summary>
    public string? Indentation(int at)
    {
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var blanks = text[start..at];
        return string.IsNullOrWhiteSpace(blanks) ? blanks : null;
    }

    /// <summary>Of the line that a place is on.</summary>
    public string IndentationOfLine(int at)
    {
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var end = start;
        while (end < text.Length && text[end] is (' ' or '\t')) end++;
        return text[start..end];
    }

    private int TrimmedEnd(int at, int end) => end > at && text[end - 1] == '\r' ? end - 1 : end;
}
