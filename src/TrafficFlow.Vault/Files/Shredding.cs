using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Vault.Files;

/// <summary>
/// Files whose old content must not stay on the disk: it is overwritten in place and only then given up. What is on its way has the ending <see cref="Ending"/>, so that a crash
/// leaves nothing half done: <see cref="Finish"/> ends it. On flash, on file systems that copy on write and in snapshots old blocks may survive all the same: what lies there is wrapped or encrypted.
/// </summary>
internal static partial class Shredding
{
    public const string Ending = ".dying";

    private const int BlockBytes = 1 << 16;
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Puts a new file in the place of the old one, which is overwritten afterwards. At any moment one of the two is there, whole.</summary>
    /// <exception cref="VaultFileException">It cannot be written; the old one stays.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var folder = FolderOf(path);
        try
        {
            if (File.Exists(path))
            {
                EndDying(path);
                if (Link(path, path + Ending) != 0) throw new IOException($"{path}{Ending} cannot be made (error {Marshal.GetLastPInvokeError()}): hard links are needed there");
            }

            PrivateFile.Replace(path, content);
            Sync(folder);
            if (File.Exists(path + Ending)) Overwrite(path + Ending);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.Unwritable(path, e);
        }
    }

    /// <summary>Overwrites a file and removes it; one that is not there is gone already.</summary>
    /// <exception cref="VaultFileException">It cannot be overwritten or removed; what is left of it is tried again by <see cref="Finish"/>.</exception>
    public static void Delete(string path)
    {
        try
        {
            if (!File.Exists(path)) return;
            RefuseLink(path);
            EndDying(path);
            File.Move(path, path + Ending, overwrite: true);
            Sync(FolderOf(path));
            Overwrite(path + Ending);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.Unwritable(path, e);
        }
    }

    /// <summary>Ends in a folder, and the folders in it, what a crash has cut: files that were being destroyed, and drafts that never took their place. Nobody else may write there meanwhile.</summary>
    /// <returns>Files that were ended.</returns>
    /// <exception cref="VaultFileException">One cannot be overwritten or removed.</exception>
    public static int Finish(string folder)
    {
        if (!Directory.Exists(folder)) return 0;
        var ended = 0;
        foreach (var dying in Directory.EnumerateFiles(folder, "*" + Ending, new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).ToList())
        {
            try
            {
                EndDying(dying[..^Ending.Length]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw PrivateFile.Unwritable(dying, e);
            }

            ended++;
        }

        foreach (var draft in Directory.EnumerateFiles(folder, ".*.part*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Where(f => !f.EndsWith(Ending, StringComparison.Ordinal)).ToList())
        {
            try
            {
                Overwrite(draft);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw PrivateFile.Unwritable(draft, e);
            }

            ended++;
        }

        return ended;
    }

    /// <summary>Overwrites a part of a file in place; on the disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Overwrite(string path, long from, int count)
    {
        RefuseLink(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (stream.Length < from + count) count = (int)Math.Max(0, stream.Length - from);
        stream.Seek(from, SeekOrigin.Begin);
        stream.Write(RandomNumberGenerator.GetBytes(count));
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file another name; one of that name is replaced, a link too, and never what it points at. On the disk when it returns.</summary>
    /// <exception cref="VaultFileException">It cannot be done.</exception>
    public static void Move(string path, string to)
    {
        try
        {
            RefuseLink(path);
            File.Move(path, to, overwrite: true);
            Sync(FolderOf(to));
            if (FolderOf(path) != FolderOf(to)) Sync(FolderOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.Unwritable(path, e);
        }
    }

    /// <summary>Names in a folder are on the disk when it returns: a file that was moved or removed is so after a power cut too.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0) throw new IOException($"{folder} cannot be opened (error {Marshal.GetLastPInvokeError()})");
        try
        {
            // Some file systems cannot, and need not.
            const int Invalid = 22;
            if (FlushToDisk(descriptor) != 0 && Marshal.GetLastPInvokeError() is not Invalid and var error) throw new IOException($"{folder} cannot be written to its disk (error {error})");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>All that was written to the file system of a folder is on its disk when it returns: quicker than file by file where there are many.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void SyncAll(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0) throw new IOException($"{folder} cannot be opened (error {Marshal.GetLastPInvokeError()})");
        try
        {
            if (FlushAllToDisk(descriptor) != 0) throw new IOException($"the disk of {folder} cannot be written (error {Marshal.GetLastPInvokeError()})");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void EndDying(string path)
    {
        var dying = path + Ending;
        if (!File.Exists(dying)) return;
        // Cut before the new one had taken its place: the same file still has its own name.
        if (new FileInfo(path) is { Exists: true, LinkTarget: null } file && file.Length == new FileInfo(dying).Length && IsSame(path, dying)) File.Delete(dying);
        else Overwrite(dying);
    }

    private static bool IsSame(string path, string other)
    {
        using var one = File.OpenRead(path);
        using var two = File.OpenRead(other);
        return SHA256.HashData(one).AsSpan().SequenceEqual(SHA256.HashData(two));
    }

    /// <summary>What a link points at is nobody's to overwrite.</summary>
    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } other) throw new IOException($"{path} is a link to {other}, which trafficflow never makes: remove it");
    }

    private static void Overwrite(string path)
    {
        RefuseLink(path);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
        {
            var block = RandomNumberGenerator.GetBytes(BlockBytes);
            for (var left = stream.Length; left > 0; left -= BlockBytes) stream.Write(block, 0, (int)Math.Min(left, BlockBytes));
            stream.Flush(flushToDisk: true);
        }

        File.Delete(path);
        Sync(FolderOf(path));
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string other);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushToDisk(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int FlushAllToDisk(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
