using Microsoft.Data.Sqlite;
using TrafficFlow.Node;
using TrafficFlow.Node.MoveDatabase;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>A server's counts moved from SQLite to a real PostgreSQL, in one piece and with interruptions.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class MoveServerTests(PostgresFixture fixture, CountedServerFixture counted) : IClassFixture<PostgresFixture>, IClassFixture<CountedServerFixture>
{
    private const int Moved = CountedServerFixture.Steps;
    private const int Last = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private PostgresServer Server => fixture.Server;

    [Fact]
    public async Task What_counts_on_in_PostgreSQL_is_what_it_would_have_been_without_the_move()
    {
        using var undisturbed = new CountedServer();
        using var node = counted.Copy();
        var expected = await CountedServer.CountAsync(undisturbed.Journal, 1, Last);
        var target = await NewAsync("whole");
        var (journal, snapshots) = (Rows(node.Journal.File, JournalOf("hex(message)")), Rows(node.Journal.File, SnapshotOf("hex(snapshot)")));
        var last = long.Parse(Rows(node.Journal.File, "SELECT seq FROM sqlite_sequence WHERE name = 'journal'").Single());

        var said = await CountedServer.MoveAsync(node.To(target));

        Assert.Contains($"  {"journal",-21} {journal.Count,10} rows", said);
        Assert.True(journal.Count > 20 && snapshots.Count > 1, $"{journal.Count} events, {snapshots.Count} snapshots");
        Assert.Equal(journal, await RowsAsync("whole", JournalOf("upper(encode(message, 'hex'))")));
        Assert.Equal(snapshots, await RowsAsync("whole", SnapshotOf("upper(encode(snapshot, 'hex'))")));

        var told = await CountedServer.CountAsync(target, Moved - 10, Last);
        Assert.Equal(expected, told);
        Assert.Contains("audit ", told);
        Assert.Contains("held ", told);
        Assert.Equal($"{last + 1}", await Server.SqlAsync($"SELECT min(ordering) FROM journal WHERE ordering > {last}", "whole"));
        Assert.Equal(journal, Rows(MovedDatabase.NameOf(node.Journal.File), JournalOf("hex(message)")));
    }

    [Fact]
    public async Task Numbers_of_events_that_were_deleted_are_not_given_again()
    {
        using var node = counted.Copy();
        Execute(node.Journal.File, "UPDATE sqlite_sequence SET seq = seq + 5000 WHERE name = 'journal'");
        var last = long.Parse(Rows(node.Journal.File, "SELECT seq FROM sqlite_sequence WHERE name = 'journal'").Single());

        await CountedServer.MoveAsync(node.To(await NewAsync("numbers")));

        Assert.Equal($"{last + 1}", await Server.SqlAsync("SELECT nextval(pg_get_serial_sequence('journal', 'ordering'))", "numbers"));
    }

    [Fact]
    public async Task Killed_in_the_middle_it_leaves_nothing_there_keeps_nodes_out_and_is_carried_to_its_end()
    {
        using var node = counted.Copy();
        await using var relay = new BreakingRelay(Server.Port) { At = Break.StallInCopy };
        var target = Through(relay, await NewAsync("killed"));
        var events = Rows(node.Journal.File, JournalOf("hex(message)"));
        string[] command = ["move-database", "--config", node.Config, "--to", target.Connection, "--password-file", target.PasswordFile!];
        var settings = node.Write("postgres.conf", Settings(target));
        await using (var move = TrafficflowProcess.Start(command))
        {
            await relay.Broken.WaitAsync(Patience);
            await move.KillAsync();
        }

        relay.At = Break.Nowhere;
        Assert.Equal("0", await Server.SqlAsync("SELECT count(*) FROM journal", "killed"));
        Assert.Equal(events, Rows(node.Journal.File, JournalOf("hex(message)")));
        var started = await TrafficflowProcess.RunAsync("run", "--config", settings);
        Assert.Equal(ExitCodes.BadUsage, started.Code);
        Assert.Contains("the move of this node's counts to 127.0.0.1:", started.Error);
        var looked = await TrafficflowProcess.RunAsync("move-database", "--check", "--config", node.Config, "--to", settings);
        Assert.True(looked.Code == ExitCodes.Done, looked.Output + looked.Error);

        var again = await TrafficflowProcess.RunAsync(command);

        Assert.True(again.Code == ExitCodes.Done, again.Error);
        Assert.Equal(events, await RowsAsync("killed", JournalOf("upper(encode(message, 'hex'))")));
        Assert.DoesNotContain("horse", again.Output + again.Error);
        var accident = await TrafficflowProcess.RunAsync("run", "--config", node.Config);
        Assert.Equal(ExitCodes.BadUsage, accident.Code);
        Assert.Contains("journal.db were moved to 127.0.0.1:", accident.Error);
        Assert.Contains("BAD  journal", (await TrafficflowProcess.RunAsync("run", "--check", "--config", node.Config)).Output);
        Assert.False(File.Exists(node.Journal.File));
        await using var counts = TrafficflowProcess.Start("run", "--config", settings);
        await counts.SayAsync("is up", Patience);
    }

    [Fact]
    public async Task A_connection_that_is_lost_leaves_nothing_there_and_the_same_command_does_it()
    {
        using var node = counted.Copy();
        await using var relay = new BreakingRelay(Server.Port) { At = Break.CutInCopy };
        var target = Through(relay, await NewAsync("lost"));

        var lost = await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(node.To(target)));

        Assert.Contains($"127.0.0.1:{relay.Port}/lost does not answer", lost.Message);
        Assert.Contains("Nothing of it is in", lost.Message);
        Assert.DoesNotContain('\n', lost.Message);
        relay.At = Break.Nowhere;
        Assert.Equal("0", await Server.SqlAsync("SELECT count(*) FROM journal", "lost"));
        await CountedServer.MoveAsync(node.To(target));
        Assert.Equal(Rows(MovedDatabase.NameOf(node.Journal.File), JournalOf("hex(message)")), await RowsAsync("lost", JournalOf("upper(encode(message, 'hex'))")));
    }

    [Fact]
    public async Task A_connection_that_breaks_behind_the_commit_is_found_to_have_done_it_and_what_was_counted_since_comes_after()
    {
        using var node = counted.Copy();
        await using var relay = new BreakingRelay(Server.Port) { At = Break.CutBehindCommit };
        var target = Through(relay, await NewAsync("behind"));

        var broken = await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(node.To(target)));
        Assert.Contains("broke in the last moment", broken.Message);
        Assert.NotEqual("0", await Server.SqlAsync("SELECT count(*) FROM journal", "behind"));
        Assert.True(File.Exists(node.Journal.File));

        // The node goes on with its old settings, as it may, before somebody finds time for the move.
        relay.At = Break.Nowhere;
        var expected = await CountedServer.CountAsync(node.Journal, Moved, Moved + 20);
        await CountedServer.MoveAsync(node.To(target));
        Assert.Equal(expected, await CountedServer.CountAsync(target, Moved + 20, Moved + 20));
        Assert.Equal("1", await Server.SqlAsync("SELECT count(*) FROM trafficflow_moves", "behind"));
    }

    [Fact]
    public async Task A_move_that_was_whole_but_for_the_names_is_ended_and_nothing_is_copied_again()
    {
        using var node = counted.Copy();
        await using var relay = new BreakingRelay(Server.Port) { At = Break.CutBehindCommit };
        var target = Through(relay, await NewAsync("names"));
        await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(node.To(target)));
        var written = await Server.SqlAsync("SELECT xmin FROM journal ORDER BY ordering LIMIT 1", "names");
        File.Move(node.Journal.TablesFile, MovedDatabase.NameOf(node.Journal.TablesFile));

        relay.At = Break.Nowhere;
        var settings = node.Write("postgres.conf", Settings(target));
        Assert.Contains($"Start the node with {settings}", await CountedServer.MoveAsync(MoveOptions.Read(node.Config, settings, null, null)));

        Assert.Equal(written, await Server.SqlAsync("SELECT xmin FROM journal ORDER BY ordering LIMIT 1", "names"));
        Assert.Equal(["journal.db.moved", "journal.db.moved.txt", "journal.flows.db.moved"], Directory.GetFiles(node.Data, "*moved*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("were moved to", (await Assert.ThrowsAsync<UsageException>(() => CountedServer.MoveAsync(node.To(target)))).Message);
    }

    [Fact]
    public async Task A_file_that_another_program_reads_keeps_its_name_until_its_log_can_be_written_into_it()
    {
        using var node = counted.Copy();
        var target = await NewAsync("read");
        using (var reader = new SqliteConnection($"Data Source={node.Journal.TablesFile};Pooling=False"))
        {
            reader.Open();
            using var begin = reader.CreateCommand();
            begin.CommandText = "BEGIN; SELECT count(*) FROM flow_bins";
            begin.ExecuteScalar();
            // What comes now lies in the write-ahead log for as long as somebody reads the state before.
            Execute(node.Journal.TablesFile, "UPDATE flow_bins SET revision = revision");

            var refused = await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(node.To(target)));
            Assert.Contains("another program reads", refused.Message);
            Assert.True(File.Exists(node.Journal.TablesFile));
        }

        await CountedServer.MoveAsync(node.To(target));
        Assert.False(File.Exists(node.Journal.TablesFile));
        Assert.False(File.Exists(MovedDatabase.NameOf(node.Journal.TablesFile) + "-wal"));
        var backup = await TrafficflowProcess.RunAsync("backup", node.Data + ".backup", "--config", node.Config);
        Assert.Equal(ExitCodes.BadUsage, backup.Code);
        Assert.Contains("were moved to", backup.Error);
    }

    [Fact]
    public async Task What_was_counted_there_after_a_broken_move_is_never_overwritten()
    {
        using var node = counted.Copy();
        await using var relay = new BreakingRelay(Server.Port) { At = Break.CutBehindCommit };
        var target = Through(relay, await NewAsync("since"));
        await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(node.To(target)));
        relay.At = Break.Nowhere;
        await CountedServer.CountAsync(target, Moved, Moved + 1);
        var events = await Server.SqlAsync("SELECT count(*) FROM journal", "since");

        var refused = await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(node.To(target)));

        Assert.Contains("something has changed it since", refused.Message);
        Assert.Equal(events, await Server.SqlAsync("SELECT count(*) FROM journal", "since"));
        Assert.True(File.Exists(node.Journal.File));
    }

    private static string Settings(PostgresJournal journal) => $$"""
        trafficflow.node {
          roles = [server], data-directory = "data"
          journal { type = postgresql, connection = "{{journal.Connection}}", password-file = "{{journal.PasswordFile}}" }
        }

        """;

    private async Task<PostgresJournal> NewAsync(string name)
    {
        await Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
        return new PostgresJournal(Server.Connection(name), Server.PasswordFile);
    }

    private PostgresJournal Through(BreakingRelay relay, PostgresJournal target) => new(
        target.Connection.Replace($"Port={Server.Port}", $"Port={relay.Port}", StringComparison.Ordinal) + ";SSL Mode=Disable;GSS Encryption Mode=Disable", target.PasswordFile);

    private static string JournalOf(string message) =>
        $"SELECT ordering || '|' || persistence_id || '|' || sequence_number || '|' || created || '|' || CASE WHEN deleted THEN 1 ELSE 0 END || '|' || identifier || '|' || manifest || '|' || writer_uuid || '|' || {message} FROM journal ORDER BY ordering";

    private static string SnapshotOf(string snapshot) =>
        $"SELECT persistence_id || '|' || sequence_number || '|' || created || '|' || serializer_id || '|' || manifest || '|' || {snapshot} FROM snapshot ORDER BY created, persistence_id, sequence_number";

    private async Task<List<string>> RowsAsync(string database, string sql) => [.. (await Server.SqlAsync(sql, database)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static List<string> Rows(string file, string sql)
    {
        using var database = Open(file);
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    private static void Execute(string file, string sql)
    {
        using var database = Open(file);
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string file)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());
        database.Open();
        return database;
    }
}
