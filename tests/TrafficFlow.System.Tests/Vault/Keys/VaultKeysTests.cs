using System.Security.Cryptography;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Keys;

/// <summary>The keys of a vault on a real disk: who opens it, what rotation and loss do.</summary>
public sealed class VaultKeysTests : IDisposable
{
    private const string Passphrase = "anker sieben lampe quarz weide mosaik";

    private static readonly SiteId s_site = new("kokandori");
    private static readonly CameraId s_camera = new("cam1");
    private static readonly DateOnly s_day = new(2026, 11, 29);

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly byte[] _credential = RandomNumberGenerator.GetBytes(32);

    private string Place => Path.Combine(_folder.Path, "vault");

    [Fact]
    public void Each_way_opens_the_vault_and_nothing_else_does()
    {
        using var keys = Keys();
        Assert.Equal(VaultState.Absent, keys.State);
        using var credential = new CredentialSecret(_credential);
        using var passphrase = new PassphraseSecret(Passphrase);
        var shares = keys.Create([SlotRequest.Of("unit", credential), SlotRequest.Of("safe", passphrase), SlotRequest.OfShares("custodians", 2, 3)]);
        Assert.Equal(VaultState.Open, keys.State);
        Assert.Equal(3, shares.Count);
        var day = DayOf(keys);
        keys.Lock();
        Assert.Equal(VaultState.Locked, keys.State);
        Assert.Contains("locked", Assert.Throws<VaultKeyException>(() => DayOf(keys)).Message);

        foreach (var secret in new UnlockSecret[] { new CredentialSecret(_credential), new PassphraseSecret(Passphrase), Shares(shares, 0, 1), Shares(shares, 1, 2), Shares(shares, 2, 0), Shares(shares, 0, 1, 2) })
        {
            using (secret)
            using (var again = Keys())
            {
                again.Unlock(secret);
                Assert.Equal(day, DayOf(again));
                Assert.Empty(again.Prove(secret));
            }
        }

        Assert.Contains("does not open the vault", Refused(new CredentialSecret(RandomNumberGenerator.GetBytes(32))));
        Assert.Contains("keyboard", Refused(new PassphraseSecret(Passphrase + " ")));
        Assert.Contains("1 of the 2 shares", Refused(Shares(shares, 0)));
    }

    [Fact]
    public void A_passphrase_is_the_same_however_its_letters_are_composed_and_too_short_a_one_is_refused()
    {
        using var keys = Keys();
        using var composed = new PassphraseSecret("Brücke sieben Lampe");
        keys.Create([SlotRequest.Of("safe", composed)]);
        using var decomposed = new PassphraseSecret("Bru\u0308cke sieben Lampe");
        keys.Lock();
        keys.Unlock(decomposed);

        using var weak = new PassphraseSecret("kurz und gut");
        Assert.Contains("15 characters", Assert.Throws<FormatException>(() => SlotRequest.Of("safe", weak)).Message);
        Assert.Throws<FormatException>(() => new CredentialSecret(new byte[16]));
        Assert.Throws<FormatException>(() => new CredentialSecret(new byte[32]));
        Assert.Throws<FormatException>(() => SlotRequest.OfShares("c", 1, 3));
        Assert.Throws<FormatException>(() => SlotRequest.OfShares("c", 4, 3));
    }

    [Fact]
    public void Shares_of_another_vault_are_told_from_mistyped_ones()
    {
        using var keys = Keys();
        var shares = keys.Create([SlotRequest.OfShares("custodians", 2, 3)]);
        using var other = new VaultKeys(Path.Combine(_folder.Path, "other"), _clock);
        var others = other.Create([SlotRequest.OfShares("custodians", 2, 3)]);

        Assert.Contains("there is no slot", Refused(Shares(others, 0, 1)));
        Assert.Contains("different slots", Assert.Throws<FormatException>(() => new SharesSecret([shares[0], others[1]])).Message);
        Assert.Contains("twice", Assert.Throws<FormatException>(() => new SharesSecret([shares[0], shares[0]])).Message);
    }

