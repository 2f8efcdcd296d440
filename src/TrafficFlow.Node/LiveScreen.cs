using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace TrafficFlow.Node;

/// <summary>
/// The terminal while something is shown on it that changes in place: a screen of its own, as `top` has one, so that what stood there before
/// comes back at the end. Each picture is cut to the terminal's size of that moment. Nothing else may write to it meanwhile.
/// </summary>
internal sealed class LiveScreen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[H\e[J";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string RestOfLine = "\e[K";
    private const string RestOfScreen = "\e[J";

    private readonly TextWriter _terminal = AnsiConsole.Profile.Out.Writer;
    private bool _isLeft;

    public LiveScreen() => Send(Enter);

    /// <summary>False for a pipe, a file, and a terminal that knows no cursor: lines are for these.</summary>
    public static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Columns of the terminal.</summary>
    public static int Width => AnsiConsole.Profile.Width;

    /// <summary>Lines of the terminal.</summary>
    public static int Height => AnsiConsole.Profile.Height;

    public void Show(IRenderable picture) => Send(Frame(SafeConsole.TextOf(picture, Width), Height));

    public void Dispose()
    {
        if (_isLeft) return;
        _isLeft = true;
        Send(Leave);
    }

    /// <summary>The text over what is on the screen, line by line; what is below the terminal's last line is left out.</summary>
    internal static string Frame(string text, int height)
    {
        var frame = new StringBuilder(Home);
        var lines = text.TrimEnd('\n').Split('\n');
        for (var i = 0; i < Math.Min(lines.Length, height); i++)
        {
            if (i > 0) frame.Append("\r\n");
            // Cleared first: behind a line as wide as the terminal the cursor still stands on its last character.
            frame.Append(RestOfLine).Append(lines[i].TrimEnd('\r'));
        }

        return (lines.Length < height ? frame.Append("\r\n").Append(RestOfScreen) : frame).ToString();
    }

    private void Send(string text)
    {
        _terminal.Write(text);
        _terminal.Flush();
    }
}
