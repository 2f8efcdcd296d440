using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Segments;
using TrafficFlow.SystemTests.Settings;
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
        var refused = await RunAsync("learn", "export", "--site", "harbour", "--out", Set);
        Assert.Equal(ExitCodes.BadUsage, refused.Code);
        Assert.Contains("nothing of site harbour is recorded", refused.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(Set));

        var exported = await RunAsync("learn", "export", "--site", "kokandori", "--camera", "cam1", "--every", "10", "--reason", "retraining", "--out", Set);

        Assert.True(exported.Code == ExitCodes.Done, exported.Error);
        Assert.Contains("is copy-1 in the ledger, in clear", exported.Output, StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFiles(Set, "*.jpg", SearchOption.AllDirectories).Length);
        Assert.Contains("copy-1\tlearning\tuntil", (await RunAsync("copies")).Output, StringComparison.Ordinal);
        var events = AuditReader.Read(new AuditPlace(Data), new AuditFilter()).Select(r => r.Event).ToList();
        Assert.Contains(events, e => e is { Kind: AuditKind.Export, Action: "vault learn export", Outcome: "begun", Details: "retraining" });
        Assert.Contains(events, e => e is { Kind: AuditKind.View, Action: "vault play" });

        var erased = await RunAsync("erase", "--site", "kokandori", "--reason", "over", "--yes");
        Assert.True(erased.Code == ExitCodes.Done, erased.Error);
        var receipt = Assert.Single(Directory.GetFiles(Path.Combine(Data, "vault", "receipts")));
        Assert.Contains($"copy    copy-1 was elsewhere: frames in clear for training and evaluation, {Set}", (await TrafficflowProcess.RunAsync("vault", "verify-receipt", receipt, "--key", Path.Combine(Data, "audit.pub"))).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await TrafficflowProcess.RunAsync("vault", "learn", "import", Set, "--out", Path.Combine(_folder.Path, "scenes"))).Code);
    }

    public void Dispose() => _folder.Dispose();

    private Task<Ended> RunAsync(params string[] words) => TrafficflowProcess.RunAsync(["vault", .. words, "--config", Config, .. words[0] is "copies" ? Array.Empty<string>() : ["--credential", Key]]);

    private async Task RecordAsync()
    {
        var camera = new RecordedCamera(new FrameFormat(160, 91, 10));
        using (var recorder = camera.Start())
        {
            await camera.GiveAsync(recorder, camera.Times(50));
            recorder.End();
            Assert.Equal("", await recorder.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        var recorded = Assert.Single(camera.Store.Segments);
        File.WriteAllBytes(Key, RandomNumberGenerator.GetBytes(32));
        Directory.CreateDirectory(Data);
        using var vault = new RecordingVault(Data, "test", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("", null, null, ""), TimeProvider.System);
        using var secret = new CredentialSecret(File.ReadAllBytes(Key));
        vault.Keys.Create([SlotRequest.Of("unit", secret)]);
        using var writer = vault.Store.Begin(recorded.Start with { Site = new SiteId("kokandori"), Camera = new CameraId("cam1") });
        writer.Write(recorded.Bytes);
        writer.Close(recorded.End!);
    }
}
