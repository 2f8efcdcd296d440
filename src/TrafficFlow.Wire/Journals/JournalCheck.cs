using Microsoft.Data.Sqlite;

namespace TrafficFlow.Wire.Journals;

public enum JournalFailure
{
    NotWritable,
    DiskFull,
    NotADatabase,
    Corrupt,
    Locked,
    NotDurable,

    /// <summary>It may come back by itself.</summary>
    Unreachable,
    AccessDenied,
    DatabaseMissing,
    WrongEncoding,
    Outdated,

    /// <summary>What it held is in another database now.</summary>
    Moved,
}

/// <summary>The journal cannot be used; the message says which database, the likely cause and the remedy.</summary>
public sealed class JournalException(JournalFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public JournalFailure Failure { get; } = failure;
}

/// <summary>Looks at a SQLite journal before the node starts, and puts it into write-ahead mode.</summary>
public static class JournalCheck
{
    private const int SqliteReadOnly = 8;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
    private const int SqliteNotADatabase = 26;
    private const int SynchronousFull = 2;

    /// <exception cref="JournalException">What is wrong, and what to do.</exception>
    public static void Prepare(SqliteJournal settings)
    {
        if (MovedDatabase.Problem(settings) is { } moved) throw new JournalException(JournalFailure.Moved, moved);
        var folder = Path.GetDirectoryName(Path.GetFullPath(settings.File))!;
        CheckFolder(folder);
        CheckSpace(folder, settings);
        try
        {
            CheckDatabase(settings);
        }
        catch (SqliteException e)
        {
            throw Explain(settings.File, e);
        }
    }

    /// <summary>Whether a file that is there is a whole SQLite database. Only reads, so that a node may have it open.</summary>
    /// <exception cref="JournalException">What is wrong, and what to do.</exception>
    public static void Look(string file)
    {
        try
        {
            var connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 };
            using var database = new SqliteConnection(connection.ToString());
            database.Open();
            CheckWhole(database, file);
        }
        catch (SqliteException e)
        {
            throw Explain(file, e);
        }
    }

    /// <summary>Whether this account can write a database that is there and that no node has open. Nothing is changed in it.</summary>
    /// <exception cref="JournalException">What is wrong, and what to do.</exception>
    public static void TryWrite(string file)
    {
        try
        {
            var connection = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 };
            using var database = new SqliteConnection(connection.ToString());
            database.Open();
            CheckWritable(database);
        }
        catch (SqliteException e)
        {
            throw Explain(file, e);
        }
    }

    private static void CheckFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $".writable-{Guid.NewGuid():n}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
            probe.WriteByte(1);
            probe.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                JournalFailure.NotWritable,
                $"the data folder {folder} is not writable ({e.Message}): give the account that runs trafficflow write access, or set another folder", e);
        }
    }

    private static void CheckSpace(string folder, SqliteJournal settings)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < settings.MinFreeBytes)
            throw new JournalException(
                JournalFailure.DiskFull,
                $"only {free / 1_000_000} MB are free for the journal {settings.File}, and {settings.MinFreeBytes / 1_000_000} MB are wanted: free space, or move the data folder");
    }

    private static void CheckDatabase(SqliteJournal settings)
    {
        // Without a pool nothing of the check stays open; a second of waiting tells a lock from a short write.
        var connection = new SqliteConnectionStringBuilder { DataSource = settings.File, Pooling = false, DefaultTimeout = 1 };
        using var database = new SqliteConnection(connection.ToString());
        database.Open();
        CheckWhole(database, settings.File);
        Ask(database, "PRAGMA journal_mode=WAL");
        CheckWritable(database);
        if (Ask(database, "PRAGMA synchronous") is var level && level != SynchronousFull.ToString())
            throw new JournalException(
                JournalFailure.NotDurable,
                $"SQLite would write the journal {settings.File} with synchronous={level}, and a power cut could lose counts: use the SQLite library that came with trafficflow");
    }

    private static void CheckWritable(SqliteConnection database)
    {
        var version = Ask(database, "PRAGMA user_version");
        Ask(database, "BEGIN IMMEDIATE");
        // Of a file that takes no writes SQLite begins a transaction all the same, one that reads.
        Ask(database, $"PRAGMA user_version = {version}");
        Ask(database, "ROLLBACK");
    }

    private static void CheckWhole(SqliteConnection database, string file)
    {
        if (Ask(database, "PRAGMA quick_check(1)") is not "ok" and var found)
            throw new JournalException(
                JournalFailure.Corrupt,
                $"the journal {file} is damaged ({found?.ReplaceLineEndings(" ").Trim() ?? "nothing could be read"}), likely by a failing disk or a power cut on a disk that lies about writing: keep a copy, restore the last backup, or recover with 'sqlite3 FILE .recover'");
    }

    private static string? Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }

    private static JournalException Explain(string file, SqliteException e) => e.SqliteErrorCode switch
    {
        SqliteNotADatabase => new(
            JournalFailure.NotADatabase,
            $"{file} is not a SQLite database: is another file in its place? Move it away, and a new journal is made", e),
        SqliteCorrupt => new(
            JournalFailure.Corrupt,
            $"the journal {file} is damaged ({e.Message}): keep a copy, restore the last backup, or recover with 'sqlite3 FILE .recover'", e),
        SqliteBusy or SqliteLocked => new(
            JournalFailure.Locked,
            $"the journal {file} is locked: does another node, a backup or a database tool have it open? Close it, then start again", e),
        SqliteFull => new(JournalFailure.DiskFull, $"the disk of the journal {file} is full: free space, or move the data folder", e),
        SqliteReadOnly or SqliteCannotOpen => new(
            JournalFailure.NotWritable,
            $"the journal {file} cannot be opened for writing ({e.Message}): give the account that runs trafficflow write access to it and its -wal and -shm files (chown, chmod u+w)", e),
        _ => new(JournalFailure.Corrupt, $"the journal {file} cannot be used: {e.Message}", e),
    };
}
