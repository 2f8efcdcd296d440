using System.Runtime.InteropServices;

namespace TrafficFlow.Vision.Ffmpeg.Confinement;

/// <summary>Tells files from devices, pipes and sockets, whose names look alike.</summary>
internal static partial class FileKind
{
    private const int CurrentFolder = -100;
    private const uint TypeMask = 1;
    private const int ModeAt = 28;
    private const ushort TypeBits = 0xF000, Regular = 0x8000;

    /// <summary>Links are followed. True where it cannot be told: opening tells why.</summary>
    public static bool IsRegular(string path)
    {
        Span<byte> told = stackalloc byte[256];
        if (Statx(CurrentFolder, path, 0, TypeMask, ref MemoryMarshal.GetReference(told)) != 0) return true;
        return (MemoryMarshal.Read<ushort>(told[ModeAt..]) & TypeBits) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte told);
}
