using Microsoft.Data.Sqlite;
using TrafficFlow.Node.Backup;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Backup;

public sealed class DatabaseCutTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task Copies_of_files_that_are_written_one_after_the_other_are_of_one_instant()
    {
        string[] files = [Make("first.db"), Make("second.db"), Make("third.db")];
        using var stop = new CancellationTokenSource();
        var written = 0L;
        var writer = Task.Run(() =>
        {
            var open = files.Select(Open).ToList();
            for (long n = 1; !stop.IsCancellationRequested; n++)
            {
                // Number n stands in a file only when it stands in those before it.
                foreach (var database in open) Run(database, $"INSERT INTO numbers VALUES ({n}, randomblob(200))");
                Volatile.Write(ref written, n);
            }

            foreach (var database in open) database.Dispose();
        });

        var last = 0L;
        for (var round = 0; round < 8; round++)
        {
            while (Volatile.Read(ref written) < last + 20 && !writer.IsCompleted) await Task.Yield();
            using var cut = DatabaseCut.Take(files, TimeProvider.System);
            // What is written from here on is in no copy.
            var before = Volatile.Read(ref written);
            while (Volatile.Read(ref written) < before + 20 && !writer.IsCompleted) await Task.Yield();
            var highest = files.Select((file, i) =>
            {
                var copy = Path.Combine(_folder.Path, $"copy-{round}-{i}.db");
                var rows = cut.Copy(file, copy)["numbers"];
                using var database = Open(copy);
                Assert.Equal(rows, Ask(database, "SELECT max(n) FROM numbers"));
                Assert.Equal([$"copy-{round}-{i}.db"], Directory.GetFiles(_folder.Path, $"copy-{round}-{i}.db*").Select(Path.GetFileName));
                return rows;
            }).ToList();
            Assert.InRange(highest[0] - highest[1], 0, 1);
            Assert.InRange(highest[1] - highest[2], 0, 1);
            Assert.InRange(highest[0] - highest[2], 0, 1);
            Assert.InRange(highest[0], last + 1, before + 1);
            last = highest[0];
        }

        await stop.CancelAsync();
        await writer;
    }

    [Fact]
    public void A_damaged_database_is_refused_with_its_name()
    {
        var file = Make("damaged.db");
        using (var database = Open(file))
        {
            for (var i = 0; i < 500; i++) Run(database, $"INSERT INTO numbers VALUES ({i}, randomblob(200))");
            Run(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        using (var bytes = File.OpenWrite(file))
        {
            bytes.Seek(8192, SeekOrigin.Begin);
            bytes.Write(new byte[4096 * 4]);
        }

        using var cut = DatabaseCut.Take([file], TimeProvider.System);
        Assert.Contains("damaged.db", Assert.Throws<Node.JobFailedException>(() => cut.Copy(file, Path.Combine(_folder.Path, "copy.db"))).Message);
    }

    public void Dispose() => _folder.Dispose();

    private string Make(string name)
    {
        var file = Path.Combine(_folder.Path, name);
        using var database = Open(file);
        Run(database, "PRAGMA journal_mode=WAL");
        Run(database, "CREATE TABLE numbers (n INTEGER PRIMARY KEY, filler BLOB)");
        return file;
    }

    private static SqliteConnection Open(string file)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        database.Open();
        return database;
    }

    private static void Run(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }

    private static long Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
