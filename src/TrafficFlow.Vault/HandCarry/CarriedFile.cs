using System.Runtime.InteropServices;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>Files that came from elsewhere: whoever had the disk may have put anything there. Regular files alone are opened; no link is followed, and no pipe or device is touched or waited for.</summary>
public static partial class CarriedFile
{
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int OfDescriptor = 0x1000;
    private const uint TypeMask = 1;

    // struct statx, the same on every architecture.
    private const int StatBytes = 256;
    private const int ModeAt = 28;
    private const ushort TypeBits = 0xF000, Regular = 0x8000, Link = 0xA000, Folder = 0x4000;

    /// <summary>The one flag of these that differs.</summary>
    private static int NoFollow => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    /// <exception cref="IOException">There is none, it cannot be read, or is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream Open(string path)
    {
        if (!OperatingSystem.IsLinux()) return new FileInfo(path).LinkTarget is null ? Opened(path) : throw NotAFile(path, "a link");
        // A path alone, which opens nothing; then the very file that was looked at.
        using var place = new Descriptor(OpenPath(path, PathOnly | NoFollow | CloseOnExec));
        if (place.Number < 0) throw Marshal.GetLastPInvokeError() is 2 or 20 ? new FileNotFoundException($"there is no file {path}") : new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()})");
        Span<byte> told = stackalloc byte[StatBytes];
        if (Statx(place.Number, "", OfDescriptor, TypeMask, ref MemoryMarshal.GetReference(told)) != 0) throw new IOException($"nobody knows what {path} is (error {Marshal.GetLastPInvokeError()})");
        return (MemoryMarshal.Read<ushort>(told[ModeAt..]) & TypeBits) switch
        {
            Regular => Opened($"/proc/self/fd/{place.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)}"),
            Link => throw NotAFile(path, "a link"),
            Folder => throw NotAFile(path, "a folder"),
            _ => throw NotAFile(path, "a pipe, a socket or a device"),
        };
    }

    /// <param name="longest">Bytes; more is none of ours.</param>
    /// <exception cref="IOException">There is none, it cannot be read, is no regular file, or is longer.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, long longest)
    {
        using var file = Open(path);
        if (file.Length > longest) throw new IOException($"{path} has {file.Length} bytes, more than any such file");
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static FileStream Opened(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    private static IOException NotAFile(string path, string what) => new($"{path} is {what}, which trafficflow never writes there: look who had the disk");

    private readonly struct Descriptor(int number) : IDisposable
    {
        public int Number => number;

        public void Dispose()
        {
            if (number >= 0) _ = Close(number);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte told);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
