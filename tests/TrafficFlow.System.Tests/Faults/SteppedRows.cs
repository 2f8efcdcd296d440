using Microsoft.Data.Sqlite;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>When a journal's rows were written, by the clock of who wrote them.</summary>
internal static class SteppedRows
{
    public static (DateTimeOffset Earliest, DateTimeOffset Latest) In(string journal)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = journal, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "select min(created), max(created) from journal";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (Time(reader.GetInt64(0)), Time(reader.GetInt64(1)));
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
