using System.Text.Json.Nodes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Keys;

/// <summary>The ways to the key in master.json: who edits them without the key gets neither the master of now nor the next one.</summary>
public sealed class MasterSlotTests : IDisposable
{
    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly CredentialSecret _credential = new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    private string Master => Path.Combine(_folder.Path, "vault", "master.json");

    [Theory]
    [InlineData("public_key")]
    [InlineData("label")]
    [InlineData("another slot")]
    [InlineData("a slot less")]
    [InlineData("generation")]
    [InlineData("check")]
    public void A_file_that_was_edited_without_the_key_is_neither_opened_nor_sealed_to(string what)
    {
        using var keys = new VaultKeys(Path.Combine(_folder.Path, "vault"), _clock);
        keys.Create([SlotRequest.Of("unit", _credential), SlotRequest.OfShares("custodians", 2, 3)]);
        using var theirs = SealedBox.CreatePrivateKey();
        var file = JsonNode.Parse(File.ReadAllText(Master))!.AsObject();
        var slots = file["slots"]!.AsArray();
        switch (what)
        {
            case "public_key":
                slots[1]!["public_key"] = Convert.ToBase64String(SealedBox.PublicKeyOf(theirs));
                break;
            case "label":
                slots[1]!["label"] = "x";
                break;
            case "another slot":
                var added = slots[1]!.DeepClone();
                added["id"] = "0a1b2c3d";
                added["public_key"] = Convert.ToBase64String(SealedBox.PublicKeyOf(theirs));
                slots.Add(added);
                break;
            case "a slot less":
                slots.RemoveAt(1);
                break;
            case "generation":
                file["generation"] = 7;
                break;
            default:
                file["check"] = Convert.ToBase64String(new byte[32]);
                break;
        }

        File.WriteAllText(Master, file.ToJsonString());
        var edited = File.ReadAllBytes(Master);

        foreach (var change in new Action[] { keys.RotateMaster, () => keys.AddSlot(SlotRequest.OfShares("x", 2, 2)), () => keys.RemoveSlot(keys.Master!.Slots[1].Id) })
            Assert.Contains("was changed by one who had not the key", Assert.Throws<VaultFileException>(change).Message);
        Assert.Contains(keys.Prove(_credential), p => p.Contains("was changed by one", StringComparison.Ordinal));
        using var again = new VaultKeys(Path.Combine(_folder.Path, "vault"), _clock);
        Assert.Contains("Put the file back", Assert.Throws<VaultFileException>(() => again.Unlock(_credential)).Message);
        Assert.Equal(VaultState.Locked, again.State);
        Assert.Equal(edited, File.ReadAllBytes(Master));
    }

    [Fact]
    public void A_file_of_before_the_check_is_refused_with_what_to_do()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Master)!);
        File.WriteAllText(Master, "{\"format\":\"trafficflow-master-1\",\"id\":\"0011223344556677\",\"generation\":1,\"made\":\"2026-11-29T12:00:00Z\",\"previous\":null,\"slots\":[]}");
        File.SetUnixFileMode(Master, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("vault init", Assert.Throws<VaultFileException>(() => new VaultKeys(Path.GetDirectoryName(Master)!, _clock)).Message);
    }

    [Fact]
    public void Memory_that_the_system_does_not_lock_is_told_once()
    {
        _ = LockedBytes.TakeProblem();
        LockedBytes.Note(isLocked: true);
        Assert.Null(LockedBytes.TakeProblem());
        LockedBytes.Note(isLocked: false);
        LockedBytes.Note(isLocked: false);
        Assert.Contains("LimitMEMLOCK", LockedBytes.TakeProblem());
        LockedBytes.Note(isLocked: false);
        Assert.Null(LockedBytes.TakeProblem());
    }

    public void Dispose()
    {
        _credential.Dispose();
        _folder.Dispose();
    }
}
