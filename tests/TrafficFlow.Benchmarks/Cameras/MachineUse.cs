using System.Globalization;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>CPU time that this process and its readers' ffmpeg children have used, and the whole machine; by /proc.</summary>
/// <param name="Readers">ffmpeg children that decode: those that serve are known by their arguments and left out.</param>
internal sealed record MachineUse(TimeSpan Process, TimeSpan Readers, TimeSpan Machine)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on.

    public static MachineUse Now()
    {
        var readers = TimeSpan.Zero;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _)) readers += Reader(folder);
        }

        var all = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToList();
        // Fields 4 and 5 are idle time and waiting for disks.
        return new MachineUse(Environment.CpuUsage.TotalTime, readers, TimeSpan.FromSeconds((all.Take(8).Sum() - all[3] - all[4]) / TicksPerSecond));
    }

    /// <summary>A sandbox stands between.</summary>
    private static bool IsOurs(string parent)
    {
        for (var ours = Environment.ProcessId.ToString(CultureInfo.InvariantCulture); parent != ours;)
        {
            if (parent is "0" or "1") return false;
            var stat = File.ReadAllText($"/proc/{parent}/stat");
            parent = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1];
        }

        return true;
    }

    private static TimeSpan Reader(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (!stat.Contains("(ffmpeg)", StringComparison.Ordinal) || !IsOurs(fields[1]) || !File.ReadAllText(Path.Combine(folder, "cmdline")).Contains("rawvideo", StringComparison.Ordinal)) return TimeSpan.Zero;
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
        catch (IOException)
        {
            return TimeSpan.Zero; // It ended meanwhile.
        }
    }
}
