using System.Runtime.InteropServices;

namespace TrafficFlow.Vault.Disks;

/// <summary>What the kernel tells of a folder itself.</summary>
/// <param name="IsEncrypted">The file system encrypts what is in it with a key of the folder (fscrypt).</param>
/// <param name="Mount">The number of its mount; null where the kernel does not tell it (before Linux 5.8).</param>
/// <param name="Device">Of its file system.</param>
internal sealed record FolderStat(bool IsEncrypted, int? Mount, (uint Major, uint Minor) Device = default)
{
    private const int CurrentFolder = -100;
    private const uint BasicStats = 0x7ff;
    private const uint MountId = 0x1000;
    private const ulong EncryptedAttribute = 0x800;

    // struct statx, the same on every architecture.
    private const int Size = 256;
    private const int MaskAt = 0;
    private const int AttributesAt = 8;
    private const int AttributesMaskAt = 80;
    private const int MajorAt = 136;
    private const int MinorAt = 140;
    private const int MountAt = 144;

    /// <summary>Null where nothing is told.</summary>
    public static FolderStat? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var stat = new byte[Size];
        try
        {
            if (Statx(CurrentFolder, path, 0, BasicStats | MountId, stat) != 0) return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        var known = BitConverter.ToUInt64(stat, AttributesMaskAt) & EncryptedAttribute;
        var isEncrypted = known != 0 && (BitConverter.ToUInt64(stat, AttributesAt) & EncryptedAttribute) != 0;
        return new FolderStat(isEncrypted, (BitConverter.ToUInt32(stat, MaskAt) & MountId) != 0 ? (int)BitConverter.ToUInt64(stat, MountAt) : null, (BitConverter.ToUInt32(stat, MajorAt), BitConverter.ToUInt32(stat, MinorAt)));
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] stat);
}
