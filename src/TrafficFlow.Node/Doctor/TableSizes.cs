using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Doctor;

/// <summary>How large the tables of a node's databases are.</summary>
internal static class TableSizes
{
    public static async Task<string> OfAsync(string data, string? config, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        foreach (var file in Directory.GetFiles(data, "*.db").Order(StringComparer.Ordinal))
        {
            var log = new FileInfo(file + "-wal");
            text.AppendLine(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}: {new FileInfo(file).Length} bytes, write-ahead log {(log.Exists ? log.Length : 0)} bytes");
            try
            {
                using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
                database.Open();
                foreach (var table in Read(database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"))
                    text.AppendLine($"  {table}: {Read(database, $"SELECT count(*) FROM \"{table}\"").Single()} rows");
                text.AppendLine($"  free pages: {Read(database, "PRAGMA freelist_count").Single()} of {Read(database, "PRAGMA page_count").Single()}");
            }
            catch (SqliteException e)
            {
                text.AppendLine($"  cannot be read: {e.Message}");
            }
        }

        if (config is not null && NodeSettings.Load(config).Journal is PostgresJournal postgres) text.Append(await OfAsync(postgres, cancellation));
        return text.ToString();
    }

    private static async Task<string> OfAsync(PostgresJournal postgres, CancellationToken cancellation)
    {
        var text = new StringBuilder().AppendLine(postgres.Name);
        try
        {
            await using var query = postgres.Source.CreateCommand(
                "SELECT relname, reltuples::bigint, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY 3 DESC");
            await using var reader = await query.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) text.AppendLine(CultureInfo.InvariantCulture, $"  {reader.GetString(0)}: about {reader.GetInt64(1)} rows, {reader.GetInt64(2)} bytes");
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or JournalException or TimeoutException)
        {
            text.AppendLine($"  does not answer: {e.Message}");
        }

        return text.ToString();
    }

    private static List<string> Read(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read()) values.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture) ?? "");
        return values;
    }
}
