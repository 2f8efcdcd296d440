using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Keys;

public enum SlotKind
{
    /// <summary>A file that systemd hands to the unit (LoadCredentialEncrypted=).</summary>
    Credential = 0,

    /// <summary>What somebody remembers.</summary>
    Passphrase = 1,

    /// <summary>Shares of several custodians, of whom some must come together.</summary>
    Shares = 2,
}

/// <summary>What opens a slot of the master key. It never leaves the process and has no text form.</summary>
public abstract class UnlockSecret : IDisposable
{
    public abstract SlotKind Kind { get; }

    /// <summary>The slot's private key; null where this is none of its.</summary>
    internal abstract LockedBytes? OpenSlot(MasterSlot slot);

    public abstract void Dispose();
}

/// <summary>Bytes of a credential file, 32 to 4,096, from a random source.</summary>
public sealed class CredentialSecret : UnlockSecret
{
    public const int Fewest = 32;
    public const int Most = 4096;

    private const string Purpose = "trafficflow.vault/credential@v1";

    private readonly LockedBytes _key;

    /// <exception cref="FormatException">It is too short to be a key, or too long.</exception>
    public CredentialSecret(ReadOnlySpan<byte> content)
    {
        if (content.Length is < Fewest or > Most) throw new FormatException($"a credential has {Fewest} to {Most} bytes from a random source, not {content.Length}: head -c 32 /dev/urandom makes one");
        if (content.IndexOfAnyExcept(content[0]) < 0) throw new FormatException("the credential is one byte over and over: head -c 32 /dev/urandom makes one");
        var prk = HKDF.Extract(HashAlgorithmName.SHA512, content.ToArray());
        _key = new LockedBytes(KeyWrap.KeyBytes);
        HkdfSha512.Expand(prk, Encoding.UTF8.GetBytes(Purpose), _key.Span);
        CryptographicOperations.ZeroMemory(prk);
    }

    public override SlotKind Kind => SlotKind.Credential;

    internal byte[] Protect(string slot, LockedBytes privateKey) => KeyWrap.Wrap(_key, slot, privateKey);

    internal override LockedBytes? OpenSlot(MasterSlot slot) => slot.Protected is { } wrapped ? KeyWrap.Unwrap(_key, slot.Name, wrapped) : null;

    public override void Dispose() => _key.Dispose();
}

/// <summary>A passphrase: Argon2id makes the key, with costs that stand in the slot.</summary>
public sealed class PassphraseSecret : UnlockSecret
{
    /// <summary>Characters.</summary>
    public const int Fewest = 15;

    private readonly LockedBytes _text;

    public PassphraseSecret(string passphrase)
    {
        var bytes = Encoding.UTF8.GetBytes(Nfc.Of(passphrase));
        _text = LockedBytes.CopyOf(bytes.Length == 0 ? [0] : bytes);
        CryptographicOperations.ZeroMemory(bytes);
        Length = passphrase.EnumerateRunes().Count();
    }

    public override SlotKind Kind => SlotKind.Passphrase;

    /// <summary>Characters.</summary>
    public int Length { get; }

    internal byte[] Protect(string slot, PassphraseCosts costs, LockedBytes privateKey)
    {
        using var key = Derive(costs);
        return KeyWrap.Wrap(key, slot, privateKey);
    }

    internal override LockedBytes? OpenSlot(MasterSlot slot)
    {
        if (slot.Protected is not { } wrapped || slot.Costs is not { } costs) return null;
        using var key = Derive(costs);
        return KeyWrap.Unwrap(key, slot.Name, wrapped);
    }

    public override void Dispose() => _text.Dispose();

    private LockedBytes Derive(PassphraseCosts costs)
    {
        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = costs.KibiBytes, NumberOfPasses = costs.Passes });
        var key = new LockedBytes(KeyWrap.KeyBytes);
        argon2.DeriveBytes(_text.Span, costs.Salt, key.Span);
        return key;
    }
}

/// <summary>Shares of custodians, of one slot.</summary>
public sealed class SharesSecret : UnlockSecret
{
    private readonly IReadOnlyList<KeyShare> _shares;

    /// <param name="texts">As they were printed, in any order.</param>
    /// <exception cref="FormatException">One is none, is mistyped or comes twice, or they are of different slots.</exception>
    public SharesSecret(IEnumerable<string> texts)
    {
        _shares = [.. texts.Select(KeyShare.Parse)];
        if (_shares.Count == 0) throw new FormatException("no share was given");
        if (_shares.Select(s => s.Slot).Distinct().Count() > 1) throw new FormatException($"the shares are of different slots ({string.Join(", ", _shares.Select(s => s.Slot).Distinct())}): take those of one");
        if (_shares.Select(s => s.At).Distinct().Count() < _shares.Count) throw new FormatException("a share was given twice: each custodian has one of their own");
    }

    public override SlotKind Kind => SlotKind.Shares;

    internal string Slot => _shares[0].Slot;

    internal int Count => _shares.Count;

    internal override LockedBytes? OpenSlot(MasterSlot slot) =>
        slot.Id == Slot && _shares.Count >= slot.Needed ? SecretShares.Combine([.. _shares.Take(slot.Needed).Select(s => (s.At, s.Value))]) : null;

    public override void Dispose()
    {
        foreach (var share in _shares) share.Dispose();
    }
}
