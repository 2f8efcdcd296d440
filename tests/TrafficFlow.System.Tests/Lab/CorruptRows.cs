using Microsoft.Data.Sqlite;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>Damages the last of our rows in a journal, as a failing disk does. Whoever reads the journal must be down.</summary>
internal static class CorruptRows
{
    /// <summary>Rows whose serializer is TrafficFlow's; Akka's own have no check sum of ours.</summary>
    private const string Last = "select ordering from journal where identifier = 7321 order by ordering desc limit 1";

    /// <returns>Whether there was a row.</returns>
    public static bool LastOf(string sqliteFile)
    {
        if (!File.Exists(sqliteFile)) return false;
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sqliteFile, Pooling = false }.ToString());
        database.Open();
        using var read = database.CreateCommand();
        read.CommandText = $"select message from journal where ordering = ({Last})";
        if (read.ExecuteScalar() is not byte[] { Length: > 0 } message) return false;
        for (var i = message.Length / 2; i < message.Length; i++) message[i] ^= 0xA5;
        using var write = database.CreateCommand();
        write.CommandText = $"update journal set message = $message where ordering = ({Last})";
        write.Parameters.AddWithValue("$message", message);
        return write.ExecuteNonQuery() == 1;
    }

    public static Task<bool> LastOfAsync(PostgresServer database) => DamageAsync(database, "journal", "message", $"ordering = ({Last})");

    /// <summary>The newest snapshot of any approach.</summary>
    /// <returns>Whether there was one.</returns>
    public static Task<bool> SnapshotAsync(PostgresServer database) => DamageAsync(
        database, "snapshot", "snapshot", "ctid = (select ctid from snapshot where persistence_id like 'approach-%' order by created desc limit 1)");

    // In the database itself: a snapshot may be larger than what a command line takes.
    private static async Task<bool> DamageAsync(PostgresServer database, string table, string column, string where) =>
        (await database.SqlAsync(
            $"""
            update {table} set {column} = substring({column} for length({column}) / 2) || decode(repeat('a5', length({column}) - length({column}) / 2), 'hex')
            where {where} returning 1
            """,
            PostgresServer.Database)).StartsWith('1');
}
