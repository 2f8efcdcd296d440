using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Segments;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Learning;

/// <summary>`trafficflow vault learn export`: out of the vault, in the audit and in the ledger, named by the receipt of its source.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class LearnVerbTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    private string Config => _folder.Write("node.conf", "trafficflow.node { roles = [server], data-directory = data }");

    private string Key => Path.Combine(_folder.Path, "vault.key");

    private string Set => Path.Combine(_folder.Path, "set");

    [Fact]
    public async Task A_set_is_a_copy_until_its_source_ends_and_the_erasure_of_its_source_names_it()
    {
        await RecordAsync();
        foreach (var (account, told) in new[] { ((string?)null, "by a custodian (管理責任者) alone, who logs in: --as ACCOUNT"), ("carl", "is no custodian who has logged in") })
        {
            var forbidden = await LearnAsync(account, "export", "--site", "kokandori", "--out", Set, "--credential", Key);
            Assert.Equal(ExitCodes.BadUsage, forbidden.Code);
            Assert.Contains(told, forbidden.Error, StringComparison.Ordinal);
            Assert.False(Path.Exists(Set));
        }

        var refused = await LearnAsync("anna", "export", "--site", "harbour", "--out", Set, "--credential", Key);
        Assert.Equal(ExitCodes.BadUsage, refused.Code);
        Assert.Contains("nothing of site harbour is recorded", refused.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Set));

        var exported = await LearnAsync("anna", "export", "--site", "kokandori", "--camera", "cam1", "--every", "10", "--reason", "retraining", "--out", Set, "--credential", Key);

        Assert.True(exported.Code == ExitCodes.Done, exported.Error);
        Assert.Contains("is copy-1 in the ledger, in clear", exported.Output, StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFiles(Set, "*.jpg", SearchOption.AllDirectories).Length);
        Assert.Contains("copy-1\tlearning\tuntil", (await RunAsync("copies")).Output, StringComparison.Ordinal);
        var events = AuditReader.Read(new AuditPlace(Data), new AuditFilter()).Select(r => r.Event).ToList();
        Assert.Contains(events, e => e is { Kind: AuditKind.Export, Action: "vault learn export", Outcome: "begun", Details: "retraining" });
        Assert.Contains(events, e => e is { Kind: AuditKind.View, Action: "vault play", Account: "account[custodian]:anna", Details: "set for learning copy-1" });
        Assert.DoesNotContain(events, e => e.Kind == AuditKind.View && e.Account.StartsWith("unix:", StringComparison.Ordinal));

        var erased = await RunAsync("erase", "--site", "kokandori", "--reason", "over", "--yes");
        Assert.True(erased.Code == ExitCodes.Done, erased.Error);
        var receipt = Assert.Single(Directory.GetFiles(Path.Combine(Data, "vault", "receipts")));
        Assert.Contains($"copy    copy-1 was elsewhere: frames in clear for training and evaluation, {Set}", (await TrafficflowProcess.RunAsync("vault", "verify-receipt", receipt, "--key", Path.Combine(Data, "audit.pub"))).Output, StringComparison.Ordinal);

        var scenes = Path.Combine(_folder.Path, "scenes");
        foreach (var account in new[] { null, "carl" }) Assert.Equal(ExitCodes.BadUsage, (await LearnAsync(account, "import", Set, "--out", scenes)).Code);
        Assert.False(Path.Exists(scenes));
        var imported = await LearnAsync("anna", "import", Set, "--out", scenes);
        Assert.True(imported.Code == ExitCodes.Done, imported.Error);
        Assert.Contains(AuditReader.Read(new AuditPlace(Data), new AuditFilter()), r => r.Event is { Action: "vault learn import", Outcome: "done", Account: "account[custodian]:anna" });
    }

    public void Dispose() => _folder.Dispose();

    private Task<Ended> RunAsync(params string[] words) => TrafficflowProcess.RunAsync(["vault", .. words, "--config", Config, .. words[0] is "copies" ? Array.Empty<string>() : ["--credential", Key]]);

    private Task<Ended> LearnAsync(string? account, params string[] words) => account is null
        ? TrafficflowProcess.RunAsync(["vault", "learn", .. words, "--config", Config])
        : TrafficflowProcess.RunWithInputAsync(VaultFolder.GoodPassword + "\n", ["vault", "learn", .. words, "--config", Config, "--as", account]);

    private async Task RecordAsync()
    {
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var accounts = AccountStore.Open(Data, TimeProvider.System);
        foreach (var (name, role) in new[] { ("anna", Role.Custodian), ("carl", Role.Operator) }) await accounts.AcceptAsync((await accounts.CreateAsync(name, [role], "test")).Text, VaultFolder.GoodPassword);
        var camera = new RecordedCamera(new FrameFormat(160, 91, 10));
        using (var recorder = camera.Start())
        {
            await camera.GiveAsync(recorder, camera.Times(50));
            recorder.End();
            Assert.Equal("", await recorder.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        var recorded = Assert.Single(camera.Store.Segments);
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        using var vault = new RecordingVault(Data, "test", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        using var secret = new CredentialSecret(File.ReadAllBytes(Key));
        vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        using var writer = vault.Store.Begin(recorded.Start with { Site = new SiteId("kokandori"), Camera = new CameraId("cam1") });
        writer.Write(recorded.Bytes);
        writer.Close(recorded.End!);
    }
}
