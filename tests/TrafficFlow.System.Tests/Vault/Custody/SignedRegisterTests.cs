using System.Text;
using TrafficFlow.Core.Custody;
using TrafficFlow.SystemTests.Files;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Persons;
using TrafficFlow.Vault.Registers;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Custody;

/// <summary>The file under every register of custody, tried with entries of persons.</summary>
public sealed class SignedRegisterTests : IDisposable
{
    private static readonly RegisterAuthor s_anna = new("anna", "account[custodian]:anna");

    private readonly VaultFolder _vault = new();

    private string Folder => Path.Combine(_vault.Path, "custody");

    private string Log => Path.Combine(Folder, "persons.jsonl");

    private string Head => Path.Combine(Folder, "persons.head");

    private PersonStore Store() => new(_vault.Path, _vault.Accounts, _vault.Clock);

    [Fact]
    public async Task Entries_are_read_again_by_whoever_opens_it_and_are_for_the_nodes_account_alone()
    {
        await FillAsync(3);

        Assert.Equal(["Person 1", "Person 2", "Person 3"], Store().Read().Appointments.Select(a => a.Person));
        Assert.Equal([1L, 2, 3], Store().History().Select(e => e.Number));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task Every_changed_byte_is_found_and_nothing_is_written_over()
    {
        await FillAsync(3);
        var whole = await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken);
        for (var at = 0; at < whole.Length; at += 7)
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            await File.WriteAllBytesAsync(Log, changed, TestContext.Current.CancellationToken);

            // The last break may become another character: the entry before it is whole then, or is not.
            var problem = Assert.Throws<VaultFileException>(() => Store().Read());
            Assert.Contains("put back the folder custody", problem.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<VaultFileException>(() => AppointAsync(9));
            Assert.Equal(changed, await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Cut_swapped_dropped_and_doubled_entries_are_found()
    {
        await FillAsync(3);
        var lines = await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken);
        (string[] Lines, string Told)[] wrong =
        [
            ([lines[0], lines[1]], "entries 3 to 3 are missing"),
            ([lines[0]], "entries 2 to 3 are missing"),
            ([lines[0], lines[2]], "entry 3 does not follow entry 1"),
            ([lines[1], lines[0], lines[2]], "entry 2 does not follow entry 0"),
            ([lines[0], lines[1], lines[2], lines[2]], "entry 3 does not follow entry 3"),
            ([], "entries 1 to 3 are missing"),
        ];
        foreach (var (kept, told) in wrong)
        {
            await File.WriteAllTextAsync(Log, string.Concat(kept.Select(l => $"{l}\n")), TestContext.Current.CancellationToken);
            Assert.Contains(told, Assert.Throws<VaultFileException>(() => Store().Read()).Message, StringComparison.Ordinal);
        }

        File.Delete(Log);
        Assert.Contains("the file is missing", Assert.Throws<VaultFileException>(() => Store().Read()).Message, StringComparison.Ordinal);
        await File.WriteAllLinesAsync(Log, lines, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Log, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(3, Store().Read().Appointments.Length);
    }

    [Fact]
    public async Task A_line_that_a_crash_has_cut_is_passed_over_and_one_before_its_head_counts()
    {
        await FillAsync(2);
        var (head, log) = (await File.ReadAllBytesAsync(Head, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken));
        await AppointAsync(3);
        var whole = await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken);

        // Cut anywhere within the line that was being written.
        for (var cut = log.Length; cut < whole.Length - 1; cut += 11)
        {
            await File.WriteAllBytesAsync(Log, whole[..cut], TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(Head, head, TestContext.Current.CancellationToken);
            Assert.Equal(2, Store().Read().Appointments.Length);
        }

        await AppointAsync(4);
        Assert.Equal(["Person 1", "Person 2", "Person 4"], Store().Read().Appointments.Select(a => a.Person));

        // The line is whole, and the head was not written any more.
        await File.WriteAllBytesAsync(Log, whole, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Head, head, TestContext.Current.CancellationToken);
        Assert.Equal(3, Store().Read().Appointments.Length);
    }

    [Fact]
    public async Task An_entry_signed_with_a_key_that_is_not_the_nodes_is_no_entry()
    {
        await FillAsync(1);
        using var other = new VaultFolder();
        await new PersonStore(other.Path, other.Accounts, other.Clock).AppointAsync(s_anna, "Eve", null, Duty.Custodian, other.Clock.GetUtcNow());

        File.Copy(Path.Combine(other.Path, "custody", "persons.jsonl"), Log, overwrite: true);
        File.Copy(Path.Combine(other.Path, "custody", "persons.head"), Head, overwrite: true);

        Assert.Contains("which is not in audit.pub", Assert.Throws<VaultFileException>(() => Store().Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(1, 24).Select(i => Task.Run(() => AppointAsync(i))));

        Assert.Equal(Enumerable.Range(1, 24).Select(i => $"Person {i}").Order(), Store().Read().Appointments.Select(a => a.Person).Order());
        Assert.Equal(Enumerable.Range(1, 24).Select(i => $"a{i}"), Store().Read().Appointments.Select(a => a.Id));
    }

    [Fact]
    public async Task A_folder_that_is_a_link_is_refused()
    {
        using var elsewhere = new PlantedLinks();
        Directory.CreateSymbolicLink(Folder, elsewhere.Path);

        await Assert.ThrowsAsync<VaultFileException>(() => AppointAsync(1));
        Assert.Empty(Directory.GetFiles(elsewhere.Path, "persons*"));
    }

    public void Dispose() => _vault.Dispose();

    private async Task FillAsync(int count)
    {
        for (var i = 1; i <= count; i++) await AppointAsync(i);
    }

    private Task<RegisterEntry<PersonEvent>> AppointAsync(int number) => Store().AppointAsync(s_anna, $"Person {number}", null, Duty.Operator, _vault.Clock.GetUtcNow());
}
