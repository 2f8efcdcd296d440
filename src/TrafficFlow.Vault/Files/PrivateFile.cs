using System.Diagnostics;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Vault.Files;

/// <summary>Files in the data folder that only the node's account may read: read with a look at who else may, and written anew as a whole.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <param name="longest">Bytes; more is none of ours.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="VaultFileException">It cannot be read, others can, or it is no such file.</exception>
    public static byte[]? Read(string path, long longest)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is { } other) throw new VaultFileException($"{path} is a link to {other}, which trafficflow never makes: put the file itself in its place");
            if (!file.Exists) return Directory.Exists(path) ? throw new VaultFileException($"{path} is a folder where a file should be: move it away") : null;
            if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Others) != 0) throw new VaultFileException($"{path} can be read or changed by other accounts of this machine: chmod 600 {path}");
            if (file.Length > longest) throw new VaultFileException($"{path} has {file.Length} bytes, more than trafficflow ever writes: put back the file as it was, from a backup");
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultFileException($"{path} cannot be read ({e.Message}): it belongs to the account of the node, which alone may read it", e);
        }
    }

    /// <summary>Puts a new file in the place of the old one, never half of it.</summary>
    /// <param name="toDisk">Whether it must outlive a power cut that comes right after.</param>
    /// <exception cref="VaultFileException">It cannot be written; the old one stays.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool toDisk = true)
    {
        try
        {
            using var draft = FileDraft.Of(path);
            using (var stream = draft.Open())
            {
                stream.Write(content);
                stream.Flush(toDisk);
            }

            GiveToOwner(draft.Path, File.Exists(path) ? path : FolderOf(path));
            draft.Move();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    /// <summary>Opens a file to be appended to, and makes it where there is none.</summary>
    /// <exception cref="IOException">It cannot be opened, or is a link or no file.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static FileStream OpenToAppend(string path, FileShare share = FileShare.ReadWrite | FileShare.Delete)
    {
        MakeEmpty(path);
        if (new FileInfo(path).LinkTarget is { } other) throw new IOException($"{path} is a link to {other}, which trafficflow never makes");
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, share);
        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw new IOException($"{path} is a pipe or a device, which trafficflow never makes: move it away");
        }

        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    /// <summary>A folder for the node's account alone; one that is there keeps its access rights.</summary>
    /// <exception cref="VaultFileException">It cannot be made, or is a link.</exception>
    public static void MakeFolder(string path)
    {
        try
        {
            if (new DirectoryInfo(path) is { Exists: true } folder)
            {
                if (folder.LinkTarget is { } other) throw new IOException($"it is a link to {other}, which trafficflow never makes");
                return;
            }

            if (!Directory.Exists(FolderOf(path))) MakeFolder(FolderOf(path));
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            GiveToOwner(path, FolderOf(path));
            Shredding.Sync(FolderOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
    }

    internal static VaultFileException Unwritable(string path, Exception e) =>
        new($"{path} cannot be written ({e.Message}): may this account write there, and is the disk not full?", e);

    private static void MakeEmpty(string path)
    {
        if (File.Exists(path)) return;
        try
        {
            FileDraft.Create(path).Dispose();
            GiveToOwner(path, FolderOf(path));
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was quicker.
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    /// <summary>What root writes would be closed to the account that the node runs as.</summary>
    private static void GiveToOwner(string path, string like)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return;
        using var chown = Process.Start(new ProcessStartInfo(ProgramPath.Of("chown"), [$"--reference={like}", "--", path]) { RedirectStandardError = true }) ?? throw new IOException("chown does not start");
        var told = chown.StandardError.ReadToEnd();
        chown.WaitForExit();
        if (chown.ExitCode != 0) throw new IOException($"chown: {told.Trim()}");
    }
}
