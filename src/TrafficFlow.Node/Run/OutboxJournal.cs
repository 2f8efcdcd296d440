using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run;

/// <summary>The file in which the cameras' outboxes live, before anything opens it.</summary>
internal static class OutboxJournal
{
    private const string Prefix = "outbox-";

    /// <exception cref="JournalException">The file cannot be used; the message says what to do.</exception>
    public static void Prepare(NodeDefinition node)
    {
        if (!File.Exists(node.OutboxFile)) TakeOver(node);
        JournalCheck.Prepare(new SqliteJournal(node.OutboxFile));
        Remember(node.DataDirectory, node.Sites.Select(s => s.Site));
        RenameFormer(node.OutboxFile, Known(node.DataDirectory));
    }

    /// <summary>
    /// Up to version 0.1 an outbox was named outbox-SITE-CAMERA, and camera `c` of site `a-b` was taken for camera `b-c` of site `a`. What is
    /// stored under such a name goes to the camera that was known first.
    /// </summary>
    internal static void RenameFormer(string file, IEnumerable<(SiteId Site, CameraId Camera)> known)
    {
        using var database = Open(file, SqliteOpenMode.ReadWrite);
        var names = Outboxes(database).ToHashSet(StringComparer.Ordinal);
        using var change = database.BeginTransaction();
        foreach (var (site, camera) in known)
        {
            var (former, now) = ($"{Prefix}{site}-{camera}", OutboxActor.PersistenceIdOf(site, camera));
            if (names.Contains(now) || !names.Remove(former)) continue;
            foreach (var table in TablesWithNames(database, change))
            {
                using var rename = database.CreateCommand();
                rename.Transaction = change;
                rename.CommandText = $"update {table} set persistence_id = $now where persistence_id = $former";
                rename.Parameters.AddWithValue("$now", now);
                rename.Parameters.AddWithValue("$former", former);
                rename.ExecuteNonQuery();
            }
        }

        change.Commit();
    }

    private static List<string> TablesWithNames(SqliteConnection database, SqliteTransaction change)
    {
        using var query = database.CreateCommand();
        query.Transaction = change;
        query.CommandText = "select m.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and c.name = 'persistence_id'";
        using var reader = query.ExecuteReader();
        var tables = new List<string>();
        while (reader.Read()) tables.Add(reader.GetString(0));
        return tables;
    }

    /// <summary>
    /// Writes down which cameras this node has ever had, in the order in which they came: what they counted is delivered though no site
    /// file names them any more.
    /// </summary>
    public static void Remember(string dataDirectory, IEnumerable<Site> sites)
    {
        var known = Known(dataDirectory);
        var now = sites.SelectMany(s => s.Feeders.Select(c => (s.Id, c.Id))).Except(known).ToList();
        if (now.Count == 0) return;
        var file = FileOf(dataDirectory);
        FileDraft.Write(file, string.Concat(known.Concat(now).Select(c => $"{c.Item1} {c.Item2}\n")));
    }

    /// <summary>Cameras that no site file names any more, and whose outboxes may still hold something that is to be delivered.</summary>
    public static IReadOnlyList<(SiteId Site, CameraId Camera)> Former(NodeDefinition node)
    {
        var now = node.Sites.SelectMany(s => s.Site.Feeders.Select(c => (s.Site.Id, c.Id))).ToHashSet();
        using var database = Open(node.OutboxFile, SqliteOpenMode.ReadOnly);
        var outboxes = Outboxes(database).ToHashSet(StringComparer.Ordinal);
        return [.. Known(node.DataDirectory).Where(c => !now.Contains(c) && outboxes.Contains(OutboxActor.PersistenceIdOf(c.Site, c.Camera)))];
    }

    private static List<(SiteId Site, CameraId Camera)> Known(string dataDirectory)
    {
        var file = FileOf(dataDirectory);
        return File.Exists(file)
            ? [.. File.ReadAllLines(file).Select(l => l.Split(' ')).Where(l => l.Length == 2 && l.All(n => NameRule.IsKnown(n))).Select(l => (new SiteId(l[0]), new CameraId(l[1])))]
            : [];
    }

    private static string FileOf(string dataDirectory) => Path.Combine(dataDirectory, "cameras.txt");

    /// <summary>Up to version 0.1 a node kept outboxes and aggregators in one file.</summary>
    private static void TakeOver(NodeDefinition node)
    {
        var former = Path.Combine(node.DataDirectory, "journal.db");
        if (!File.Exists(former)) return;
        try
        {
            using var database = Open(former, SqliteOpenMode.ReadWrite);
            if (Outboxes(database).Count == 0) return;
            // Whole or not at all: a half of it would be taken for the outboxes.
            using var part = FileDraft.Of(node.OutboxFile);
            using var copy = database.CreateCommand();
            copy.CommandText = "vacuum into $file";
            copy.Parameters.AddWithValue("$file", part.Path);
            copy.ExecuteNonQuery();
            part.Move(overwrite: false);
        }
        catch (SqliteException e)
        {
            throw new JournalException(
                JournalFailure.Corrupt,
                $"the outboxes in {former} could not be copied to {node.OutboxFile} ({e.Message}): see whether the disk is full or the file damaged, then start again", e);
        }
    }

    private static List<string> Outboxes(SqliteConnection database)
    {
        using var exists = database.CreateCommand();
        exists.CommandText = "select count(*) from sqlite_master where name = 'journal'";
        if (exists.ExecuteScalar() is not (long and > 0)) return [];
        using var query = database.CreateCommand();
        query.CommandText = "select distinct persistence_id from journal where persistence_id like 'outbox-%'";
        using var reader = query.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read()) ids.Add(reader.GetString(0));
        return ids;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        database.Open();
        return database;
    }
}
