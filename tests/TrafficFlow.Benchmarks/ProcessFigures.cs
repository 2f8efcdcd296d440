using System.Globalization;

namespace TrafficFlow.Benchmarks;

/// <summary>What a process holds, as the kernel tells it.</summary>
/// <param name="MemoryMib">Resident set in MiB.</param>
/// <param name="Handles">Open files, sockets and pipes.</param>
internal sealed record ProcessFigures(double MemoryMib, int Handles, int Threads)
{
    /// <returns>Null where the process has ended.</returns>
    public static ProcessFigures? Read(int process)
    {
        try
        {
            var status = File.ReadLines($"/proc/{process}/status").Select(line => line.Split(':', 2)).Where(f => f.Length == 2).ToDictionary(f => f[0], f => f[1].Trim());
            return status.TryGetValue("VmRSS", out var resident)
                ? new ProcessFigures(Number(resident.Split(' ')[0]) / 1024, Directory.GetFiles($"/proc/{process}/fd").Length, (int)Number(status["Threads"]))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
