using System.Globalization;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Wire.Journals;

/// <summary>The node runs already with this data folder, or the folder cannot be locked.</summary>
public sealed class NodeLockedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Held while a node runs, so that the same node is not started twice on one data folder: two would write one journal and count
/// everything twice. The operating system frees it when the process ends, however it ends.
/// </summary>
public sealed class NodeLock : IDisposable
{
    /// <summary>Locked while a node runs; nobody else can read it.</summary>
    public const string FileName = "node.lock";

    /// <summary>Tells the process that holds the lock.</summary>
    public const string HolderName = "node.pid";

    /// <summary>EAGAIN: somebody holds the lock.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _lock;

    private NodeLock(FileStream @lock) => _lock = @lock;

    /// <exception cref="NodeLockedException">Another process holds the folder; the message says which.</exception>
    public static NodeLock Take(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        var file = Path.Combine(dataFolder, FileName);
        var holder = Path.Combine(dataFolder, HolderName);
        FileStream stream;
        try
        {
            if (new FileInfo(file).LinkTarget is { } other) throw new IOException($"it is a link to {other}, which trafficflow never makes");
            stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock)
        {
            var process = HolderIn(holder);
            throw new NodeLockedException(
                $"this node runs already: process {process} holds {file}. Stop it first, or give this node a data folder of its own", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeLockedException(
                $"{file} cannot be written ({e.Message}): free some space, or give the account that runs trafficflow write access to the data folder", e);
        }

        try
        {
            FileDraft.Write(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            stream.Dispose();
            throw new NodeLockedException(
                $"{holder} cannot be written ({e.Message}): free some space, or give the account that runs trafficflow write access to the data folder", e);
        }

        return new NodeLock(stream);
    }

    /// <returns>The process that holds the folder, or "unknown"; null where nobody does.</returns>
    public static string? HolderOf(string dataFolder)
    {
        var file = Path.Combine(dataFolder, FileName);
        if (!File.Exists(file)) return null;
        try
        {
            // Shared, so that two who look do not take each other for a node.
            using var probe = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (IOException e) when (e.HResult is WouldBlock)
        {
            return HolderIn(Path.Combine(dataFolder, HolderName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // who cannot write it finds that out elsewhere
        }
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Of root, who restores or moves, this account may not read it.</summary>
    private static string HolderIn(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "unknown";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
