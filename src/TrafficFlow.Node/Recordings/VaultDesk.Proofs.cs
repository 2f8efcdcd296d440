using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>Ways to the master key: tried before they are needed, and when each was tried last.</summary>
internal sealed partial class VaultDesk
{
    /// <summary>A way is to be tried within this time.</summary>
    public TimeSpan ProveWithin { get; init; } = Settings.VaultSettings.Usual.ProveWithin;

    private async Task<IReadOnlyList<string>> ProveAsync(VaultRequest request, Principal by)
    {
        using var secret = request.Secret() ?? throw new FormatException("which way is tried? --credential FILE, --passphrase, or --shares 2");
        if (vault.Keys.State == VaultState.Locked) throw new VaultKeyException("the vault is locked: trafficflow vault unlock opens it with what you bring, and proves it");
        var way = vault.Keys.Try(secret);
        await vault.Proofs.AddAsync(way, new RegisterAuthor(by.Name, by.Account));
        return [$"{Kind(way)} \"{way.Label}\" ({way.Id}) opens the vault: it is to be tried again by {Minute(time.GetUtcNow() + ProveWithin)}"];
    }

    private async Task<IReadOnlyList<string>> UnlockAsync(VaultRequest request, Principal by)
    {
        using var secret = request.Secret() ?? throw new FormatException("with what? --credential FILE, --passphrase, or --shares");
        var lines = new List<string>(vault.Unlock(secret)) { $"{vault.Folder} is open" };
        try
        {
            await vault.Proofs.AddAsync(vault.Keys.Try(secret), new RegisterAuthor(by.Name, by.Account));
        }
        catch (Exception e) when (e is VaultFileException or VaultKeyException or RegisterException)
        {
            lines.Add($"NOT WELL: that it opens could not be noted: {e.Message}");
        }

        return lines;
    }

    /// <summary>For vault status.</summary>
    private string ProvedText(SlotSummary way)
    {
        try
        {
            var (proof, last) = (vault.Proofs.Of(way.Id), vault.Proofs.LastOf(way));
            var told = proof is null ? "never tried since" : $"last tried {Minute(proof.At)} by {Core.Texts.PlainText.Of(proof.By.Name, 64)}";
            return time.GetUtcNow() - last > ProveWithin ? $"{told}, OVERDUE: {VaultDues.HowToProve(way)}" : told;
        }
        catch (VaultFileException e)
        {
            return $"NOT WELL: {e.Message}";
        }
    }
}
