using Microsoft.Data.Sqlite;

namespace TrafficFlow.Node.Backup;

/// <summary>
/// Several SQLite files as they all were at one instant, while a node writes to them. For a moment nobody may write to any of them; in that moment a
/// reader of each begins, which goes on to see what was committed then. What is copied is what a kill -9 at that instant would have left on the
/// disk, and from that a node recovers without a count lost or doubled.
/// <para>One file after the other would not do: a server that has forgotten what it believed to stand in the read tables, of an earlier instant,
/// would never write it there again.</para>
/// </summary>
internal sealed class DatabaseCut : IDisposable
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Full = 13;

    // Longer than the node's own long writes (a trim, a retention); shorter than it waits itself for a lock that is ours (20 s).
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(4);
    private const int Attempts = 10;

    private readonly Dictionary<string, SqliteConnection> _readers;

    private DatabaseCut(Dictionary<string, SqliteConnection> readers, DateTimeOffset at) => (_readers, At) = (readers, at);

    /// <summary>The instant, by this machine's clock.</summary>
    public DateTimeOffset At { get; }

    /// <exception cref="JobFailedException">A file cannot be read, or is written to without a pause.</exception>
    public static DatabaseCut Take(IReadOnlyList<string> files, TimeProvider time)
    {
        for (var attempt = 1; ; attempt++)
        {
            var writers = new List<SqliteConnection>();
            var readers = new Dictionary<string, SqliteConnection>();
            var file = "";
            try
            {
                foreach (var next in files)
                {
                    file = next;
                    var writer = Open(next);
                    writers.Add(writer);
                    Run(writer, "BEGIN IMMEDIATE");
                }

                foreach (var next in files)
                {
                    file = next;
                    var reader = Open(next);
                    readers.Add(next, reader);
                    Run(reader, "BEGIN");
                    Run(reader, "SELECT count(*) FROM sqlite_master");
                }

                return new DatabaseCut(readers, time.GetUtcNow());
            }
            catch (SqliteException e)
            {
                foreach (var reader in readers.Values) reader.Dispose();
                if (e.SqliteErrorCode is Busy or Locked && attempt < Attempts) continue;
                throw Explain(file, e);
            }
            finally
            {
                // Closing rolls back, and what waited goes on.
                foreach (var writer in writers) writer.Dispose();
            }
        }
    }

    /// <summary>Bytes of the database as a whole file.</summary>
    public long SizeOf(string file) => Ask(_readers[file], "PRAGMA page_count") * Ask(_readers[file], "PRAGMA page_size");

    /// <summary>Writes the database into a new file of its own, without -wal and -shm, and looks whether it is whole.</summary>
    /// <returns>Rows of each of its tables.</returns>
    /// <exception cref="JobFailedException">It could not be written, or is damaged.</exception>
    public IReadOnlyDictionary<string, long> Copy(string file, string target)
    {
        try
        {
            using var copy = Open(target, SqliteOpenMode.ReadWriteCreate);
            _readers[file].BackupDatabase(copy);
            Run(copy, "PRAGMA journal_mode=DELETE");
            return RowsOf(copy, file);
        }
        catch (SqliteException e)
        {
            throw e.SqliteErrorCode == Full
                ? new JobFailedException($"the disk became full while {Path.GetFileName(file)} was copied: free space, or name a folder on another disk", e)
                : Explain(file, e);
        }
    }

    /// <summary>Rows of each table of a database that nobody else has open.</summary>
    /// <exception cref="JobFailedException">It is damaged.</exception>
    public static IReadOnlyDictionary<string, long> Rows(string file)
    {
        try
        {
            using var database = Open(file, SqliteOpenMode.ReadOnly);
            return RowsOf(database, file);
        }
        catch (SqliteException e)
        {
            throw Explain(file, e);
        }
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values) reader.Dispose();
    }

    private static SortedDictionary<string, long> RowsOf(SqliteConnection database, string file)
    {
        using var check = database.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() as string is not "ok" and var found)
            throw new JobFailedException($"{file} is damaged ({found?.ReplaceLineEndings(" ").Trim()}): keep it, restore an earlier backup, or recover what is left with 'sqlite3 FILE .recover'");
        using var list = database.CreateCommand();
        list.CommandText = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        var names = new List<string>();
        using (var reader = list.ExecuteReader())
            while (reader.Read()) names.Add(reader.GetString(0));
        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var name in names) rows[name] = Ask(database, $"SELECT count(*) FROM \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        return rows;
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)LockWithin.TotalSeconds,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }

    private static long Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static JobFailedException Explain(string file, SqliteException e) => e.SqliteErrorCode is Busy or Locked
        ? new JobFailedException($"{file} is written to without a pause: does a database tool hold it open? Close it, or try again when there is less to do", e)
        : new JobFailedException($"{file} cannot be read ({e.Message}): run this as the account of the node or as root; a damaged file is told by trafficflow run too", e);
}