    [Fact]
    public void A_rotated_master_needs_nobodys_secret_and_the_old_one_opens_nothing()
    {
        using var keys = Keys();
        using var credential = new CredentialSecret(_credential);
        var shares = keys.Create([SlotRequest.Of("unit", credential), SlotRequest.OfShares("custodians", 2, 3)]);
        var day = DayOf(keys);
        var before = File.ReadAllBytes(Path.Combine(Place, "master.json"));
        var siteBefore = File.ReadAllText(Path.Combine(Place, "sites", "kokandori", "site.key"));

        keys.RotateMaster();

        Assert.Equal(2, keys.Master!.Generation);
        Assert.Equal(day, DayOf(keys));
        Assert.NotEqual(siteBefore, File.ReadAllText(Path.Combine(Place, "sites", "kokandori", "site.key")));
        using (var again = Keys())
        using (var two = Shares(shares, 0, 2))
        {
            again.Unlock(two);
            Assert.Equal(day, DayOf(again));
            Assert.Empty(again.Prove(credential));
        }

        // The file of the old master, put back: it opens, and nothing under it does.
        File.WriteAllBytes(Path.Combine(Place, "master.json"), before);
        using var rolledBack = Keys();
        rolledBack.Unlock(credential);
        Assert.Contains("put back both from one backup", Assert.Throws<VaultKeyException>(() => DayOf(rolledBack)).Message);
        Assert.Contains(rolledBack.Prove(credential), p => p.Contains("does not open", StringComparison.Ordinal));
        Assert.Contains(rolledBack.Prove(credential), p => p.Contains("registers.head was changed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rotated_site_key_opens_its_days_and_writes_no_segment()
    {
        using var keys = Keys();
        using var credential = new CredentialSecret(_credential);
        keys.Create([SlotRequest.Of("unit", credential)]);
        var (first, second) = (DayOf(keys), DayOf(keys, s_day.AddDays(1)));
        var other = keys.DayKey(new SiteId("other"), s_camera, s_day, make: true)!.Span.ToArray();

        keys.RotateSite(s_site);

        Assert.Equal((Convert.ToHexString(first), Convert.ToHexString(second)), (Convert.ToHexString(DayOf(keys)), Convert.ToHexString(DayOf(keys, s_day.AddDays(1)))));
        using var again = Keys();
        again.Unlock(credential);
        Assert.Equal(first, DayOf(again));
        Assert.Equal(other, again.DayKey(new SiteId("other"), s_camera, s_day, make: false)!.Span.ToArray());
        Assert.Empty(again.Prove(credential));
        Assert.Contains("nothing of site", Assert.Throws<VaultKeyException>(() => again.RotateSite(new SiteId("unknown"))).Message);
    }

    [Fact]
    public void A_rotation_that_cannot_be_ended_is_not_begun_again_and_loses_nothing()
    {
        using var keys = Keys();
        using var credential = new CredentialSecret(_credential);
        keys.Create([SlotRequest.Of("unit", credential)]);
        var days = Enumerable.Range(0, 4).Select(i => DayOf(keys, s_day.AddDays(i))).ToList();
        var blocked = Path.Combine(keys.FolderOf(s_site, s_camera, s_day.AddDays(2)), "day.key");
        var aside = File.ReadAllBytes(blocked);
        File.WriteAllText(blocked, "{}");

        Assert.Contains("is not ended", Assert.Throws<VaultKeyException>(() => keys.RotateSite(s_site)).Message);
        Assert.Contains(keys.Prove(credential), p => p.Contains("is damaged", StringComparison.Ordinal));
        Assert.ThrowsAny<Exception>(() => keys.RotateSite(s_site));
        // Put back from a backup.
        File.WriteAllBytes(blocked, aside);

        using var again = Keys();
        again.Unlock(credential);
        Assert.Equal(days.Select(Convert.ToHexString), Enumerable.Range(0, 4).Select(i => Convert.ToHexString(DayOf(again, s_day.AddDays(i)))));
        again.RotateSite(s_site);
        Assert.Empty(again.Prove(credential));
    }

    [Fact]
    public void A_way_is_added_and_removed_and_the_last_one_stays()
    {
        using var keys = Keys();
        using var credential = new CredentialSecret(_credential);
        using var passphrase = new PassphraseSecret(Passphrase);
        keys.Create([SlotRequest.Of("unit", credential)]);
        var unit = keys.Master!.Slots[0].Id;
        Assert.Contains("only way", Assert.Throws<VaultKeyException>(() => keys.RemoveSlot(unit)).Message);

        keys.AddSlot(SlotRequest.Of("safe", passphrase));
        keys.RemoveSlot(unit);

        Assert.Contains("no credential opens this vault", Refused(new CredentialSecret(_credential)));
        using var again = Keys();
        again.Unlock(passphrase);
        Assert.Contains("there is no slot", Assert.Throws<VaultKeyException>(() => again.RemoveSlot("00000000")).Message);
    }

    [Fact]
    public void Key_files_that_are_moved_damaged_or_gone_are_told()
    {
        using var keys = Keys();
        using var credential = new CredentialSecret(_credential);
        keys.Create([SlotRequest.Of("unit", credential)]);
        _ = (DayOf(keys), DayOf(keys, s_day.AddDays(1)));
        string File1(DateOnly day) => Path.Combine(keys.FolderOf(s_site, s_camera, day), "day.key");

        File.Copy(File1(s_day), File1(s_day.AddDays(1)), overwrite: true);
        using (var moved = Keys())
        {
            moved.Unlock(credential);
            Assert.Contains("somebody has moved it", Assert.Throws<VaultFileException>(() => DayOf(moved, s_day.AddDays(1))).Message);
            Assert.Contains(moved.Prove(credential), p => p.Contains("somebody has moved it", StringComparison.Ordinal));
        }

        File.WriteAllText(File1(s_day), "{}");
        using (var damaged = Keys())
        {
            damaged.Unlock(credential);
            Assert.Contains("is damaged", Assert.Throws<VaultFileException>(() => DayOf(damaged)).Message);
        }

        File.Delete(Path.Combine(Place, "master.json"));
        Assert.Contains("is gone", Assert.Single(keys.Prove(credential)));
        using var none = Keys();
        Assert.Contains("vault init", Assert.Throws<VaultKeyException>(() => none.Unlock(credential)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"format\":\"trafficflow-master-2\",\"id\":\"0011223344556677\",\"generation\":1,\"made\":\"2026-11-29T12:00:00Z\",\"previous\":null,\"slots\":[null]}")]
    [InlineData("{\"format\":\"trafficflow-master-9\",\"id\":\"0011223344556677\",\"generation\":1,\"made\":\"2026-11-29T12:00:00Z\",\"previous\":null,\"slots\":[]}")]
    public void A_file_that_is_no_master_is_told(string content)
    {
        Directory.CreateDirectory(Place);
        File.WriteAllText(Path.Combine(Place, "master.json"), content);
        File.SetUnixFileMode(Path.Combine(Place, "master.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("is damaged", Assert.Throws<VaultFileException>(() => Keys()).Message);
    }

    public void Dispose() => _folder.Dispose();

    private VaultKeys Keys() => new(Place, _clock);

    private static byte[] DayOf(VaultKeys keys, DateOnly? day = null)
    {
        using var key = keys.DayKey(s_site, s_camera, day ?? s_day, make: true);
        return key!.Span.ToArray();
    }

    private static SharesSecret Shares(IReadOnlyList<string> texts, params int[] which) => new(which.Select(i => texts[i]));

    private string Refused(UnlockSecret secret)
    {
        using (secret)
        using (var keys = Keys()) return Assert.Throws<VaultKeyException>(() => keys.Unlock(secret)).Message;
    }
}
