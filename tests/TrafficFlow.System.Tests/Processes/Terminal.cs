using System.Diagnostics;
using System.Text;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>The real executable on a terminal of its own, made by script(1), with somebody who types.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    public const string CtrlC = "\u0003";
    public const string CtrlD = "\u0004";
    public const string Down = "\u001b[B";
    public const string ShownCursor = "\u001b[?25h";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Task _reading;
    private int _seen;

    private Terminal(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>All that was ever shown, with its escape sequences.</summary>
    public string Screen
    {
        get
        {
            lock (_screen) return _screen.ToString();
        }
    }

    public static Terminal Start(string folder, params IReadOnlyList<string> args)
    {
        var command = TrafficflowProcess.Command(args);
        var words = string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(w => $"'{w.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var start = new ProcessStartInfo("script", ["-q", "-e", "-c", $"stty cols 200 rows 50; exec {words}", "/dev/null"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Waits until the text is shown, behind what was waited for before.</summary>
    public async Task SayAsync(string text)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var ended = _reading.IsCompleted;
            var at = Screen.IndexOf(text, _seen, StringComparison.Ordinal);
            if (at >= 0)
            {
                _seen = at + text.Length;
                return;
            }

            if (ended || clock.Elapsed > Patience) throw new TimeoutException($"the terminal did not show \"{text}\":\n{Screen}");
            await _news.WaitAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for a question and answers it with a line.</summary>
    public async Task AnswerAsync(string question, string answer)
    {
        await SayAsync(question);
        await TypeAsync(answer + "\r");
    }

    /// <returns>The exit code.</returns>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        await _reading.WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_screen) _screen.Append(buffer, 0, count);
            _news.Release();
        }

        _news.Release();
    }
}
