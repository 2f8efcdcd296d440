using System.Globalization;
using System.Text;

namespace TrafficFlow.Core.Texts;

/// <summary>
/// Text of a peer, a camera or a file as it may be shown: what a terminal would obey instead of showing (escape sequences, control characters of both
/// kinds, marks that turn the direction of writing) is written out as \u001b, the way JSON does.
/// </summary>
public static class PlainText
{
    /// <summary>Whether all of it can be shown as it is, on one line.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (IsObeyed(c)) return false;
        }

        return true;
    }

    /// <summary>One line.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Written(text, keepsLines: false);

    /// <summary>One line of at most so many characters, for naming a value in a message.</summary>
    public static string Of(string text, int most) => Of(text.Length <= most ? text : $"{text[..most]}…");

    /// <summary>Lines and tabs stay: for what writes whole texts.</summary>
    public static string Lines(string text) => IsPlain(text) ? text : Written(text, keepsLines: true);

    private static string Written(string text, bool keepsLines)
    {
        var written = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var ends = c == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
            if (!IsObeyed(c) || (keepsLines && (c is '\n' or '\t' || ends))) written.Append(c);
            else written.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return written.ToString();
    }

    // A tab moves the cursor, a line or paragraph separator breaks the line of a page or a log.
    private static bool IsObeyed(char c) =>
        char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
