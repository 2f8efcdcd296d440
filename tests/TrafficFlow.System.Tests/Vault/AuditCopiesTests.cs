using System.Diagnostics;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>A folder of copies that does not answer, as of a machine that has gone: nothing waits for it, and it is told.</summary>
public sealed class AuditCopiesTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly SettingsFolder _copies = new();

    private AuditOptions Options => new() { IsNode = true, CopyTo = _copies.Path };

    [Fact]
    public async Task A_folder_that_hangs_holds_up_no_record_no_start_and_no_stop_and_is_told()
    {
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("before"));
        var head = Directory.GetFiles(_copies.Path, "*.head").Single();
        File.Delete(head);
        // Whoever opens it to read waits for somebody who writes: as long as the test wants.
        using (var made = Process.Start("mkfifo", [head])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);

        var opened = await OpenAsync();
        string? problem;
        await using (opened)
        {
            Assert.NotNull(await opened.RecordAsync(Event("while it hangs")));
            problem = opened.Problem;
        }

        Assert.Contains("has not answered", problem);
        Assert.Equal(["before", "while it hangs"], AuditReader.Read(new AuditPlace(_folder.Path), new AuditFilter(Kind: AuditKind.Change)).Select(r => r.Event.Action));
        // Lets the one that waits end; it goes on with what was put meanwhile, and finds that this is no place for it.
        (await Task.Run(() => new FileStream(head, FileMode.Open, FileAccess.Write))).Dispose();
        await UntilAsync(() => opened.Problem?.Contains("is a pipe or a device", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task What_could_not_be_copied_is_copied_when_the_folder_is_there_again()
    {
        Directory.Delete(_copies.Path);
        await File.WriteAllTextAsync(_copies.Path, "in the way", TestContext.Current.CancellationToken);
        await using var log = await OpenAsync();
        await log.RecordAsync(Event("one"));
        await UntilAsync(() => log.Problem is not null);
        Assert.Contains("cannot be ", log.Problem);

        File.Delete(_copies.Path);
        await log.RecordAsync(Event("two"));
        await UntilAsync(() => log.Problem is null && Directory.GetFiles(_copies.Path, "*.head").Length == 1);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), "it has not come to that within a minute");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private Task<AuditLog> OpenAsync() => AuditLog.OpenAsync(_folder.Path, Options, TimeProvider.System);

    private static AuditEvent Event(string action) => new(AuditKind.Change, "anna", "account[custodian]:anna", action, "this node");

    public void Dispose()
    {
        _folder.Dispose();
        _copies.Dispose();
    }
}
