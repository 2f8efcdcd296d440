using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;
using Xunit;

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

    public async ValueTask DisposeAsync()
    {
        if (_isMounted) await Shell.TryAsync("umount", Disk);
        _folder.Dispose();
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
