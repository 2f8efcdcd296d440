using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>
/// Who a vault is to others: to which key bundles for it are sealed, and with which key it signs. A file that one vault gives to the other once; people compare <see cref="Fingerprint"/> by another way. The import key is renewed with the
/// bundles that come (<see cref="ImportConfirmation.NextImportKey"/>), and <see cref="Id"/> stays.
/// </summary>
/// <param name="ImportKey">Public key (X25519), 32 bytes.</param>
/// <param name="SigningKey">Public key (Ed25519) in PEM form.</param>
public sealed record VaultIdentity(string Format, string Node, byte[] ImportKey, string SigningKey, DateTimeOffset Made)
{
    private const string Kind = "VAULT IDENTITY";
    private const string FormatOfNow = "trafficflow-vault-identity-1";
    private const int LongestNode = 256;

    /// <summary>Of both keys: 32 hexadecimal figures in groups of four.</summary>
    public string Fingerprint => Grouped(SHA256.HashData([.. "trafficflow.vault/identity@v1\0"u8, .. ImportKey, .. Encoding.ASCII.GetBytes(SigningKey)]));

    /// <summary>Of the signing key: names the vault in bundles and confirmations, whichever import key it has.</summary>
    public string Id => Grouped(SHA256.HashData([.. "trafficflow.vault/id@v1\0"u8, .. Encoding.ASCII.GetBytes(SigningKey)]));

    internal AuditPublicKeys Keys => AuditPublicKeys.Parse(SigningKey);

    internal static VaultIdentity Of(string node, LockedBytes importKey, AuditKey signature, DateTimeOffset now) => new(FormatOfNow, node, SealedBox.PublicKeyOf(importKey), signature.PublicPem, now);

    internal byte[] Write(AuditKey signature) => SignedDocument.Write(Kind, JsonSerializer.SerializeToUtf8Bytes(this, VaultRegister<CopyEntry>.Layout), signature);

    /// <summary>Reads the file of an identity, which its own key has signed.</summary>
    /// <exception cref="FormatException">It is none, or was changed.</exception>
    public static VaultIdentity Read(ReadOnlySpan<byte> file)
    {
        var claimed = Parse(SignedDocument.Unverified(Kind, file));
        return Parse(SignedDocument.Read(Kind, file, claimed.Keys).Text);
    }

    private static string Grouped(byte[] hash) => string.Join('-', Convert.ToHexStringLower(hash)[..32].Chunk(4).Select(c => new string(c)));

    internal static VaultIdentity Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<VaultIdentity>(text, VaultRegister<CopyEntry>.Layout) is { Format: FormatOfNow, Node.Length: > 0 and <= LongestNode, ImportKey.Length: SealedBox.PublicKeyBytes, SigningKey: not null } identity && identity.Keys.Ids.Count == 1
                ? identity : throw new FormatException("it is no identity of a vault, or of a later version");
        }
        catch (JsonException e)
        {
            throw new FormatException("it is no identity of a vault, or of a later version", e);
        }
    }
}

/// <summary>Another vault, from which or to which somebody carries bundles.</summary>
/// <param name="Fingerprint">That somebody compared; the import key has been renewed since.</param>
/// <param name="Since">When somebody said that its fingerprint is right.</param>
/// <param name="Ended">Since when it is trusted no more; null while it is.</param>
public sealed record TrustedVault(string Fingerprint, VaultIdentity Identity, string By, DateTimeOffset Since, DateTimeOffset? Ended);

/// <summary>Register of the vaults that this one trusts: trusted.json of the vault folder. Ended ones stay.</summary>
public sealed class TrustedVaults(VaultKeys keys, TimeProvider time) : VaultRegister<TrustedVault>(keys, FileName)
{
    internal const string FileName = "trusted.json";

    /// <param name="fingerprint">As the other side tells it by another way than the file: on the telephone, on paper.</param>
    /// <exception cref="FormatException">It is another one's, or is trusted already.</exception>
    public TrustedVault Add(VaultIdentity identity, string fingerprint, string by)
    {
        var told = fingerprint.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (told != identity.Fingerprint.Replace("-", "", StringComparison.Ordinal)) throw new FormatException($"the file is of {identity.Fingerprint}, and {fingerprint} was told: it is another vault's, or was exchanged on its way");
        return Change(all =>
        {
            if (all.Any(t => t.Identity.Id == identity.Id && t.Ended is null)) throw new FormatException($"{identity.Node} ({identity.Fingerprint}) is trusted already");
            var trusted = new TrustedVault(identity.Fingerprint, identity, by, time.GetUtcNow(), null);
            all.Add(trusted);
            return trusted;
        });
    }

    /// <summary>All, checked: who is not among them gets and gives nothing.</summary>
    internal IReadOnlyList<TrustedVault> Believed => Checked;

    /// <exception cref="FormatException">There is none such.</exception>
    public void End(string fingerprint) => Change(all =>
    {
        var at = all.FindIndex(t => t.Fingerprint == fingerprint && t.Ended is null);
        return at < 0 ? throw new FormatException($"no vault {fingerprint} is trusted") : all[at] = all[at] with { Ended = time.GetUtcNow() };
    });

    /// <summary>Bundles are sealed to this key from now on.</summary>
    /// <param name="id">Of the vault; one that is not trusted is left alone.</param>
    internal void Renew(string id, byte[] importKey) => Change(all =>
    {
        var at = all.FindIndex(t => t.Identity.Id == id && t.Ended is null);
        if (at >= 0) all[at] = all[at] with { Identity = all[at].Identity with { ImportKey = importKey } };
        return at;
    });

    /// <exception cref="HandCarryException">None, or several, have this name or fingerprint.</exception>
    public TrustedVault Find(string name)
    {
        var found = All.Where(t => t.Ended is null && (t.Identity.Node == name || t.Fingerprint == name || t.Identity.Id == name)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => throw new HandCarryException($"no vault {name} is trusted: take its identity (trafficflow vault identity, there) and trust it (trafficflow vault trust, here)"),
            _ => throw new HandCarryException($"{found.Count} vaults are called {name}: name one by its fingerprint, {string.Join(" or ", found.Select(t => t.Fingerprint))}"),
        };
    }
}
