using System.Globalization;
using System.Text;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Settings.HoconParsing;

/// <summary>A place in a HOCON text: characters, comments, keys and simple values.</summary>
/// <param name="isIncluded">Another file includes it.</param>
internal sealed class ConfCursor(string file, string text, bool isIncluded = false)
{
    private const string NotUnquoted = "$\"{}[]:=,#`^?!@*&\\";

    /// <summary>Of a key in a message: the file may be another than was meant.</summary>
    private const int LongestKey = 120;

    private int _at;

    public int Line { get; private set; } = 1;

    public Origin Here => new(file, Line) { IsIncluded = isIncluded };

    /// <summary>Characters before it.</summary>
    public int Position => _at;

    public bool AtEnd => _at >= text.Length;

    public char Peek => AtEnd ? '\0' : text[_at];

    public bool Sees(string what) => string.CompareOrdinal(text, _at, what, 0, what.Length) == 0;

    public char Take()
    {
        var c = text[_at++];
        if (c == '\n') Line++;
        return c;
    }

    public bool TakeIf(string what)
    {
        if (!Sees(what)) return false;
        for (var i = 0; i < what.Length; i++) Take();
        return true;
    }

    public void SkipBlanks()
    {
        while (!AtEnd && Peek is not '\n' && char.IsWhiteSpace(Peek)) Take();
    }

    /// <summary>Skips blanks, line ends and comments.</summary>
    public void SkipSpace()
    {
        while (true)
        {
            while (!AtEnd && char.IsWhiteSpace(Peek)) Take();
            if (!SeesComment) return;
            while (!AtEnd && Peek != '\n') Take();
        }
    }

    public bool SeesComment => Peek == '#' || Sees("//");

    /// <summary>One part of a dotted key. Unquoted parts end at a dot, a blank or a sign.</summary>
    public string Key()
    {
        if (Peek == '"') return Quoted();
        var key = new StringBuilder();
        while (!AtEnd && !char.IsWhiteSpace(Peek) && Peek != '.' && !NotUnquoted.Contains(Peek) && !SeesComment) key.Append(Take());
        if (key.Length > 0) return key.ToString();
        throw AtEnd ? Bad("the file ends where a key should stand", "complete it") : Bad($"found {Shown(Peek)} where a key should stand", "remove it");
    }

    /// <summary>An unquoted value up to the end of the line, a comma, a bracket or a comment.</summary>
    public string Unquoted()
    {
        var value = new StringBuilder();
        while (!AtEnd && Peek is not ('\n' or ',' or ']' or '}') && !SeesComment)
        {
            if (NotUnquoted.Contains(Peek)) throw Bad($"found {Shown(Peek)} in a value without quotes", "put the value in double quotes");
            value.Append(Take());
        }

        return value.ToString().Trim();
    }

    public string Quoted()
    {
        var start = Here;
        if (TakeIf("\"\"\"")) return TripleQuoted(start);
        Take();
        var value = new StringBuilder();
        while (Peek != '"')
        {
            if (AtEnd || Peek == '\n') throw Bad(start, "the quotes that open here are not closed on the line", "close them with \"");
            value.Append(Peek == '\\' ? Escaped() : Take());
        }

        Take();
        var read = value.ToString();
        return HalfOf(read) is { } half ? throw Bad(start, $"\\u{(int)half:x4} is half of a character", "write both halves, as in \\ud83d\\ude97, or the character itself") : read;
    }

    /// <summary>A surrogate without its other half, which no UTF-8 can hold; null where there is none.</summary>
    private static char? HalfOf(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return text[i];
            i++;
        }

        return null;
    }

    private string TripleQuoted(Origin start)
    {
        var value = new StringBuilder();
        while (!TakeIf("\"\"\""))
        {
            if (AtEnd) throw Bad(start, "the triple quotes that open here are not closed", "close them with \"\"\"");
            value.Append(Take());
        }

        return value.ToString();
    }

    private char Escaped()
    {
        Take();
        var escape = AtEnd ? '\0' : Take();
        if (escape != 'u')
        {
            var i = "\"\\/bfnrt".IndexOf(escape);
            return i >= 0 ? "\"\\/\b\f\n\r\t"[i] : throw Bad($"\\{escape} is no escape", "write a backslash as \\\\");
        }

        if (_at + 4 > text.Length
            || !ushort.TryParse(text.AsSpan(_at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Bad("\\u is not followed by four hexadecimal digits", "write for example \\u00e9");
        }

        _at += 4;
        return (char)code;
    }

    public ConfSyntaxException Bad(string what, string remedy) => Bad(Here, what, remedy);

    public static ConfSyntaxException Bad(Origin where, string what, string remedy, string key = "") =>
        new(new SettingsProblem(where.File, where.Line, PlainText.Of(key, LongestKey), what, remedy));

    public static string Shown(char c) => c < ' ' || c == '\u007f' ? $"the character U+{(int)c:X4}" : $"\"{c}\"";
}

/// <summary>A file is not HOCON: reading cannot go on behind this place.</summary>
internal sealed class ConfSyntaxException(SettingsProblem problem) : Exception(problem.ToString())
{
    public SettingsProblem Problem { get; } = problem;
}
