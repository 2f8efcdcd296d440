using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TrafficFlow.Node;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>The real executable as a child process. Every line is kept; nothing is left running when the test ends.</summary>
internal sealed class TrafficflowProcess : IAsyncDisposable
{
    private const int Sigterm = 15;
    private const int Sigint = 2;
    private const int Sigsys = 31;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly TaskCompletionSource _outputEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _errorEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TextWriter? _log;

    private TrafficflowProcess(ProcessStartInfo start, string? log, string? input = null)
    {
        _log = log is null ? null : TextWriter.Synchronized(new StreamWriter(log, append: true) { AutoFlush = true });
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = input is not null;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data, _output, _outputEnded);
        _process.ErrorDataReceived += (_, e) => Take(e.Data, _error, _errorEnded);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (input is null) return;
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public string Output => string.Join('\n', _output);

    public string Error => string.Join('\n', _error);

    public IReadOnlyList<string> OutputLines => [.. _output];

    public static TrafficflowProcess Start(params IReadOnlyList<string> args) => StartIn(null, args);

    /// <param name="temp">Where the process and its children put temporary files; null for the usual place.</param>
    public static TrafficflowProcess StartIn(string? temp, params IReadOnlyList<string> args)
    {
        var start = Command(args);
        if (temp is not null) start.Environment["TMPDIR"] = temp;
        return Start(start);
    }

    /// <summary>How the executable is started, to be changed before it is.</summary>
    public static ProcessStartInfo Command(params IReadOnlyList<string> args)
    {
        var library = typeof(ExitCodes).Assembly.Location;
        var own = Path.ChangeExtension(library, null);
        return File.Exists(own) ? new ProcessStartInfo(own, args) : new ProcessStartInfo("dotnet", [library, .. args]);
    }

    /// <param name="log">A file to which every line is added.</param>
    /// <param name="input">All of its standard input; null leaves it as it is.</param>
    public static TrafficflowProcess Start(ProcessStartInfo command, string? log = null, string? input = null) => new(command, log, input);

    /// <summary>Runs to the end; kills and fails when that takes too long.</summary>
    public static async Task<Ended> RunAsync(params IReadOnlyList<string> args)
    {
        await using var process = Start(args);
        return await process.WaitAsync(Patience);
    }

    /// <summary>Runs to the end with this on its standard input.</summary>
    public static async Task<Ended> RunWithInputAsync(string input, params IReadOnlyList<string> args)
    {
        await using var process = new TrafficflowProcess(Command(args), null, input);
        return await process.WaitAsync(Patience);
    }

    /// <exception cref="TimeoutException">It has not ended by then.</exception>
    public async Task<Ended> WaitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            await Task.WhenAll(_outputEnded.Task, _errorEnded.Task).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"trafficflow has not ended within {patience.TotalSeconds:0} s\n{Output}\n{Error}");
        }

        return new Ended(_process.ExitCode, Output, Error);
    }

    /// <summary>Waits until a line of either stream holds the text.</summary>
    public Task SayAsync(string text, TimeSpan patience) =>
        UntilAsync(() => Has(_output, text) || Has(_error, text), patience, $"it said \"{text}\"");

    /// <summary>Waits until something holds; looks at each line of the process, and a few times a second.</summary>
    /// <exception cref="TimeoutException">It did not hold in time.</exception>
    /// <exception cref="InvalidOperationException">The process ended before.</exception>
    public async Task UntilAsync(Func<bool> holds, TimeSpan patience, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (_process.HasExited && _outputEnded.Task.IsCompleted && _errorEnded.Task.IsCompleted && !holds())
                throw new InvalidOperationException($"trafficflow ended with {_process.ExitCode} before {what}\n{Output}\n{Error}");
            if (clock.Elapsed > patience) throw new TimeoutException($"within {patience.TotalSeconds:0} s it was not seen that {what}\n{Output}\n{Error}");
            await _news.WaitAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>As a fault that the runtime does not take: the system ends it, and writes its core where that is allowed.</summary>
    public void Abort() => Signal(Sigsys);

    /// <summary>As a service manager stops it.</summary>
    public void Terminate() => Signal(Sigterm);

    /// <summary>As Ctrl-C stops it.</summary>
    public void Interrupt() => Signal(Sigint);

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_log is not null) await _log.DisposeAsync();
    }

    private static bool Has(ConcurrentQueue<string> lines, string text) => lines.Any(l => l.Contains(text, StringComparison.Ordinal));

    private void Signal(int number)
    {
        if (SendSignal(_process.Id, number) != 0) throw new InvalidOperationException($"no signal could be sent to process {_process.Id}");
    }

    private void Take(string? line, ConcurrentQueue<string> lines, TaskCompletionSource ended)
    {
        if (line is null) ended.TrySetResult();
        else
        {
            lines.Enqueue(line);
            _log?.WriteLine(line);
        }

        _news.Release();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}

/// <summary>What is left of a process.</summary>
internal sealed record Ended(int Code, string Output, string Error);
