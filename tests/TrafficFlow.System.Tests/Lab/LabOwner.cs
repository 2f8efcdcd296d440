using System.Globalization;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>
/// Names what a laboratory makes on this machine after the process that made it, so that the next one finds and removes what a killed one
/// left: namespaces with the processes in them, mounted disks, folders.
/// </summary>
internal static class LabOwner
{
    private const string Prefix = "tflab-";
    private const string Namespaces = "/run/netns";
    private const int StartTimeField = 19;
    private static readonly Lazy<string> Own = new(() => $"{Prefix}{Environment.ProcessId}-{StartOf(Environment.ProcessId)}-");
    private static int _last;

    /// <summary>A name that nothing else on this machine has.</summary>
    public static string NewName() => $"{Own.Value}{Interlocked.Increment(ref _last)}";

    /// <summary>Another account, such as the database's, finds its way through and sees nothing.</summary>
    public static string NewFolder() => Directory.CreateDirectory(
        Path.Combine(Path.GetTempPath(), NewName()),
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute).FullName;

    /// <summary>Removes what laboratories left whose process is gone.</summary>
    public static async Task CleanStaleAsync()
    {
        foreach (var name in NamesIn(Namespaces).Where(IsStale)) await RemoveNamespaceAsync(name);
        foreach (var name in NamesIn(Path.GetTempPath()).Where(IsStale)) await RemoveFolderAsync(Path.Combine(Path.GetTempPath(), name));
    }

    /// <summary>With every process that still runs in it.</summary>
    public static async Task RemoveNamespaceAsync(string name)
    {
        var (_, processes, _) = await Shell.TryAsync("ip", "netns", "pids", name);
        var ids = processes.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (ids.Length > 0) await Shell.TryAsync("kill", ["-9", .. ids]);
        await Shell.TryAsync("ip", "netns", "delete", name);
    }

    /// <summary>With the disks that are mounted in it.</summary>
    public static async Task RemoveFolderAsync(string folder)
    {
        var mounted = (await File.ReadAllLinesAsync("/proc/mounts")).Select(line => line.Split(' ')[1]).Where(m => m.StartsWith(folder + "/", StringComparison.Ordinal));
        foreach (var disk in mounted.OrderByDescending(m => m.Length)) await Shell.TryAsync("umount", "--lazy", disk);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just dying still writes: the next laboratory removes it.
        }
        catch (UnauthorizedAccessException)
        {
            // Another account's laboratory.
        }
    }

    private static IEnumerable<string> NamesIn(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder, Prefix + "*").Select(path => Path.GetFileName(path)).ToList()
            : [];

    private static bool IsStale(string name)
    {
        var parts = name[Prefix.Length..].Split('-');
        return parts.Length == 3 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && StartOf(id) != parts[1];
    }

    /// <summary>In ticks since the machine started: a process id alone is given again.</summary>
    private static string StartOf(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[(status.LastIndexOf(')') + 2)..].Split(' ')[StartTimeField];
        }
        catch (IOException)
        {
            return "";
        }
    }
}
