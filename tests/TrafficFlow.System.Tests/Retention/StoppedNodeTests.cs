using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Retention;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>Verbs hold the data of a node that does not run, and go by its clock.</summary>
public sealed class StoppedNodeTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly RetentionClock _clock = new(RecordedVault.Noon);
    private bool? _isSynchronised;

    private string Data => _folder.Path;

    [Fact]
    public async Task A_clock_that_is_doubted_ends_no_hold_and_gives_up_no_key_for_a_verb_either()
    {
        var credential = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var holder = Holder(_folder.Write("credential", credential));
        // As the node would at its look.
        Assert.Null(new TrustedClock(Data, () => true, _clock, "boot of then").Doubt());
        await using (var held = await holder.TakeAsync())
        using (var vault = holder.Open(held))
        {
            using var secret = new CredentialSecret(System.Text.Encoding.ASCII.GetBytes(credential));
            vault.Keys.Create([SlotRequest.Of("unit", secret)]);
            vault.Keys.RenewImportKey();
            vault.Holds.Add(EraseScope.All, "police", "tanaka", _clock.Now.AddDays(5));
        }

        _clock.Boot(TimeSpan.FromDays(61));
        foreach (var synchronised in new bool?[] { null, false, true })
        {
            _isSynchronised = synchronised;
            await using var held = await holder.TakeAsync();
            using var vault = holder.Open(held);
            await holder.UnlockAsync(vault);
            Assert.Equal(synchronised == true, held.Clock.Doubt() is null);
            Assert.Equal(synchronised == true ? 0 : 1, vault.Holds.Meeting(EraseScope.All).Count);
            Assert.Equal(synchronised == true ? 0 : 1, Directory.GetFiles(vault.Folder, "import-*.key").Length);
        }
    }

    [Fact]
    public async Task The_clock_is_looked_at_before_anything_is_written_with_it()
    {
        await using (var log = await AuditLog.OpenAsync(Data, new AuditOptions(), _clock)) Assert.NotNull(await log.RecordAsync(new AuditEvent(AuditKind.Change, "x", "x", "x", "x")));
        _clock.Boot(TimeSpan.FromDays(30));
        await using var held = await Holder(null).TakeAsync();
        Assert.True(await held.RecordAsync(new AuditEvent(AuditKind.Change, "x", "x", "x", "x")));
        Assert.Contains("30 days ago", held.Clock.Doubt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_verb_that_is_at_work_is_told_as_that()
    {
        var holder = Holder(null);
        await using (await holder.TakeAsync())
        {
            var told = await Assert.ThrowsAsync<TrafficFlow.Node.JobFailedException>(() => holder.AnswerAsync("vault", new VaultRequest("status"), _ => throw new InvalidOperationException()));
            Assert.Contains($"process {Environment.ProcessId} holds {Data} and takes no requests: another verb of trafficflow is at work there", told.Message, StringComparison.Ordinal);
        }

        Assert.Equal("here", (await holder.AnswerAsync("vault", new VaultRequest("status"), _ => Task.FromResult(VaultAnswer.Done("here")))).Lines[0]);
        Assert.Null(NodeLock.HolderOf(Data));
    }

    public void Dispose() => _folder.Dispose();

    private VaultHolder Holder(string? credential) => new(new VaultPlace(Data, new AuditOptions()), null, new GivenSecret(credential, false, null), _clock) { IsSynchronised = () => _isSynchronised };
}
