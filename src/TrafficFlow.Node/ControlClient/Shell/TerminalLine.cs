using Spectre.Console;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>
/// Reads lines from the terminal, key by key. Ctrl-C is a key here and ends nothing by itself; what is not a line being typed watches for it with
/// <see cref="UntilInterruptedAsync"/>.
/// </summary>
internal sealed class TerminalLine : IDisposable
{
    private const int MostChoices = 100;
    private static readonly TimeSpan LookForKeys = TimeSpan.FromMilliseconds(50);

    private readonly TextWriter _terminal = AnsiConsole.Profile.Out.Writer;

    public TerminalLine() => Console.TreatControlCAsInput = true;

    /// <param name="complete">What Tab does to the line up to the cursor.</param>
    /// <returns>Null for Ctrl-D.</returns>
    public async Task<string?> ReadAsync(string prompt, IReadOnlyList<string> history, Func<string, Task<ShellCompletion>> complete, CancellationToken stop)
    {
        var line = new LineEditor(history);
        while (true)
        {
            Draw(prompt, line);
            // The wait for a key blocks its thread, and has the terminal show nothing of what is typed.
            var key = await Task.Run(() => Console.ReadKey(intercept: true), CancellationToken.None).WaitAsync(stop);
            switch (line.Press(key))
            {
                case LineEvent.Entered:
                    Send("\r\n");
                    return line.Text;
                case LineEvent.Ended:
                    Send("\r\n");
                    return null;
                case LineEvent.Cleared:
                    Send("^C\r\n");
                    break;
                case LineEvent.Redraw:
                    Send("\e[H\e[2J");
                    break;
                case LineEvent.Complete:
                    await CompleteAsync(line, complete);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Waits for the work, and cancels it at Ctrl-C; other keys are of no use meanwhile.</summary>
    /// <returns>False where it was interrupted.</returns>
    public async Task<bool> UntilInterruptedAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = work(interrupted.Token);
        while (await Task.WhenAny(running, Task.Delay(LookForKeys, CancellationToken.None)) != running)
        {
            while (Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true) is { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }) await interrupted.CancelAsync();
            }
        }

        try
        {
            await running;
            return true;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task CompleteAsync(LineEditor line, Func<string, Task<ShellCompletion>> complete)
    {
        var (insert, choices) = await complete(line.Text[..line.Cursor]);
        if (insert.Length > 0) line.Insert(insert);
        if (choices.Count == 0) return;
        Send("\r\n");
        var width = choices.Max(c => c.Length) + 2;
        var perRow = Math.Max(1, LiveScreen.Width / width);
        foreach (var row in choices.Take(MostChoices).Chunk(perRow)) Console.WriteLine(string.Concat(row.Select(c => c.PadRight(width))).TrimEnd());
        if (choices.Count > MostChoices) Console.WriteLine($"and {choices.Count - MostChoices} more");
    }

    private void Draw(string prompt, LineEditor line) => Send(LineView.Of(prompt, line.Text, line.Cursor, LiveScreen.Width));

    private void Send(string text)
    {
        _terminal.Write(text);
        _terminal.Flush();
    }

    public void Dispose() => Console.TreatControlCAsInput = false;
}
