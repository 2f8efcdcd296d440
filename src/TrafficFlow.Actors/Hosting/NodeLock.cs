using System.Globalization;

namespace TrafficFlow.Actors.Hosting;

/// <summary>The node runs already with this data folder.</summary>
public sealed class NodeLockedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Held while a node runs, so that the same node is not started twice on one data folder: two would write one journal and count
/// everything twice. The operating system frees it when the process ends, however it ends.
/// </summary>
public sealed class NodeLock : IDisposable
{
    private readonly FileStream _lock;

    private NodeLock(FileStream @lock) => _lock = @lock;

    /// <exception cref="NodeLockedException">Another process holds the folder; the message says which.</exception>
    public static NodeLock Take(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        var file = Path.Combine(dataFolder, "node.lock");
        // The process id stands beside the lock: nobody can read a file that is locked.
        var holder = Path.Combine(dataFolder, "node.pid");
        try
        {
            var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new NodeLock(stream);
        }
        catch (IOException e)
        {
            var process = File.Exists(holder) ? File.ReadAllText(holder).Trim() : "unknown";
            throw new NodeLockedException(
                $"this node runs already: process {process} holds {file}. Stop it first, or give this node a data folder of its own", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
