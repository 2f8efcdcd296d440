using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>A table of the SQLite files.</summary>
/// <param name="File">The one that it is in.</param>
internal sealed record SourceTable(string Name, string File, IReadOnlyList<string> Columns, long Rows);

/// <summary>
/// The SQLite files of a node, journal and read tables, as they were at one instant: nothing is ever written to them. A file that a move has renamed
/// already is read under its new name.
/// </summary>
internal sealed class MoveSource : IDisposable
{
    public const string VersionTable = "flow_tables_version";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private readonly Dictionary<string, SqliteConnection> _files = new(StringComparer.Ordinal);

    private MoveSource()
    {
    }

    /// <summary>In the order in which they are moved; the version of the read tables is none of them.</summary>
    public IReadOnlyList<SourceTable> Tables { get; private set; } = [];

    /// <summary>Of the read tables; 0 where there are none.</summary>
    public int Version { get; private set; }

    /// <exception cref="JournalException">A file is damaged, or no database.</exception>
    /// <exception cref="SqliteException">A file cannot be read.</exception>
    public static MoveSource Open(SqliteJournal settings)
    {
        var source = new MoveSource();
        try
        {
            foreach (var file in new[] { settings.File, settings.TablesFile }.Select(Place).Where(File.Exists))
            {
                JournalCheck.Look(file);
                var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 10 }.ToString());
                source._files.Add(file, connection);
                connection.Open();
                Run(connection, "PRAGMA query_only=1");
                // From the first look on, all that is read is of one instant.
                Run(connection, "BEGIN");
                source.Tables = [.. source.Tables, .. TablesOf(connection, file)];
            }

            source.Version = source.Tables.Any(t => t.Name == VersionTable) ? (int)source.Number($"SELECT coalesce(max(version), 0) FROM {VersionTable}", source.FileOf(VersionTable)) : 0;
            source.Tables = [.. source.Tables.Where(t => t.Name != VersionTable)];
            return source;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Where a file is now: under its own name, or, where a move has come so far, under the other one.</summary>
    public static string Place(string file) => !File.Exists(file) && File.Exists(MovedDatabase.NameOf(file)) ? MovedDatabase.NameOf(file) : file;

    /// <summary>Bytes of both files.</summary>
    public long Bytes => _files.Keys.Sum(f => new FileInfo(f).Length);

    /// <summary>Events of outboxes, which a version before 0.1 kept in the journal.</summary>
    public bool HasOutboxes => Tables.FirstOrDefault(t => t.Name == "journal") is { } journal
        && Number("SELECT count(*) FROM (SELECT 1 FROM journal WHERE persistence_id LIKE 'outbox-%' LIMIT 1)", journal.File) > 0;

    /// <summary>Every row, in no order that matters. What is given is overwritten by the next one.</summary>
    /// <exception cref="MoveException">A value is not what its column holds.</exception>
    public IEnumerable<object?[]> Read(SourceTable table, IReadOnlyList<MovedColumn> columns)
    {
        using var query = _files[table.File].CreateCommand();
        query.CommandText = $"SELECT {string.Join(", ", columns.Select(c => Quoted(c.Name)))} FROM {Quoted(table.Name)}";
        using var reader = query.ExecuteReader();
        var row = new object?[columns.Count];
        while (reader.Read())
        {
            for (var i = 0; i < row.Length; i++) row[i] = ValueOf(reader, i, table, columns[i]);
            yield return row;
        }
    }

    /// <summary>The highest number that was ever given to a row of a table whose rows are numbered; 0 for none.</summary>
    public long LastNumber(SourceTable table, string column)
    {
        var highest = Number($"SELECT coalesce(max({Quoted(column)}), 0) FROM {Quoted(table.Name)}", table.File);
        // Rows may have been deleted since.
        return Number("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'", table.File) == 0
            ? highest
            : Math.Max(highest, Number($"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table.Name}'", table.File));
    }

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
        _files.Clear();
    }

    /// <summary>Gives the files up and writes what stands in their write-ahead logs into them, as any program does that closes them last.</summary>
    /// <exception cref="SqliteException">It cannot be written: the files are as they were.</exception>
    /// <exception cref="IOException">Somebody reads it.</exception>
    public void Close()
    {
        var files = _files.Keys.ToList();
        Dispose();
        foreach (var file in files)
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 10 }.ToString());
            connection.Open();
            // It throws nothing where a reader keeps it from that: what stays in the log would be forgotten by whoever renames the file back.
            using var checkpoint = connection.CreateCommand();
            checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            if (checkpoint.ExecuteScalar() is not 0L) throw new IOException($"another program reads {file} (trafficflow export, sqlite3): end it");
        }
    }

    private string FileOf(string table) => Tables.First(t => t.Name == table).File;

    private long Number(string sql, string file)
    {
        using var query = _files[file].CreateCommand();
        query.CommandText = sql;
        return (long)query.ExecuteScalar()!;
    }

    private static List<SourceTable> TablesOf(SqliteConnection connection, string file)
    {
        using var list = connection.CreateCommand();
        list.CommandText = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid";
        var columns = new List<(string Table, string Column)>();
        using (var reader = list.ExecuteReader())
            while (reader.Read()) columns.Add((reader.GetString(0), reader.GetString(1)));
        return [.. columns.GroupBy(c => c.Table, c => c.Column).Select(t =>
        {
            using var count = connection.CreateCommand();
            count.CommandText = $"SELECT count(*) FROM {Quoted(t.Key)}";
            return new SourceTable(t.Key, file, [.. t], (long)count.ExecuteScalar()!);
        })];
    }

    private static object? ValueOf(SqliteDataReader reader, int i, SourceTable table, MovedColumn column)
    {
        if (reader.IsDBNull(i)) return null;
        try
        {
            return column.Kind switch
            {
                ValueKind.Text => reader.GetString(i),
                ValueKind.Json => Parsed(reader.GetString(i)),
                // What the driver would turn into a number without a word is damage.
                ValueKind.Whole => (long)reader.GetValue(i),
                ValueKind.Flag => (long)reader.GetValue(i) != 0,
                ValueKind.Number => reader.GetValue(i) is long whole ? whole : (double)reader.GetValue(i),
                ValueKind.Time => DateTime.ParseExact(reader.GetString(i), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
                ValueKind.Bytes => (byte[])reader.GetValue(i),
                _ => throw new ArgumentOutOfRangeException(nameof(column), column.Kind, "no such kind"),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or JsonException)
        {
            throw new MoveException($"{table.File} holds in {table.Name}.{column.Name} a value that is no {column.Kind.ToString().ToLowerInvariant()} ({e.Message}): keep a copy, and restore the last backup", e);
        }
    }

    private static string Parsed(string json)
    {
        _ = CanonicalJson.Of(json);
        return json;
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }
}

/// <summary>The move cannot go on; the message says what to do.</summary>
internal sealed class MoveException(string message, Exception? inner = null) : Exception(message, inner);
