using System.Text.Json;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Vault.Erasure;

/// <summary>What an erasure did, as it was found afterwards.</summary>
/// <param name="Id">Of the erasure: its date and a random part.</param>
/// <param name="Node">That did it.</param>
/// <param name="Days">Of each camera's day that was erased as a whole: its key was destroyed.</param>
/// <param name="Segments">Of other days: their own keys were destroyed.</param>
/// <param name="Keys">Of sites and the master.</param>
/// <param name="Medium">On what it lay.</param>
/// <param name="Proved">What was tried, and how it came out.</param>
/// <param name="NotProved">What nobody can know here.</param>
/// <param name="Copies">That were known and had not ended.</param>
public sealed record ErasureReceipt(
    string Format,
    string Id,
    string Node,
    EraseOrder Order,
    DateTimeOffset Began,
    DateTimeOffset Ended,
    int MasterGeneration,
    IReadOnlyList<ErasedDay> Days,
    IReadOnlyList<ErasedSegment> Segments,
    IReadOnlyList<ErasedKey> Keys,
    MediumFacts Medium,
    IReadOnlyList<string> Proved,
    IReadOnlyList<string> NotProved,
    IReadOnlyList<CopyEntry> Copies)
{
    public const string FormatOfNow = "trafficflow-erasure-receipt-1";
}

/// <param name="Count">Segments.</param>
/// <param name="Digest">SHA-256 of the names and commitments of all of them, a line each, hexadecimal.</param>
/// <param name="KeyId">Of the day's key.</param>
/// <param name="From">Of the first segment; null where there was none.</param>
/// <param name="To">Behind the last one, or the latest that this can be.</param>
public sealed record ErasedDay(string Site, string Camera, string Day, int Count, long Frames, long Bytes, string Digest, string KeyId, DateTimeOffset? From, DateTimeOffset? To);

/// <param name="Commitment">Of its encryption, hexadecimal: tells which file it was.</param>
public sealed record ErasedSegment(string Segment, DateTimeOffset From, DateTimeOffset? To, int Frames, long Bytes, string Commitment);

/// <param name="Name">site:NAME, or master.</param>
public sealed record ErasedKey(string Name, string KeyId);

/// <summary>What is known of where the vault lies.</summary>
/// <param name="FileSystem">As the system names it; empty where it does not.</param>
/// <param name="IsFlash">Null where it is not known.</param>
/// <param name="IsEncrypted">Of the disk under it; null where it is not known.</param>
/// <param name="Details">From what this was found.</param>
public sealed record MediumFacts(string FileSystem, bool? IsFlash, bool? IsEncrypted, string Details);

/// <summary>
/// The file of a receipt: its JSON, signed with the node's key (<see cref="SignedDocument"/>). A third party needs it and the public key, and nothing else: trafficflow vault verify-receipt, or any program
/// that knows Ed25519.
/// </summary>
public static class ReceiptFile
{
    private const string Kind = "ERASURE RECEIPT";

    internal static byte[] Write(ErasureReceipt receipt, AuditKey key) => SignedDocument.Write(Kind, JsonSerializer.SerializeToUtf8Bytes(receipt, VaultRegister<CopyEntry>.Layout), key);

    /// <exception cref="FormatException">It is none, it was changed, or another key signed it; the message says which.</exception>
    public static ErasureReceipt Verify(ReadOnlySpan<byte> file, AuditPublicKeys keys)
    {
        return Parse(SignedDocument.Read(Kind, file, keys).Text);
    }

    internal static ErasureReceipt Parse(byte[] text)
    {
        try
        {
            return JsonSerializer.Deserialize<ErasureReceipt>(text, VaultRegister<CopyEntry>.Layout) is { Format: ErasureReceipt.FormatOfNow } receipt ? receipt
                : throw new FormatException("it is signed, and of a later version than this program knows: take a newer trafficflow");
        }
        catch (JsonException e)
        {
            throw new FormatException("it is signed, and of a later version than this program knows: take a newer trafficflow", e);
        }
    }
}
