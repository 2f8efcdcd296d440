using Microsoft.Data.Sqlite;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>Flips a bit of what a SQLite journal holds, as a failing disk does.</summary>
internal static class JournalSurgery
{
    /// <param name="which">SQL condition that finds one row.</param>
    public static void Damage(string file, string which, string table = "journal", string column = "message")
    {
        using var database = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=10");
        database.Open();
        using var read = database.CreateCommand();
        read.CommandText = $"SELECT rowid, {column} FROM {table} WHERE {which}";
        using var rows = read.ExecuteReader();
        Assert.True(rows.Read(), $"no row of {table} where {which}");
        var (row, bytes) = (rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
        Assert.False(rows.Read());
        rows.Close();
        bytes[bytes.Length / 2] ^= 4;
        using var write = database.CreateCommand();
        write.CommandText = $"UPDATE {table} SET {column} = $bytes WHERE rowid = $row";
        write.Parameters.AddWithValue("$bytes", bytes);
        write.Parameters.AddWithValue("$row", row);
        write.ExecuteNonQuery();
    }
}
