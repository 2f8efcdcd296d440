using Microsoft.Data.Sqlite;

namespace TrafficFlow.Benchmarks.Restart;

/// <param name="Created">When the node wrote it.</param>
internal sealed record JournalRow(string PersistenceId, long Sequence, DateTime Created, bool IsDeleted, int Serializer, string Manifest, byte[] Message);

/// <summary>The node's SQLite file, read as a file: by SQL alone, without the actors that wrote it.</summary>
internal static class JournalFile
{
    // The write-ahead log belongs to the data; the shared-memory index beside it is made anew.
    private static readonly string[] Parts = ["", "-wal"];

    /// <summary>Copies a killed node's files as they lie: opening the originals would already repair them.</summary>
    public static string Copy(string journal, string to)
    {
        foreach (var part in Parts)
        {
            File.Delete(to + part);
            if (File.Exists(journal + part)) File.Copy(journal + part, to + part);
        }

        File.Delete(to + "-shm");
        return to;
    }

    /// <summary>All rows of outboxes and aggregators, in the order in which they were written.</summary>
    public static IReadOnlyList<JournalRow> Read(string file)
    {
        using var database = Open(file, SqliteOpenMode.ReadWrite);
        using var command = database.CreateCommand();
        command.CommandText =
            """
            SELECT persistence_id, sequence_number, created, deleted, identifier, manifest, message FROM journal
            WHERE persistence_id LIKE 'outbox-%' OR persistence_id LIKE 'approach-%' ORDER BY ordering
            """;
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        while (reader.Read())
        {
            rows.Add(new JournalRow(
                reader.GetString(0), reader.GetInt64(1), new DateTime(reader.GetInt64(2), DateTimeKind.Utc), reader.GetBoolean(3),
                reader.GetInt32(4), reader.GetString(5), reader.GetFieldValue<byte[]>(6)));
        }

        return rows;
    }

    /// <summary>
    /// When each camera of a life counted its first frame: with it the camera opens the epoch of that life. Looks at the file of a running
    /// node, without taking part in its writing.
    /// </summary>
    public static IReadOnlyList<DateTime> FirstFramesSince(string journal, DateTime start)
    {
        if (!File.Exists(journal)) return [];
        try
        {
            using var database = Open(journal, SqliteOpenMode.ReadOnly);
            using var command = database.CreateCommand();
            command.CommandText = "SELECT created FROM journal WHERE manifest LIKE 'epoch-opened-v%' AND created > $start ORDER BY created";
            command.Parameters.AddWithValue("$start", start.Ticks);
            using var reader = command.ExecuteReader();
            var times = new List<DateTime>();
            while (reader.Read()) times.Add(new DateTime(reader.GetInt64(0), DateTimeKind.Utc));
            return times;
        }
        catch (SqliteException)
        {
            // The node makes the file just now.
            return [];
        }
    }

    /// <summary>Returns as soon as an outbox of the running node has stored more than it has now.</summary>
    public static async Task UntilOutboxWritesAsync(string journal, CancellationToken cancellation)
    {
        using var database = Open(journal, SqliteOpenMode.ReadOnly);
        using var command = database.CreateCommand();
        command.CommandText = "SELECT max(ordering) FROM journal WHERE manifest LIKE 'entries-stored-v%'";
        var before = command.ExecuteScalar();
        while (Equals(command.ExecuteScalar(), before)) await Task.Delay(1, cancellation);
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        database.Open();
        return database;
    }
}
