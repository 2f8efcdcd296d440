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

    public static async Task<bool> LastOfAsync(PostgresServer database)
    {
        var hex = await database.SqlAsync($"select encode(message, 'hex') from journal where ordering = ({Last})", PostgresServer.Database);
        if (hex.Length == 0) return false;
        var message = Convert.FromHexString(hex);
        for (var i = message.Length / 2; i < message.Length; i++) message[i] ^= 0xA5;
        await database.SqlAsync($"update journal set message = decode('{Convert.ToHexString(message)}', 'hex') where ordering = ({Last})", PostgresServer.Database);
        return true;
    }
}
