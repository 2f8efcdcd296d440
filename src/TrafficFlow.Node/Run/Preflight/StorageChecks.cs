using System.Data.Common;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>Data folder, disk, log file and databases. Nothing is changed: a node may be running on them.</summary>
internal static class StorageChecks
{
    /// <summary>About a week of the busiest camera's outbox, and room for the tables.</summary>
    private const long WantedBytes = 5_000_000_000;

    // What common.conf names for SQLite.
    private const string UsualJournal = "journal.db";

    private static readonly TimeSpan DatabaseWithin = TimeSpan.FromSeconds(15);

    public static IEnumerable<Finding> Folder(NodeDefinition node)
    {
        const string What = "data folder";
        var folder = node.DataDirectory;
        var isThere = Directory.Exists(folder);
        var nearest = NearestFolder(folder);
        if (File.Exists(folder)) yield return Finding.Bad(What, $"{folder} is a file: set another data-directory");
        else if (WhyNotWritable(nearest) is { } why) yield return Finding.Bad(What, $"{nearest} cannot be written ({why}): give the account that runs trafficflow write access, or set another data-directory");
        else if (!isThere) yield return Finding.Good(What, $"{folder} will be made");
        else if (DataVersion.Problem(folder) is { } newer) yield return Finding.Bad(What, newer);
        else if (NodeLock.HolderOf(folder) is { } process) yield return Finding.Doubtful(What, $"{folder} is in use: this node runs already, process {process}; a second one would not start");
        else if (DataFolder.Problem(folder) is { } open) yield return Finding.Doubtful(What, open);
        else yield return Finding.Good(What, $"{folder} can be written");

        if (ControlSocket.Problem(folder) is { } noSocket) yield return Finding.Bad("control socket", noSocket);

        var disk = new DriveInfo(nearest);
        var free = disk.AvailableFreeSpace;
        var least = new SqliteJournal("").MinFreeBytes;
        var text = $"{free / 1e9:0.0} of {disk.TotalSize / 1e9:0.0} GB are free";
        if (free < least) yield return Finding.Bad("disk", $"{text}, and {least / 1_000_000} MB are the least with which a node starts: free space, or move the data folder");
        else if (free < WantedBytes) yield return Finding.Doubtful("disk", $"{text}: {WantedBytes / 1e9:0} GB last for a week without a server, and for a year of counts");
        else yield return Finding.Good("disk", text);

        if (node.Log.File is { } log)
            yield return WhyNoLog(log.Path) is { } no
                ? Finding.Bad("log file", $"{log.Path} cannot be written ({no}): set another trafficflow.log.file.path")
                : Finding.Good("log file", log.Path);
    }

    public static async Task<IReadOnlyList<Finding>> DatabasesAsync(NodeDefinition node, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var runs = NodeLock.HolderOf(node.DataDirectory) is not null;
        if (node.IsRoadside) findings.Add(await Task.Run(() => Sqlite("outbox", node.OutboxFile, runs), cancellation));
        if (!node.IsServer) return findings;
        if (UnfinishedMove.Problem(node) is { } unfinished) findings.Add(Finding.Bad("database", unfinished));
        if (node.Journal is SqliteJournal moved && MovedDatabase.Problem(moved) is { } away)
        {
            findings.Add(Finding.Bad("journal", away));
        }
        else if (node.Journal is SqliteJournal sqlite)
        {
            findings.Add(await Task.Run(() => Sqlite("journal", sqlite.File, runs), cancellation));
            findings.Add(await Task.Run(() => Sqlite("tables", sqlite.TablesFile, runs), cancellation));
        }
        else if (node.Journal is PostgresJournal postgres)
        {
            findings.Add(await PostgresAsync(postgres, cancellation));
            var file = Path.Combine(node.DataDirectory, UsualJournal);
            if (File.Exists(file)) findings.Add(Finding.Doubtful("journal", $"{file} may hold counts of this node that are not in {postgres.Name}: trafficflow move-database brings them there; are they of no use, remove it"));
        }

        return findings;
    }

    private static async Task<Finding> PostgresAsync(PostgresJournal journal, CancellationToken cancellation)
    {
        const string What = "database";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DatabaseWithin);
        try
        {
            await PostgresCheck.LookAsync(journal, limit.Token);
            await new FlowTables(journal).LookAsync(limit.Token);
            return Finding.Good(What, $"{journal.Name} answers, lets this node in, and takes tables");
        }
        catch (Exception e) when (e is JournalException or DbException)
        {
            return Finding.Bad(What, e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Bad(What, $"{journal.Name} does not answer within {DatabaseWithin.TotalSeconds:0} s: is PostgreSQL running, and can this machine reach it?");
        }
    }

    /// <param name="runs">The node has it open: that it writes need not be tried.</param>
    private static Finding Sqlite(string what, string file, bool runs)
    {
        if (!File.Exists(file)) return Finding.Good(what, $"{Path.GetFileName(file)} will be made");
        try
        {
            JournalCheck.Look(file);
            if (!runs) JournalCheck.TryWrite(file);
            return Finding.Good(what, $"{Path.GetFileName(file)} is whole{(runs ? "" : " and can be written")}, {new FileInfo(file).Length / 1e6:0.0} MB");
        }
        catch (JournalException e)
        {
            return Finding.Bad(what, e.Message);
        }
    }

    private static string NearestFolder(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { Length: > 0 } parent) folder = parent;
        return folder;
    }

    private static string? WhyNoLog(string file)
    {
        if (new FileInfo(file).LinkTarget is { } other) return $"it is a link to {other}, which trafficflow never makes";
        if (Directory.Exists(file)) return "it is a folder";
        if (!File.Exists(file)) return WhyNotWritable(NearestFolder(Path.GetDirectoryName(file)!));
        try
        {
            using var probe = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static string? WhyNotWritable(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".writable-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(1);
            probe.Flush();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
