using System.Globalization;
using System.Runtime.InteropServices;

namespace TrafficFlow.Node.Logging;

/// <summary>
/// Whether systemd's journal reads a stream. JOURNAL_STREAM names it, by device and inode; but whatever a service starts inherits the variable, and not always the
/// stream: only where both are the same are lines for the journal (sd-daemon(3), systemd.exec(5)).
/// </summary>
internal static class JournalStream
{
    private const string Variable = "JOURNAL_STREAM";
    private const int StandardError = 2;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;

    // struct statx, of the kernel: the same on every machine.
    private const int Size = 256;
    private const int Inode = 32;
    private const int DeviceMajor = 136;
    private const int DeviceMinor = 140;

    public static bool IsStandardError => Is(Environment.GetEnvironmentVariable(Variable), StandardError);

    /// <param name="told">DEVICE:INODE; null where nobody told.</param>
    internal static bool Is(string? told, int descriptor) => !string.IsNullOrEmpty(told) && told == Name(descriptor);

    /// <returns>Null where the kernel does not tell.</returns>
    private static string? Name(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var stat = new byte[Size];
        try
        {
            if (Statx(descriptor, "", AtEmptyPath, BasicStats, stat) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        ulong major = BitConverter.ToUInt32(stat, DeviceMajor), minor = BitConverter.ToUInt32(stat, DeviceMinor);
        // As makedev(3) has it.
        var device = ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);
        return string.Create(CultureInfo.InvariantCulture, $"{device}:{BitConverter.ToUInt64(stat, Inode)}");
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] stat);
}
