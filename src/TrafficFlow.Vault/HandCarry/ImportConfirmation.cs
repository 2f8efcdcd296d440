using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>That a volume was taken in, verified byte by byte, and is on the disk, signed by the vault that took it in. With it the other side may erase what is named here, and nothing else.</summary>
/// <param name="From">Id of the vault that the bundle comes from.</param>
/// <param name="By">Id of the vault that took it in.</param>
/// <param name="Segments">Taken in now or before, with their commitments.</param>
/// <param name="NextImportKey">To which the next bundle is sealed.</param>
/// <param name="NextProof">HMAC-SHA256 of it with a key that HKDF derives from the bundle's: only who opened the bundle can name the key to which the next one is sealed.</param>
public sealed record ImportConfirmation(string Format, string Bundle, int Volume, string From, string By, string Node, DateTimeOffset At, IReadOnlyList<ConfirmedSegment> Segments, byte[] NextImportKey, byte[] NextProof)
{
    public const string FileName = "CONFIRMATION";
    public const string FormatOfNow = "trafficflow-import-confirmation-2";

    internal const string Kind = "IMPORT CONFIRMATION";

    internal byte[] Write(AuditKey signature) => SignedDocument.Write(Kind, JsonSerializer.SerializeToUtf8Bytes(this, VaultRegister<CopyEntry>.Layout), signature);

    /// <exception cref="FormatException">It is none, was changed, or comes from nobody who is trusted.</exception>
    public static ImportConfirmation Read(ReadOnlySpan<byte> file, IReadOnlyList<TrustedVault> trusted)
    {
        var claimed = Parse(SignedDocument.Unverified(Kind, file));
        var by = trusted.FirstOrDefault(t => t.Identity.Id == claimed.By && t.Ended is null) ?? throw new FormatException($"the confirmation says that {claimed.Node} ({claimed.By}) gave it, which is not trusted here");
        return Parse(SignedDocument.Read(Kind, file, by.Identity.Keys).Text);
    }

    /// <summary>What this vault itself has confirmed before.</summary>
    internal static ImportConfirmation ReadOwn(ReadOnlySpan<byte> file, AuditPublicKeys own) => Parse(SignedDocument.Read(Kind, file, own).Text);

    internal static byte[] ProofOf(LockedBytes bundleKey, string by, byte[] nextImportKey)
    {
        using var key = KeyWrap.Derived(bundleKey, "trafficflow.vault/next-import-key@v1");
        return HMACSHA256.HashData(key.Span, [.. Encoding.UTF8.GetBytes(by), 0, .. nextImportKey]);
    }

    internal static ImportConfirmation Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<ImportConfirmation>(text, VaultRegister<CopyEntry>.Layout) is { Format: FormatOfNow, Bundle: not null, From: not null, By: not null, Node: not null, Volume: > 0, Segments: not null, NextImportKey.Length: SealedBox.PublicKeyBytes, NextProof.Length: HMACSHA256.HashSizeInBytes } confirmation
                && BundleNames.IsId(confirmation.Bundle) && confirmation.Segments.All(s => s is { Segment: not null, Commitment: not null } && SegmentPlace.Parse(s.Segment) is not null) && confirmation.Segments.DistinctBy(s => s.Segment).Count() == confirmation.Segments.Count
                ? confirmation : throw new FormatException("it is no confirmation of an import, or of a later version");
        }
        catch (JsonException e)
        {
            throw new FormatException("it is no confirmation of an import, or of a later version", e);
        }
    }
}

public sealed record ConfirmedSegment(string Segment, string Commitment);
