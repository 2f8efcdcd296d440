using System.Runtime.InteropServices;

namespace TrafficFlow.Node;

/// <summary>What the process and its children write, from databases to films, is for its own account only.</summary>
internal static class PrivateFiles
{
    private const uint GroupAndOthers = 0b000_111_111;

    /// <summary>For all threads and for children that are started later. Files that are there already keep their rights.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows()) _ = Umask(GroupAndOthers);
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Umask(uint mask);
}
