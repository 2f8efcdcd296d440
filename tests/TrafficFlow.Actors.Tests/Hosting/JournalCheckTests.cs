using Microsoft.Data.Sqlite;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Actors.Tests.Hosting;

public sealed class JournalCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_new_journal_is_made_in_write_ahead_mode_and_survives_a_power_cut()
    {
        JournalCheck.Prepare(Settings("new/journal.db"));

        using var database = new SqliteConnection(Settings("new/journal.db").ConnectionString);
        database.Open();
        Assert.Equal("wal", Ask(database, "PRAGMA journal_mode"));
        // FULL: the log is on the disk before a write is answered.
        Assert.Equal("2", Ask(database, "PRAGMA synchronous"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_named_and_left_alone()
    {
        File.WriteAllText(_folder.File("journal.db"), new string('x', 5000));

        var e = Refused("journal.db");

        Assert.Equal(JournalFailure.NotADatabase, e.Failure);
        Assert.Contains(_folder.File("journal.db"), e.Message);
        Assert.StartsWith("xxx", File.ReadAllText(_folder.File("journal.db")));
    }

    [Fact]
    public void A_damaged_database_is_found()
    {
        JournalCheck.Prepare(Settings("journal.db"));
        using (var database = new SqliteConnection($"{Settings("journal.db").ConnectionString};Pooling=False"))
        {
            database.Open();
            Ask(database, "CREATE TABLE t (a TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT hex(randomblob(40)) FROM n");
            Ask(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        var bytes = File.ReadAllBytes(_folder.File("journal.db"));
        Array.Fill<byte>(bytes, 0xA5, 8192, 40_000);
        File.WriteAllBytes(_folder.File("journal.db"), bytes);

        Assert.Equal(JournalFailure.Corrupt, Refused("journal.db").Failure);
    }

    [Fact]
    public void A_locked_database_is_told_from_a_damaged_one()
    {
        JournalCheck.Prepare(Settings("journal.db"));
        using var other = new SqliteConnection($"{Settings("journal.db").ConnectionString};Pooling=False");
        other.Open();
        Ask(other, "BEGIN EXCLUSIVE");

        var e = Refused("journal.db");

        Assert.Equal(JournalFailure.Locked, e.Failure);
        Assert.Contains("another node", e.Message);
    }

    [Fact]
    public void A_database_that_another_program_writes_is_found_before_a_node_starts_on_it()
    {
        JournalCheck.Prepare(Settings("journal.db"));
        JournalCheck.TryWrite(_folder.File("journal.db"));
        using var other = new SqliteConnection($"{Settings("journal.db").ConnectionString};Pooling=False");
        other.Open();
        Ask(other, "BEGIN IMMEDIATE");

        // Readers are not kept out: that it is whole can be seen all the same.
        JournalCheck.Look(_folder.File("journal.db"));
        Assert.Equal(JournalFailure.Locked, Assert.Throws<JournalException>(() => JournalCheck.TryWrite(_folder.File("journal.db"))).Failure);
    }

    [Fact]
    public void A_database_that_takes_no_writes_is_found_by_the_look_and_at_the_start()
    {
        JournalCheck.Prepare(Settings("journal.db"));
        // No mode keeps root from writing. A file of a format that only a newer SQLite may write is read-only for every account.
        using (var file = new FileStream(_folder.File("journal.db"), FileMode.Open))
        {
            file.Position = 18;
            file.WriteByte(3);
        }

        JournalCheck.Look(_folder.File("journal.db"));
        Assert.Equal(JournalFailure.NotWritable, Assert.Throws<JournalException>(() => JournalCheck.TryWrite(_folder.File("journal.db"))).Failure);
        var e = Refused("journal.db");
        Assert.Equal(JournalFailure.NotWritable, e.Failure);
        Assert.Contains("chmod u+w", e.Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        // A file in the folder's place: no account, not even root, can write into it.
        File.WriteAllText(_folder.File("data"), "");

        var e = Refused("data/journal.db");

        Assert.Equal(JournalFailure.NotWritable, e.Failure);
        Assert.Contains(_folder.File("data"), e.Message);
    }

    [Fact]
    public void A_disk_that_is_nearly_full_stops_the_start()
    {
        var e = Assert.Throws<JournalException>(() => JournalCheck.Prepare(Settings("journal.db") with { MinFreeBytes = long.MaxValue }));

        Assert.Equal(JournalFailure.DiskFull, e.Failure);
    }

    [Fact]
    public void A_node_that_runs_already_is_named_by_its_process()
    {
        using (NodeLock.Take(_folder.Path))
        {
            var e = Assert.Throws<NodeLockedException>(() => NodeLock.Take(_folder.Path));
            Assert.Contains($"process {Environment.ProcessId} holds", e.Message);
        }

        NodeLock.Take(_folder.Path).Dispose();
    }

    public void Dispose() => _folder.Dispose();

    private JournalException Refused(string file) => Assert.Throws<JournalException>(() => JournalCheck.Prepare(Settings(file)));

    private SqliteJournal Settings(string file) => new(_folder.File(file)) { MinFreeBytes = 0 };

    private static string? Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
