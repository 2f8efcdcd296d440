using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Custody;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Journals;
using Xunit;
using static TrafficFlow.SystemTests.Tables.StoredBins;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>A disk on which nothing fits any more: a file system in memory, of a few megabytes.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly SettingsFolder _folder = new();
    private readonly RetentionClock _clock = new(new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private bool _isMounted;

    private string Disk => Path.Combine(_folder.Path, "disk");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Disk, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _isMounted = Environment.IsPrivilegedProcess && (await Shell.TryAsync("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", Disk)).Code == 0;
    }

    [Fact]
    public async Task A_register_of_which_the_entry_fits_and_its_head_does_not_has_entered_nothing()
    {
        Assert.SkipUnless(_isMounted, "a file system is mounted by root");
        var by = new RegisterAuthor("anna", "account[custodian]:anna");
        var register = new EndRegister(Disk, Path.Combine(Disk, "vault"), _clock);
        var begun = await register.BeginAsync(null, "over", by, null);
        var log = Path.Combine(Disk, "custody", "ends.jsonl");
        var before = File.ReadAllBytes(log);
        // The page of the log has room for one more line, and the disk for no other file.
        Assert.InRange(before.Length, 1, 3000);
        var filled = Fill();

        await Assert.ThrowsAsync<VaultFileException>(() => register.EndAsync(begun.Id, by));

        Assert.Equal(before, File.ReadAllBytes(log));
        Assert.Null(new EndRegister(Disk, Path.Combine(Disk, "vault"), _clock).All[0].Ended);
        File.Delete(filled);
        Assert.NotNull((await register.EndAsync(begun.Id, by)).Ended);
        Assert.Equal(2, register.History().Length);
    }

    [Fact]
    public async Task Old_rows_of_tables_that_cannot_be_removed_now_are_removed_once_there_is_room_and_no_other_ones()
    {
        Assert.SkipUnless(_isMounted, "a file system is mounted by root");
        var journal = new SqliteJournal(Path.Combine(Disk, "journal.db"));
        var tables = new FlowTables(journal);
        await tables.MigrateAsync(default);
        await tables.WriteAsync([.. Enumerable.Range(1, 200).Select(n => Closed(n, n, 1, 3))], default);
        var due = new Due(new SiteLimit(Kokandori, KeptKind.Counts, Morning.AddMinutes(101), "by the test"));
        async Task RetireAsync()
        {
            while (await tables.RetireAsync(new TableRetention { Custody = due, MinuteBins = TimeSpan.FromDays(3650), FiveMinuteBins = TimeSpan.FromDays(3650) }, Morning.AddDays(1), default))
            {
            }
        }

        var filled = Fill();
        var told = await Assert.ThrowsAnyAsync<Exception>(RetireAsync);
        Assert.Contains("full", told.Message, StringComparison.OrdinalIgnoreCase);
        File.Delete(filled);
        await RetireAsync();

        var removed = Assert.Single(await ReadTables.Flows(journal).RemovedAsync(Kokandori, default));
        Assert.Equal(100, removed.Rows);
        // What could not be ordered stands in the audit once more; never is it removed without that.
        Assert.InRange(due.Recorded, 1, 2);
        await using var connection = new SqliteConnection(journal.TablesConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM flow_bins";
        Assert.Equal(100L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        if (_isMounted) await Shell.TryAsync("umount", Disk);
        _folder.Dispose();
    }

    private sealed class Due(SiteLimit limit) : ISiteRetention
    {
        public int Recorded { get; private set; }

        IReadOnlyList<SiteLimit> ISiteRetention.Due(DateTimeOffset now) => [limit];

        public Task<bool> RecordAsync(SiteLimit limit, long rows, CancellationToken cancellation)
        {
            Recorded++;
            return Task.FromResult(true);
        }
    }

    private string Fill()
    {
        var path = Path.Combine(Disk, "filled");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[4096]);
        }
        catch (IOException)
        {
            return path;
        }
    }
}
