using System.Security.Cryptography;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>The last steps of an erasure of everything, cut between any two: the receipt has its place in the end, and nothing of the master, of keys or of plans stays.</summary>
public sealed class ErasedMasterTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();

    /// <summary>When all is gone but the master, and the receipt that says so waits for it.</summary>
    public ErasedMasterTests()
    {
        using var vault = Open();
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        vault.Keys.Create([SlotRequest.Of("unit", credential)]);
        vault.Keys.RenewImportKey();
        using (var writer = vault.Store.Begin(RecordedVault.Start(_clock.GetUtcNow().AddDays(-1))))
        {
            writer.Write(new byte[2000]);
            writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(_clock.GetUtcNow().AddDays(-1).AddSeconds(60), 600, 0));
        }

        var obstacle = Directory.CreateDirectory(Master + ".dying");
        Assert.ThrowsAny<Exception>(() => vault.Erase(new EraseOrder(EraseScope.All, "over", "anna", "account[custodian]:anna")));
        obstacle.Delete();
        Assert.Equal((1, 0), (vault.Erasing, vault.Receipts.Count));
        Assert.True(File.Exists(Receipt));
    }

    private string Place => Path.Combine(_folder.Path, "vault");

    private string Master => Path.Combine(Place, "master.json");

    private string Plan => Assert.Single(Directory.GetFiles(Path.Combine(Place, "erasures"), "*.json"));

    private string Receipt => Path.ChangeExtension(Plan, ".receipt");

    [Theory]
    [InlineData("the master is being overwritten")]
    [InlineData("the master is gone")]
    [InlineData("the plan is gone")]
    [InlineData("the receipt was moved first")]
    public void Whatever_a_crash_cuts_of_it_is_ended(string cut)
    {
        var (plan, receipt) = (Plan, Receipt);
        if (cut == "the master is being overwritten") File.Move(Master, Master + ".dying");
        else LoseMaster();
        if (cut == "the plan is gone") File.Delete(plan);
        if (cut == "the receipt was moved first") File.Move(receipt, Path.Combine(Directory.CreateDirectory(Path.Combine(Place, "receipts")).FullName, Path.GetFileName(receipt)));
        // Of a part, begun before: nobody can check it any more.
        File.WriteAllText(Path.Combine(Place, "erasures", "20200101T000000Z-00000000.json"), "{}");

        using (var vault = Open()) vault.Resume();

        AssertNothingStays();
    }

    [Fact]
    public void While_the_receipt_cannot_be_moved_it_waits_and_no_plan_does()
    {
        var receipt = Receipt;
        LoseMaster();
        var obstacle = Directory.CreateDirectory(Path.Combine(Place, "receipts", Path.GetFileName(receipt)));
        using (var vault = Open())
        {
            // Killed here, it is found at the next look: by the receipt alone.
            vault.Resume();
            Assert.NotNull(vault.ErasureProblem);
            Assert.Equal(0, vault.Erasing);
            Assert.True(File.Exists(receipt));
            obstacle.Delete();
            vault.Resume();
            Assert.Null(vault.ErasureProblem);
        }

        AssertNothingStays();
    }

    [Fact]
    public void A_receipt_of_a_part_that_is_put_there_ends_nothing()
    {
        LoseMaster();
        using var vault = Open();
        vault.Resume();
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        vault.Keys.Create([SlotRequest.Of("unit", credential)]);
        using (var writer = vault.Store.Begin(RecordedVault.Start(_clock.GetUtcNow().AddDays(-1))))
        {
            writer.Write(new byte[2000]);
            writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(_clock.GetUtcNow().AddDays(-1).AddSeconds(60), 600, 0));
        }

        var part = vault.Erase(new EraseOrder(new EraseScope(RecordedVault.Site), "request", "anna", "account[custodian]:anna"));
        File.Copy(part, Path.Combine(Place, "erasures", Path.GetFileName(part)));
        vault.Keys.RenewImportKey();
        // As by a backup that is being put back.
        File.Move(Master, Master + ".away");
        var keys = Directory.GetFiles(Place, "*.key").Order().ToList();

        using (var locked = Open()) Assert.Contains(locked.Resume(), t => t.Contains("is no receipt of this node", StringComparison.Ordinal));

        Assert.NotEmpty(keys);
        Assert.Equal(keys, Directory.GetFiles(Place, "*.key").Order());
    }

    public void Dispose() => _folder.Dispose();

    private RecordingVault Open() => new(_folder.Path, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", null, null, "test"), _clock);

    private void LoseMaster()
    {
        File.Delete(Master);
        File.Delete(Path.Combine(Place, "registers.head"));
    }

    private void AssertNothingStays()
    {
        using var vault = Open();
        Assert.Equal((VaultState.Absent, 0), (vault.Keys.State, vault.Erasing));
        using var key = AuditKey.LoadOrCreate(new AuditPlace(_folder.Path).Key, out _);
        var receipt = ReceiptFile.Verify(File.ReadAllBytes(Assert.Single(vault.Receipts)), AuditPublicKeys.Parse(key.PublicPem));
        Assert.Contains(receipt.Keys, k => k.Name == "master");
        Assert.Equal(["receipts"], Directory.GetFiles(Place, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Place, f).Split('/')[0]));
    }
}
