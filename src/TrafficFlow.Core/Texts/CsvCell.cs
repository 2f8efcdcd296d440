namespace TrafficFlow.Core.Texts;

/// <summary>
/// A text as a cell of a CSV file, for writers of every kind: a spreadsheet takes a text that begins with one of = + - @ for a formula and runs it, so
/// that an apostrophe goes before it, as OWASP advises. Numbers are not texts: -3.5 stays, and so does an offset from UTC.
/// </summary>
public static class CsvCell
{
    /// <summary>Safe in a spreadsheet and on a terminal, not yet quoted.</summary>
    public static string Text(string? text) => text switch
    {
        null or "" => "",
        _ when BeginsFormula(text) => $"'{PlainText.Of(text)}",
        _ => PlainText.Of(text),
    };

    /// <summary>The same, in quotes where RFC 4180 wants them.</summary>
    public static string Quoted(string? text)
    {
        var cell = Text(text);
        return cell.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }

    /// <summary>What was given to <see cref="Text"/>, as far as the apostrophe goes.</summary>
    public static string Read(string cell) => cell.Length > 1 && cell[0] == '\'' && BeginsFormula(cell[1..]) ? cell[1..] : cell;

    // Spreadsheets take the wide forms of East Asian keyboards too.
    private static bool BeginsFormula(string text) => !IsOffset(text) && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '＝' or '＋' or '－' or '＠';

    /// <summary>+09:00, the offset of a clock from UTC: a number of hours, which spreadsheets read as one.</summary>
    private static bool IsOffset(string text) => text is ['+' or '-', var h, var o, ':', var m, var n] && char.IsAsciiDigit(h) && char.IsAsciiDigit(o) && char.IsAsciiDigit(m) && char.IsAsciiDigit(n);
}
