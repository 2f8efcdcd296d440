using Spectre.Console;
using Spectre.Console.Rendering;

namespace TrafficFlow.Node.Calibrate;

/// <summary>A terminal on which questions are asked: Ctrl-D gives up as Ctrl-C does, and the terminal is left as it was found.</summary>
internal sealed class AskingConsole(IAnsiConsole console) : IAnsiConsole, IAnsiConsoleInput
{
    public Profile Profile => console.Profile;

    public IAnsiConsoleCursor Cursor => console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => console.ExclusivityMode;

    public RenderPipeline Pipeline => console.Pipeline;

    public void Clear(bool home) => console.Clear(home);

    public void Write(IRenderable renderable) => console.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => console.WriteAnsi(action);

    public bool IsKeyAvailable() => console.Input.IsKeyAvailable();

    public ConsoleKeyInfo? ReadKey(bool intercept) => Checked(console.Input.ReadKey(intercept));

    public async Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) =>
        Checked(await console.Input.ReadKeyAsync(intercept, cancellationToken));

    /// <summary>After a question without an answer: menus hide the cursor, and what is told next begins a line.</summary>
    public void Leave()
    {
        console.Cursor.Show();
        console.WriteLine();
    }

    private static ConsoleKeyInfo? Checked(ConsoleKeyInfo? key) =>
        key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } ? throw new OperationCanceledException("Ctrl-D") : key;
}
