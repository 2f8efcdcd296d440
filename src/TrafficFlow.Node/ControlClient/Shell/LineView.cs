using System.Globalization;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>What a terminal is sent to show a line that is being typed, on one row of it: a longer one is moved so that the cursor stays in sight. Pure.</summary>
internal static class LineView
{
    private const string RestOfLine = "\e[K";

    /// <summary>Left of the row must remain for what is typed.</summary>
    private const int LeastForText = 20;

    /// <param name="width">Columns of the terminal.</param>
    public static string Of(string prompt, string text, int cursor, int width)
    {
        var shownPrompt = PromptIn(prompt, width);
        // The last column stays free: a terminal that stands behind it goes to the next row.
        var room = Math.Max(1, width - shownPrompt.Length - 1);
        var from = cursor < room ? 0 : cursor - room + 1;
        var shown = text.Substring(from, Math.Min(room, text.Length - from));
        return string.Create(CultureInfo.InvariantCulture, $"\r{shownPrompt}{Plain(shown)}{RestOfLine}\r\e[{shownPrompt.Length + cursor - from + 1}G");
    }

    /// <summary>A long name gives way to what is typed.</summary>
    public static string PromptIn(string prompt, int width) => prompt.Length + LeastForText <= width ? prompt : "> ";

    // As many columns as there are characters.
    private static string Plain(string text) => PlainText.IsPlain(text) ? text : string.Concat(text.Select(c => PlainText.IsPlain([c]) ? c : '?'));
}
