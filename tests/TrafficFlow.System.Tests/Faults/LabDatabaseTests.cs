using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>The laboratory itself: its database is reached by its hosts, and dies and lives as one wants.</summary>
public sealed class LabDatabaseTests
{
    [Fact]
    public async Task A_database_on_a_host_is_reached_by_another_and_outlives_a_kill_and_a_full_disk()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var network = await LabSkips.OrSkipAsync(LabNetwork.CreateAsync(1, "server", "database"));
        var folder = LabOwner.NewFolder();
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(Path.Combine(folder, "data"), "256m"));
        await using var database = await PostgresServer.CreateAsync(network["database"], Path.Combine(folder, "data"), "max_wal_size=32MB", "min_wal_size=32MB");
        await database.SqlAsync("create table t as select 1 as x");

        await database.KillAsync();
        Assert.False(database.IsRunning);
        await database.StartAsync();
        disk.Fill();
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.SqlAsync("insert into t select generate_series(1, 100000)"));
        disk.Free();
        if (!database.IsRunning) await database.StartAsync();

        var (code, output, error) = await network["server"].TryAsync(
            "psql", $"host={network["database"].Address} dbname={PostgresServer.Database} user={PostgresServer.User} password='{PostgresServer.Password}'", "-tAc", "select 1");
        Assert.True(code == 0 && output.Trim() == "1", error);
        Assert.Equal("1", await database.SqlAsync("select sum(x) from t"));
        await database.DisposeAsync();
        await LabOwner.RemoveFolderAsync(folder);
    }
}
