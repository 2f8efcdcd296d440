using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TrafficFlow.Benchmarks.Restart;

/// <summary>One life of the built executable.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private const int Terminate = 15;
    private const int KeptLines = 15;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private NodeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The node writes its rows with the same clock.</summary>
    public DateTime StartedAt { get; } = DateTime.UtcNow;

    public static NodeProcess Start(string config)
    {
        var executable = Path.Combine(AppContext.BaseDirectory, "trafficflow");
        if (!File.Exists(executable))
            throw new BenchmarkException(BenchmarkException.CannotRun, $"there is no {executable}: build the benchmarks with the project TrafficFlow.Node");
        return new NodeProcess(Process.Start(new ProcessStartInfo(executable, ["run", "--config", config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <exception cref="BenchmarkException">It ended by itself, which it never should.</exception>
    public void MustLive()
    {
        if (_process.HasExited) throw Unexpected($"ended with exit code {_process.ExitCode}");
    }

    public async Task DelayAsync(TimeSpan time, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var died = _process.WaitForExitAsync(end.Token);
        if (await Task.WhenAny(died, Task.Delay(time, end.Token)) == died) MustLive();
        await end.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>kill -9: nothing in the process can notice.</summary>
    public async Task KillAsync()
    {
        MustLive();
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As a service manager ends it.</summary>
    public async Task StopAsync()
    {
        MustLive();
        _ = Signal(_process.Id, Terminate);
        using var patience = new CancellationTokenSource(StopWithin);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw Unexpected($"did not stop within {StopWithin.TotalSeconds:0} s");
        }

        if (_process.ExitCode != 0) throw Unexpected($"stopped with exit code {_process.ExitCode}");
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private BenchmarkException Unexpected(string what) =>
        new(BenchmarkException.Failed, $"the node {what}; its last lines:\n{string.Join('\n', _lines)}");

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        while (_lines.Count > KeptLines) _lines.TryDequeue(out _);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
