using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Node.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

public sealed class NodeAuditTests
{
    [Fact]
    public async Task An_audit_that_cannot_be_opened_at_the_start_is_told_and_recorded_when_it_can_be()
    {
        using var folder = new SettingsFolder();
        await using (await AuditLog.OpenAsync(folder.Path, new AuditOptions(), TimeProvider.System))
        {
        }

        var key = new AuditPlace(folder.Path).Key;
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var time = new TickedTime();
        await using var audit = new NodeAudit(folder.Path, new AuditOptions(), NullLogger.Instance, time);
        await audit.StartAsync();
        Assert.Null(audit.Log);
        Assert.Contains("chmod 600", audit.Problem);

        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        while (audit.Log is null)
        {
            time.Tick();
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Null(audit.Problem);
        Assert.NotNull(await audit.Log.RecordAsync(new AuditEvent(AuditKind.Change, "anna", "unix:anna", "after", "this node")));
    }
}
