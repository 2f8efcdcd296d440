using System.Security.Cryptography;
using System.Text.Json;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Endings;

/// <summary>How an experiment ended: what was done, what is left and with whom, and every receipt.</summary>
/// <param name="Sites">That it is of, with their names.</param>
/// <param name="Kinds">How long each kind is kept by the policy in force.</param>
/// <param name="Receipts">Of every erasure of recordings here that met it, of the time before too.</param>
/// <param name="Holds">In force: what they keep is not erased.</param>
/// <param name="Copies">Known, ended and not.</param>
/// <param name="AuditRecord">The last record of the audit when it was written.</param>
public sealed record EndReport(
    string Format,
    EndState End,
    string Node,
    DateTimeOffset WrittenAt,
    IReadOnlyList<EndedSite> Sites,
    IReadOnlyList<EndedKind> Kinds,
    IReadOnlyList<EndedReceipt> Receipts,
    IReadOnlyList<LegalHold> Holds,
    IReadOnlyList<CopyEntry> Copies,
    long AuditRecord)
{
    public const string FormatOfNow = "trafficflow-end-report-1";

    /// <summary>What was tried by the receipts' erasures, and how it came out: each sentence once.</summary>
    public IReadOnlyList<string> Proved { get; init; } = [];

    /// <summary>What nobody can know by them: each sentence once.</summary>
    public IReadOnlyList<string> NotProved { get; init; } = [];

    /// <summary>What is not done, in the order of its steps.</summary>
    public IEnumerable<BilingualText> Left => End.Steps.SelectMany(s => s.Left);
}

public sealed record EndedSite(string Id, string Name);

/// <param name="Rule">For people; empty where the site says nothing of it.</param>
/// <param name="End">When the last of it is gone; null where nothing says so.</param>
public sealed record EndedKind(string Site, KeptKind Kind, string Rule, DateTimeOffset? End);

/// <summary>What names a receipt and its size; why it was erased, and what was tried, it says itself: of years of them, each of a day, the report must stay one that can be read.</summary>
/// <param name="Sha256">Of the receipt's file, hexadecimal.</param>
public sealed record EndedReceipt(string Id, DateTimeOffset Ended, string Scope, int Segments, int Keys, string Sha256)
{
    /// <param name="file">The receipt as it lies on the disk.</param>
    public static EndedReceipt Of(byte[] file, ErasureReceipt receipt) => new(
        receipt.Id, receipt.Ended, receipt.Order.Scope.ToString(), receipt.Days.Sum(d => d.Count) + receipt.Segments.Count, receipt.Keys.Count + receipt.Days.Count, Convert.ToHexStringLower(SHA256.HashData(file)));
}

/// <summary>The file of a report: its JSON, signed with the node's key (<see cref="SignedDocument"/>).</summary>
public static class EndReportFile
{
    public const string Ending = ".report";

    private const string Kind = "END REPORT";

    /// <param name="data">Data folder of the node.</param>
    /// <exception cref="VaultFileException">It would be larger than what is read again.</exception>
    public static byte[] Write(EndReport report, string data)
    {
        using var key = AuditKey.LoadOrCreate(new AuditPlace(data).Key, out _);
        return SignedDocument.Write(Kind, JsonSerializer.SerializeToUtf8Bytes(report, VaultRegister<EndState>.Layout), key);
    }

    /// <exception cref="FormatException">It is none, it was changed, or another key signed it; the message says which.</exception>
    public static EndReport Verify(ReadOnlySpan<byte> file, AuditPublicKeys keys)
    {
        try
        {
            return JsonSerializer.Deserialize<EndReport>(SignedDocument.Read(Kind, file, keys).Text, VaultRegister<EndState>.Layout) is { Format: EndReport.FormatOfNow } report ? report
                : throw new FormatException("it is signed, and of a later version than this program knows: take a newer trafficflow");
        }
        catch (JsonException e)
        {
            throw new FormatException("it is signed, and of a later version than this program knows: take a newer trafficflow", e);
        }
    }

    /// <summary>Keeps a file of the report beside it.</summary>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public static void Keep(string path, byte[] content)
    {
        PrivateFile.MakeFolder(Path.GetDirectoryName(path)!);
        PrivateFile.Replace(path, content);
        Shredding.Sync(Path.GetDirectoryName(path)!);
    }
}
