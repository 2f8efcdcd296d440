using System.Diagnostics;
using System.Text;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>Loopback traffic of one port, written by tcpdump.</summary>
internal sealed class Capture(Process? tcpdump, string reason) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public bool IsRunning => tcpdump is not null;

    public string Reason => reason;

    public static async Task<Capture> StartAsync(string file, int port)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("tcpdump", ["-i", "lo", "-s", "0", "-U", "-Z", "root", "-w", file, "tcp", "port", $"{port}"]) { RedirectStandardError = true })!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return new Capture(null, $"tcpdump cannot be run ({e.Message})");
        }

        var said = new StringBuilder();
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains("listening on", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                return new Capture(process, "");
            }

            said.AppendLine(line);
        }

        process.Dispose();
        return new Capture(null, $"tcpdump may not listen here: {said.ToString().Trim()}");
    }

    public async Task StopAsync()
    {
        if (tcpdump is null) return;
        // Interrupted, it writes what it has and ends.
        await Tools.RunAsync("kill", "-INT", $"{tcpdump.Id}");
        await tcpdump.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (tcpdump is null) return;
        if (!tcpdump.HasExited)
        {
            tcpdump.Kill();
            await tcpdump.WaitForExitAsync();
        }

        tcpdump.Dispose();
    }
}
