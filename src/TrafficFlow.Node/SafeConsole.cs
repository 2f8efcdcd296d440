using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node;

/// <summary>
/// The last place before the terminal, for all that the process prints: names, reasons and file names come from cameras, peers and files, and what a
/// terminal would obey in them is written out. Tables and progress bars move the cursor by sequences of their own, which pass.
/// </summary>
internal static class SafeConsole
{
    /// <summary>For bars on standard error.</summary>
    public static IAnsiConsole OnError { get; private set; } = AnsiConsole.Console;

    public static void Begin()
    {
        // Both are made while the terminal's own writers are still in place: by these the library knows that it writes to a terminal.
        AnsiConsole.Console = Of(new OwnOutput(Console.Out));
        OnError = Of(new OwnOutput(Console.Error));
        Console.SetOut(new PlainWriter(Console.Out));
        Console.SetError(new PlainWriter(Console.Error));
    }

    /// <summary>A console for tables and bars whose texts are written out.</summary>
    public static IAnsiConsole Of(IAnsiConsoleOutput output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        console.Pipeline.Attach(new PlainHook());
        return console;
    }

    /// <summary>What a terminal of so many columns would be sent, with this terminal's colours.</summary>
    public static string TextOf(IRenderable shown, int width)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text),
            Ansi = AnsiConsole.Profile.Capabilities.Ansi ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Capabilities.ColorSystem = AnsiConsole.Profile.Capabilities.ColorSystem;
        console.Profile.Capabilities.Unicode = AnsiConsole.Profile.Capabilities.Unicode;
        console.Profile.Width = width;
        console.Pipeline.Attach(new PlainHook());
        console.Write(shown);
        return text.ToString();
    }

    /// <summary>Lines of text as <see cref="PlainText"/>.</summary>
    public sealed class PlainWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => inner.Write(PlainText.Lines(value.ToString()));

        public override void Write(string? value) => inner.Write(value is null ? null : PlainText.Lines(value));

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => inner.Write(PlainText.Lines(buffer.ToString()));

        public override void Flush() => inner.Flush();
    }

    private sealed class OwnOutput(TextWriter writer) : IAnsiConsoleOutput
    {
        private readonly AnsiConsoleOutput _inner = new(writer);

        public TextWriter Writer => writer;

        public bool IsTerminal { get; } = new AnsiConsoleOutput(writer).IsTerminal;

        public int Width => _inner.Width;

        public int Height => _inner.Height;

        public void SetEncoding(Encoding encoding) => _inner.SetEncoding(encoding);
    }

    private sealed class PlainHook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(r => new Plain(r));
    }

    private sealed class Plain(IRenderable shown) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => shown.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => shown.Render(options, maxWidth)
            .Select(s => s.IsControlCode || s.IsLineBreak || PlainText.IsPlain(s.Text) ? s : new Segment(PlainText.Lines(s.Text), s.Style));
    }
}
