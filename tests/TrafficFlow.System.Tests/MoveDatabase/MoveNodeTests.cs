using System.Data.Common;
using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>A whole node that replays a recording, is moved half way, and goes on; beside one that nobody disturbs.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class MoveNodeTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Shipped = "seed=1&speed=10";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly Interval Hour = new(ReplaySource.Default.Start, ReplaySource.Default.Start.AddHours(1));

    [Fact]
    [Trait("Run", "Long")]
    public async Task Every_bin_of_every_length_is_that_of_a_node_that_was_never_moved()
    {
        using var undisturbed = new NodeFolder(Replay);
        using var node = new NodeFolder(Replay);
        var target = new PostgresJournal(fixture.Server.Connection(), fixture.Server.PasswordFile);
        var moved = Path.Combine(node.Path, "moved.conf");
        await using (var first = node.Run())
        {
            await first.UntilAsync(() => node.Events("batch-counted") > 40, Patience, "some batches were counted");
            Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("ctl", "--config", node.Config, "log", "level", "web", "error")).Code);
            first.Terminate();
            Assert.Equal(ExitCodes.Done, (await first.WaitAsync(Patience)).Code);
        }

        Assert.Equal(0, node.Events("lateness-passed"));
        var move = await TrafficflowProcess.RunAsync("move-database", "--config", node.Config, "--to", target.Connection, "--password-file", target.PasswordFile!, "--new-config", moved);
        Assert.True(move.Code == ExitCodes.Done, move.Error);

        await using (var other = undisturbed.Run())
        await using (var second = TrafficflowProcess.Start("run", "--config", moved))
        {
            await EndAsync(other, () => HoursIn(new SqliteJournal(undisturbed.Journal)));
            await EndAsync(second, () => HoursIn(target), async () =>
                Assert.Contains("log level web error", (await TrafficflowProcess.RunAsync("ctl", "--config", moved, "audit", "show")).Output));
        }

        foreach (var bins in new[] { "1min", "5min", "15min", "60min" })
        {
            var (expected, found) = (await ExportAsync(undisturbed.Config, bins), await ExportAsync(moved, bins));
            Assert.True(expected.Split('\n').Length > 20, expected);
            Assert.Equal(expected, found);
        }

        await ReplayComparison.AssertTrueAsync(undisturbed, Hour);
        // Nothing was counted beside it.
        Assert.False(File.Exists(node.Journal));
    }

    private static string Replay
    {
        get
        {
            var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "replay.conf"));
            Assert.Contains(Shipped, text);
            return text.Replace(Shipped, "seed=3&speed=120&hours=1.01&phase=500", StringComparison.Ordinal);
        }
    }

    /// <summary>The recording ends after the hour, whose bins are then closed by what was watched, not by lateness.</summary>
    private static async Task EndAsync(TrafficflowProcess running, Func<long> hours, Func<Task>? before = null)
    {
        await running.UntilAsync(() => hours() == 5, Patience, "the hour of four approaches and of no approach was closed");
        if (before is not null) await before();
        running.Terminate();
        Assert.Equal(ExitCodes.Done, (await running.WaitAsync(Patience)).Code);
    }

    private static long HoursIn(JournalSettings journal)
    {
        const string Hours = "SELECT count(DISTINCT approach) FROM flow_bins WHERE minutes = 60";
        try
        {
            using var database = journal is PostgresJournal postgres
                ? postgres.Source.CreateConnection()
                : (DbConnection)new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = ((SqliteJournal)journal).TablesFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
            database.Open();
            using var query = database.CreateCommand();
            query.CommandText = Hours;
            return (long)query.ExecuteScalar()!;
        }
        catch (DbException)
        {
            return 0; // not made yet, or busy: the caller asks again
        }
    }

    private static async Task<string> ExportAsync(string config, string bins)
    {
        var exported = await TrafficflowProcess.RunAsync(
            "export", "--site", "replay", "--config", config, "--bins", bins, "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T01:00:00Z", "--gates");
        Assert.True(exported.Code == ExitCodes.Done, exported.Error);
        return exported.Output;
    }
}
