using System.Text;
using System.Text.Json;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>Whoever can write in the vault's folder and has not its key decides nothing: not what is held, not what is erased, not who is trusted.</summary>
public sealed class RegisterTamperingTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly CredentialSecret _credential = new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
    private RecordingVault _vault;

    public RegisterTamperingTests()
    {
        _vault = Open();
        _vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        foreach (var hour in new[] { 0, 1, 25 }) Record(hour);
        _clock.Move(TimeSpan.FromDays(3));
    }

    [Theory]
    [InlineData("changed")]
    [InlineData("emptied")]
    [InlineData("dropped")]
    [InlineData("rolled back")]
    [InlineData("no json")]
    public void A_register_of_holds_that_is_not_as_it_was_written_lets_nothing_be_erased(string how)
    {
        _vault.Holds.Add(EraseScope.All, "audit of 2026", "suzuki", _clock.GetUtcNow().AddDays(1));
        var before = File.ReadAllBytes(In("holds.json"));
        _vault.Holds.Add(RecordedCamera(), "police 4711", "tanaka", _clock.GetUtcNow().AddDays(90));
        switch (how)
        {
            case "changed":
                Write("holds.json", File.ReadAllText(In("holds.json")).Replace("\"released\": null", "\"released\": \"2026-11-29T12:00:00+00:00\"", StringComparison.Ordinal));
                break;
            case "emptied":
                Write("holds.json", "[]");
                break;
            case "dropped":
                File.Delete(In("holds.json"));
                break;
            case "rolled back":
                File.WriteAllBytes(In("holds.json"), before);
                break;
            default:
                Write("holds.json", "x");
                break;
        }

        _clock.Move(TimeSpan.FromDays(2));
        foreach (var erase in new Action[] { () => _vault.Erase(Order(EraseScope.All)), () => _vault.EraseSome(Order(EraseScope.All), Places()), () => Restarted().Erase(Order(RecordedCamera())) })
        {
            var told = Assert.Throws<VaultFileException>(erase).Message;
            Assert.Contains(In("holds.json"), told);
            Assert.Contains(how == "dropped" ? "is gone" : "was changed", told);
            Assert.Contains("renew-registers", told);
        }

        Assert.Equal(3, Left());
        Assert.Contains(_vault.Keys.Prove(null), p => p.Contains("holds.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_its_head_nothing_is_believed_and_renewing_puts_all_aside()
    {
        _vault.Holds.Add(RecordedCamera(), "police 4711", "tanaka", _clock.GetUtcNow().AddDays(90));
        var head = File.ReadAllBytes(In("registers.head"));
        File.Delete(In("registers.head"));
        File.Delete(In("holds.json"));
        Assert.Contains("registers.head is gone", Assert.Throws<VaultFileException>(() => _vault.Erase(Order(EraseScope.All))).Message);

        // In an older form, which this process has seen further on.
        Write("registers.head", Encoding.UTF8.GetString(head));
        _vault.Copies.Add(CopyKind.Backup, EraseScope.All, "tanaka", "safe", _clock.GetUtcNow().AddDays(1));
        File.WriteAllBytes(In("registers.head"), head);
        Assert.Contains("older form", Assert.Throws<VaultFileException>(() => _vault.Erase(Order(EraseScope.All))).Message);

        Assert.Equal(["copies.json", "holds.json"], _vault.RenewRegisters());
        Assert.True(File.Exists(In("copies.json.refused")));
        Assert.Empty(_vault.Holds.All);
        Assert.Empty(_vault.Keys.Prove(null));
        _vault.Erase(Order(RecordedCamera()));
        Assert.Equal(0, Left());
    }

    [Fact]
    public void A_plan_that_somebody_has_put_there_is_told_and_never_carried_out()
    {
        // As the vault itself would write it, of another time: every byte of it is right, but nobody with the key has written it.
        _vault.Holds.Add(RecordedCamera(), "police 4711", "tanaka", _clock.GetUtcNow().AddDays(90));
        var day = _vault.Keys.FolderOf(RecordedVault.Site, RecordedVault.Camera, new DateOnly(2026, 11, 29));
        var plan = new ErasurePlan(
            "20261202T120000Z-0a1b2c3d", Order(EraseScope.All), _clock.GetUtcNow(), 1, [new ErasedDay("kokandori", "cam1", "2026-11-29", 2, 1200, 1, "", VaultKeys.IdOfDay(day), null, null)], [], [], null, new Dictionary<string, byte[]>());
        Directory.CreateDirectory(In("erasures"));
        Write("erasures/20261202T120000Z-0a1b2c3d.json", Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(plan, VaultRegister<CopyEntry>.Layout)));

        Assert.Contains(_vault.Resume(), t => t.Contains("was not written by this vault", StringComparison.Ordinal) && t.Contains(plan.Id, StringComparison.Ordinal));
        Assert.Equal(3, Left());
        _vault.Keys.Lock();
        Assert.Contains("an erasure waits", Assert.Single(_vault.Resume()));
        Assert.Equal(3, Restarted().Recorded.List().Count(s => s.State == SegmentState.Whole));
        Assert.Empty(_vault.Receipts);
    }

    [Fact]
    public void An_erasure_that_was_begun_waits_while_the_vault_is_locked_and_ends_when_it_opens()
    {
        var blocked = Directory.EnumerateFiles(_vault.Folder, "*.tfs", SearchOption.AllDirectories).Order().First();
        var other = Path.Combine(_folder.Path, "other");
        File.WriteAllText(other, "somebody else's");
        File.Delete(blocked);
        File.CreateSymbolicLink(blocked, other);
        Assert.ThrowsAny<Exception>(() => _vault.Erase(Order(RecordedCamera())));
        File.Delete(blocked);

        _vault.Dispose();
        _vault = Open();
        Assert.Contains("an erasure waits", Assert.Single(_vault.Resume()));
        Assert.Equal(1, _vault.Erasing);
        Assert.Contains(_vault.Unlock(_credential), t => t.Contains("is ended", StringComparison.Ordinal));

        Assert.Equal(0, Left());
        Assert.Equal(0, _vault.Erasing);
        Assert.Single(_vault.Receipts);
    }

    [Fact]
    public void The_end_of_a_vault_that_was_cut_after_its_master_was_destroyed_gets_its_receipt()
    {
        var receipt = _vault.Erase(Order(EraseScope.All));
        var content = File.ReadAllBytes(receipt);
        // As a crash leaves it between the master and the receipt's own place.
        File.Move(receipt, Path.Combine(In("erasures"), Path.GetFileName(receipt)));
        Write($"erasures/{Path.GetFileNameWithoutExtension(receipt)}.json", "{}");
        Write("erasures/forged.receipt", "x");
        _vault.Dispose();
        _vault = Open();

        var told = _vault.Resume();

        Assert.Contains(told, t => t.Contains(receipt, StringComparison.Ordinal));
        Assert.Contains(told, t => t.Contains("forged.receipt is no receipt", StringComparison.Ordinal));
        Assert.Equal(content, File.ReadAllBytes(receipt));
        Assert.Equal(0, _vault.Erasing);
    }

    [Fact]
    public void Registers_outlive_rotations_and_a_crash_at_any_step_of_a_change()
    {
        _vault.Holds.Add(RecordedCamera(), "police 4711", "tanaka", _clock.GetUtcNow().AddDays(90));
        _vault.Keys.RotateMaster();
        _vault.Keys.RotateMaster();
        Assert.Single(Restarted().Holds.Checked);
        var (file, head) = (File.ReadAllBytes(In("holds.json")), File.ReadAllBytes(In("registers.head")));

        // The head names what comes, and the file is as it was; then as it comes, and the head not yet behind it.
        var next = Encoding.UTF8.GetBytes("[]");
        _vault.Dispose();
        foreach (var there in new[] { file, next })
        {
            File.WriteAllBytes(In("registers.head"), head);
            File.WriteAllBytes(In("holds.json"), file);
            using (var writer = Open())
            {
                writer.Unlock(_credential);
                using var master = Master(writer);
                var now = writer.Keys.Registers.Head();
                File.WriteAllBytes(In("registers.head"), SealedHead.Of(now.Number + 1, now.With("holds.json", SealedHead.HashOf(file), SealedHead.HashOf(next)), master).Write());
            }

            File.WriteAllBytes(In("holds.json"), there);
            using var opened = Open();
            opened.Unlock(_credential);
            Assert.Equal(there == file ? 1 : 0, opened.Holds.Checked.Count);
            Assert.Single(opened.Keys.Registers.Head().Of("holds.json"));
        }

        _vault = Open();
        _vault.Unlock(_credential);
    }

    [Fact]
    public void A_vault_that_is_made_anew_believes_nothing_of_the_one_before()
    {
        _vault.Copies.Add(CopyKind.Export, RecordedCamera(), "tanaka", "police", _clock.GetUtcNow().AddDays(9));
        _vault.Erase(Order(EraseScope.All));
        Write("trusted.json", "[]");
        _vault.Keys.Create([SlotRequest.Of("unit", _credential)]);

        Assert.Empty(_vault.Keys.Prove(null));
        Assert.Empty(_vault.Copies.All);
        Assert.True(File.Exists(In("copies.json.before")));
        Assert.True(File.Exists(In("trusted.json.before")));
    }

    public void Dispose()
    {
        _vault.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }

    private static LockedBytes Master(RecordingVault vault) => (LockedBytes)typeof(VaultKeys).GetField("_master", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(vault.Keys)! is var master ? LockedBytes.CopyOf(master.Span) : null!;

    private RecordingVault Open() => new(_folder.Path, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", false, null, "test"), _clock);

    private RecordingVault Restarted()
    {
        _vault.Dispose();
        _vault = Open();
        _vault.Unlock(_credential);
        return _vault;
    }

    private int Left() => _vault.Recorded.List().Count(s => s.State == SegmentState.Whole);

    private List<SegmentPlace> Places() => [.. _vault.Recorded.List().Select(s => s.Place)];

    private string In(string name) => Path.Combine(_vault.Folder, name);

    private void Write(string name, string content)
    {
        File.WriteAllText(In(name), content);
        File.SetUnixFileMode(In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static EraseScope RecordedCamera() => new(RecordedVault.Site, RecordedVault.Camera);

    private static EraseOrder Order(EraseScope scope) => new(scope, "test", "tanaka", "account[custodian]:tanaka");

    private void Record(int hour)
    {
        var from = RecordedVault.Noon.AddHours(hour);
        using var writer = _vault.Store.Begin(RecordedVault.Start(from));
        writer.Write(RecordedVault.Content(40_000, hour));
        writer.Close(new TrafficFlow.Core.Segments.SegmentEnd(from.AddSeconds(60), 600, 0));
    }
}
