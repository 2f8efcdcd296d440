using System.IO.Compression;
using Microsoft.Data.Sqlite;
using TrafficFlow.Node;
using TrafficFlow.Node.MoveDatabase;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Upgrade;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>What cannot be moved is told in one line, and neither side is touched.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class MoveRefusalTests(PostgresFixture fixture, CountedServerFixture counted) : IClassFixture<PostgresFixture>, IClassFixture<CountedServerFixture>, IDisposable
{
    private readonly CountedServer _node = counted.Copy();

    private PostgresServer Server => fixture.Server;

    [Fact]
    public async Task A_node_that_runs_is_looked_at_and_not_moved()
    {
        var target = await NewAsync("running");
        using (NodeLock.Take(_node.Data))
        {
            Assert.Contains($"this node runs, process {Environment.ProcessId}: stop it first (systemctl stop", await RefusedAsync(_node.To(target)));
            var output = new StringWriter();
            Assert.Equal(ExitCodes.Done, await new MoveCheck(_node.To(target), output, TextWriter.Null, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken));
            Assert.Contains("it runs, process", output.ToString());
            Assert.Contains("can be moved to", output.ToString());
        }

        Assert.Equal("", await Server.SqlAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "running"));
    }

    [Fact]
    public async Task A_target_that_holds_counts_is_left_as_it_is()
    {
        var target = await NewAsync("occupied");
        await CountedServer.CountAsync(target, 1, 2);
        var before = await Server.SqlAsync("SELECT count(*), max(ordering) FROM journal", "occupied");

        Assert.Contains("holds counts already (journal ", await RefusedAsync(_node.To(target)));

        Assert.Equal(before, await Server.SqlAsync("SELECT count(*), max(ordering) FROM journal", "occupied"));
    }

    [Fact]
    public async Task A_target_that_a_node_uses_is_refused_before_the_first_count_of_it()
    {
        var target = await NewAsync("used");
        await using var node = await ServerNode.StartAsync(target);
        await node.StatusAsync();
        Assert.Contains("a node uses 127.0.0.1:", await RefusedAsync(_node.To(target)));
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_told_without_its_password()
    {
        await NewAsync("refuses");
        var wrong = _node.Write("wrong.password", "battery staple\n");
        File.SetUnixFileMode(wrong, UnixFileMode.UserRead);
        Assert.Contains($"correct the password in {wrong}", await RefusedAsync(_node.To(new PostgresJournal(Server.Connection("refuses"), wrong))));
        Assert.Contains("name that in journal.password-file", await RefusedAsync(_node.To(new PostgresJournal(Server.Connection("refuses")))));
        Assert.Contains("createdb --encoding=UTF8", await RefusedAsync(_node.To(Of("nowhere"))));
        await Server.SqlAsync("CREATE DATABASE of_others");
        Assert.Contains("ALTER DATABASE of_others OWNER TO trafficflow", await RefusedAsync(_node.To(Of("of_others"))));
        var away = await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(_node.To(new PostgresJournal($"Host=127.0.0.1;Port={Tools.FreePort()};Database=a;Username=b"))));
        Assert.Contains("does not answer", away.Message);
        Assert.Equal(2, Directory.GetFiles(_node.Data, "*.db").Length);
        Assert.Empty(Directory.GetFiles(_node.Data, "*move*"));
    }

    [Theory]
    [InlineData("UPDATE flow_tables_version SET version = version + 1", "use a newer one")]
    [InlineData("DELETE FROM flow_tables_version WHERE version > 3", "have version 3, and this trafficflow moves version")]
    [InlineData("UPDATE journeys SET last_seen_at = 'noon'", "a value that is no time")]
    [InlineData("CREATE TABLE signals (phase text); INSERT INTO signals VALUES ('green')", "holds a table signals with 1 rows")]
    [InlineData("ALTER TABLE journeys ADD COLUMN plate text", "journeys has the columns ")]
    [InlineData("UPDATE flow_bins SET sources = 'cam1'", "a value that is no json")]
    public async Task Files_that_are_not_of_this_version_are_told_and_nothing_is_kept_of_them(string change, string told)
    {
        var target = await NewAsync($"version_{Guid.NewGuid():n}");
        using (var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _node.Journal.TablesFile, Pooling = false }.ToString()))
        {
            database.Open();
            using var command = database.CreateCommand();
            command.CommandText = change;
            command.ExecuteNonQuery();
        }

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => CountedServer.MoveAsync(_node.To(target)));

        Assert.True(refused is UsageException or JobFailedException, refused.ToString());
        Assert.Contains(told, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal("0", await Server.SqlAsync(
            "SELECT coalesce((SELECT (xpath('/row/c/text()', query_to_xml('SELECT count(*) AS c FROM journal', false, true, '')))[1]::text FROM pg_class WHERE relname = 'journal'), '0')", target.Name.Split('/')[^1]));
        Assert.True(File.Exists(_node.Journal.TablesFile));
    }

    [Fact]
    public async Task Data_of_a_former_version_are_to_be_brought_to_this_one_first()
    {
        var target = await NewAsync("former");
        using var archive = new ZipArchive(typeof(FormerVersionTests).Assembly.GetManifestResourceStream("node-dad6b6a.zip")!);
        foreach (var file in Directory.GetFiles(_node.Data)) File.Delete(file);
        foreach (var entry in archive.Entries.Where(e => e.FullName.StartsWith("data/", StringComparison.Ordinal))) entry.ExtractToFile(Path.Combine(_node.Data, entry.Name));

        Assert.Contains("have version 1, and this trafficflow moves version", await RefusedAsync(_node.To(target)));
    }

    [Fact]
    public async Task A_command_line_that_cannot_be_meant_is_told_with_what_is()
    {
        var to = Server.Connection();
        Assert.Contains("--to holds a password: write it into a file", Wrong(to + ";Password=battery", null, null));
        Assert.DoesNotContain("battery", Wrong(to + ";Password=battery", null, null));
        Assert.Contains("--to names no Database", Wrong("Host=a;Username=b", null, null));
        Assert.Contains("is neither a connection", Wrong("nothing.conf", null, null));
        Assert.Contains("--password-file: there is no file /nowhere", Wrong(to, "/nowhere", null));
        Assert.Contains("is there already", Wrong(to, null, _node.Config));
        Assert.Contains("must lie beside", Wrong(to, null, Path.Combine(_node.Data, "new.conf")));
        Assert.Contains("has no journal of type postgresql", Wrong(_node.Config, null, null));
        var other = _node.Write("other.conf", $"trafficflow.node {{ roles = [server], data-directory = \"elsewhere\", journal {{ type = postgresql, connection = \"{to}\" }} }}\n");
        Assert.Contains("is of another node", Wrong(other, null, null));
        Assert.Contains("names PostgreSQL already", Assert.Throws<UsageException>(() => MoveOptions.Read(other, to, null, null)).Message);
        var roadside = _node.Write("roadside.conf", File.ReadAllText(_node.Config).Replace("[server]", "[roadside]", StringComparison.Ordinal));
        var process = await TrafficflowProcess.RunAsync("move-database", "--config", roadside, "--to", to);
        Assert.Equal(ExitCodes.BadUsage, process.Code);

        string Wrong(string target, string? password, string? config) => Assert.Throws<UsageException>(() => MoveOptions.Read(_node.Config, target, password, config)).Message;
    }

    [Fact]
    public async Task A_copy_of_the_settings_names_the_new_database_and_lies_beside_them_as_private_as_they_are()
    {
        var target = await NewAsync("settings");
        File.SetUnixFileMode(_node.Config, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var written = Path.Combine(_node.Path, "new.conf");

        var said = await CountedServer.MoveAsync(_node.To(target, written));

        Assert.Contains($"Start the node with {written}", said);
        Assert.Equal(File.GetUnixFileMode(_node.Config), File.GetUnixFileMode(written));
        Assert.Equal(target, TrafficFlow.Node.Settings.NodeSettings.Load(written).Journal as PostgresJournal, (a, b) => (a!.Connection, a.PasswordFile) == (b!.Connection, b.PasswordFile));
    }

    [Fact]
    public async Task A_full_disk_on_either_side_loses_nothing()
    {
        var data = Path.Combine(_node.Path, "small");
        var config = _node.Write("small.conf", "trafficflow.node { roles = [server], data-directory = \"small\" }\n");
        var target = await NewAsync("roomy");
        await using (var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(data, "20m")))
        {
            foreach (var file in Directory.GetFiles(_node.Data)) File.Copy(file, Path.Combine(data, Path.GetFileName(file)));
            disk.Fill();
            var local = await Assert.ThrowsAnyAsync<Exception>(() => CountedServer.MoveAsync(MoveOptions.Read(config, target.Connection, target.PasswordFile, null)));
            Assert.True(local is UsageException or JobFailedException, local.ToString());
            Assert.Contains("free s", local.Message);
            disk.Free();
        }

        var space = Directory.CreateTempSubdirectory("trafficflow-space-").FullName;
        await using (await SmallDisk.MountAsync(space, "24m"))
        {
            await Tools.RunAsync("chown", "postgres", space);
            await Server.SqlAsync($"CREATE TABLESPACE small LOCATION '{space}'");
            await Server.SqlAsync("CREATE DATABASE crowded OWNER trafficflow TABLESPACE small");
            Fatten(_node.Journal.File);

            var remote = await Assert.ThrowsAsync<JobFailedException>(() => CountedServer.MoveAsync(_node.To(Of("crowded"))));

            Assert.Contains("the disk of 127.0.0.1:", remote.Message);
            Assert.Contains("is full", remote.Message);
            Assert.Contains("Nothing of it is in", remote.Message);
            Assert.Equal("0", await Server.SqlAsync("SELECT count(*) FROM journal", "crowded"));
            Assert.True(File.Exists(_node.Journal.File));
            await Server.SqlAsync("DROP DATABASE crowded WITH (FORCE)");
            await Server.SqlAsync("DROP TABLESPACE small");
        }

        Directory.Delete(space, recursive: true);
    }

    public void Dispose() => _node.Dispose();

    /// <summary>Some 30 MB that cannot be compressed.</summary>
    private static void Fatten(string journal)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = journal, Pooling = false }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) SELECT 0, 0, 'fat', i, randomblob(10000), 'fat', 1, 'w' FROM n
            """;
        command.ExecuteNonQuery();
    }

    private static async Task<string> RefusedAsync(MoveOptions options)
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => CountedServer.MoveAsync(options));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private async Task<PostgresJournal> NewAsync(string name)
    {
        await Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
        return Of(name);
    }

    private PostgresJournal Of(string name) => new(Server.Connection(name), Server.PasswordFile);
}
