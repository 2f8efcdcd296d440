using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Run;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

public sealed class OutboxJournalTests : IDisposable
{
    private static readonly (SiteId, CameraId) First = (new SiteId("a-b"), new CameraId("c"));
    private static readonly (SiteId, CameraId) Second = (new SiteId("a"), new CameraId("b-c"));
    private static readonly (SiteId, CameraId) Other = (new SiteId("a"), new CameraId("d"));

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-outbox-").FullName;

    [Fact]
    public void What_older_versions_stored_keeps_its_camera_under_a_name_that_no_other_can_have()
    {
        Run("create table journal (persistence_id text, sequence_number int); create table journal_metadata (persistence_id text, sequence_number int); create table tags (tag text)");
        Run("insert into journal values ('outbox-a-b-c', 1), ('outbox-a-b-c', 2), ('outbox-a-d', 1), ('approach-a/north', 1); insert into journal_metadata values ('outbox-a-b-c', 2)");

        OutboxJournal.RenameFormer(JournalFile, [First, Second, Other]);
        OutboxJournal.RenameFormer(JournalFile, [First, Second, Other]);

        Assert.Equal(["approach-a/north", "outbox-a-b/c", "outbox-a-b/c", "outbox-a/d"], Names("journal"));
        Assert.Equal(["outbox-a-b/c"], Names("journal_metadata"));
    }

    private string JournalFile => Path.Combine(_folder, "outbox.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Run(string sql)
    {
        using var database = Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<string> Names(string table)
    {
        using var database = Open();
        using var command = database.CreateCommand();
        command.CommandText = $"select persistence_id from {table} order by 1";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read()) names.Add(reader.GetString(0));
        return names;
    }

    private SqliteConnection Open()
    {
        var database = new SqliteConnection($"Data Source={JournalFile};Pooling=False");
        database.Open();
        return database;
    }
}
