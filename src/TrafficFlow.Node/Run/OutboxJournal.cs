using Microsoft.Data.Sqlite;
using TrafficFlow.Actors.Hosting;
using TrafficFlow.Core.Sites;

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
    }

    /// <summary>
    /// Cameras whose outboxes the file knows and that no site file names any more: what they counted is still to be delivered.
    /// </summary>
    public static IReadOnlyList<(SiteId Site, CameraId Camera)> Former(NodeDefinition node)
    {
        var known = node.Sites.SelectMany(s => s.Site.Cameras.Select(c => $"{Prefix}{s.Site.Id}-{c.Id}")).ToHashSet(StringComparer.Ordinal);
        using var database = Open(node.OutboxFile, SqliteOpenMode.ReadOnly);
        return [.. Outboxes(database).Where(id => !known.Contains(id)).Select(id => Parse(id, node.Sites.Select(s => s.Site.Id))).OfType<(SiteId, CameraId)>()];
    }

    /// <summary>Up to version 0.1 a node kept outboxes and aggregators in one file.</summary>
    private static void TakeOver(NodeDefinition node)
    {
        var former = Path.Combine(node.DataDirectory, "journal.db");
        if (!File.Exists(former)) return;
        try
        {
            using var database = Open(former, SqliteOpenMode.ReadWrite);
            if (Outboxes(database).Count == 0) return;
            using var copy = database.CreateCommand();
            copy.CommandText = "vacuum into $file";
            copy.Parameters.AddWithValue("$file", node.OutboxFile);
            copy.ExecuteNonQuery();
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

    /// <summary>Both parts of the name may have hyphens: a site that is known is believed first, and else the last hyphen divides.</summary>
    private static (SiteId, CameraId)? Parse(string persistenceId, IEnumerable<SiteId> sites)
    {
        var name = persistenceId[Prefix.Length..];
        var site = sites.Where(s => name.StartsWith($"{s}-", StringComparison.Ordinal)).Select(s => s.Value.Length).DefaultIfEmpty(name.LastIndexOf('-')).Max();
        return site <= 0 ? null : (new SiteId(name[..site]), new CameraId(name[(site + 1)..]));
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        database.Open();
        return database;
    }
}
