using System.Text;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>
/// Which segments of a volume were begun to be taken in, and which erasures were known before: an import that was cut, and an erasure after it, leave nothing else that tells what was erased here from what never came. One file for
/// each volume, imports/NAME.log: receipts first, then a line for each segment, on the disk before it is taken in.
/// </summary>
internal sealed class ImportLog
{
    private const long Longest = 256L * 1024 * 1024;

    private readonly string _path;
    private readonly Dictionary<string, string> _begun = new(StringComparer.Ordinal);
    private readonly HashSet<string> _days = new(StringComparer.Ordinal);
    private readonly HashSet<string> _segments = new(StringComparer.Ordinal);

    private ImportLog(string path) => _path = path;

    /// <summary>Reads it, or begins it.</summary>
    /// <param name="receipts">Folder of this vault's receipts.</param>
    /// <exception cref="VaultFileException">It cannot be read or written, or a receipt is none.</exception>
    public static ImportLog Open(string path, string receipts, AuditPublicKeys own)
    {
        var log = new ImportLog(path);
        var all = Directory.Exists(receipts) ? Directory.EnumerateFiles(receipts, "*.receipt").ToList() : [];
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (PrivateFile.Read(path, Longest) is { Length: > 0 } content)
        {
            foreach (var words in Encoding.UTF8.GetString(content).Split('\n').Select(l => l.Split(' ')))
            {
                if (words is ["known", var receipt]) known.Add(receipt);
                else if (words is ["take", var segment, var commitment]) log._begun[segment] = commitment;
            }
        }
        else
        {
            known.UnionWith(all.Select(Path.GetFileName).OfType<string>());
            PrivateFile.MakeFolder(Path.GetDirectoryName(path)!);
            PrivateFile.Replace(path, Encoding.UTF8.GetBytes(string.Concat(known.Select(k => $"known {k}\n").Prepend("volume 1\n"))));
            Shredding.Sync(Path.GetDirectoryName(path)!);
        }

        foreach (var receipt in all.Where(r => !known.Contains(Path.GetFileName(r)))) log.Learn(receipt, own);
        return log;
    }

    /// <summary>It was taken in before, and erased here since.</summary>
    public bool WasErased(SegmentPlace place, string commitment) =>
        _begun.GetValueOrDefault(place.ToString()) == commitment && (_segments.Contains($"{place} {commitment}") || _days.Contains(DayOf(place.Site.Value, place.Camera.Value, Keys.VaultKeys.TextOf(place.Day))));

    /// <summary>On the disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Begin(SegmentPlace place, string commitment)
    {
        if (_begun.GetValueOrDefault(place.ToString()) == commitment) return;
        SignedFile.Append(_path, Encoding.UTF8.GetBytes($"take {place} {commitment}\n"));
        _begun[place.ToString()] = commitment;
    }

    private void Learn(string path, AuditPublicKeys own)
    {
        try
        {
            var receipt = ReceiptFile.Verify(PrivateFile.Read(path, SignedDocument.Longest), own);
            _days.UnionWith(receipt.Days.Select(d => DayOf(d.Site, d.Camera, d.Day)));
            _segments.UnionWith(receipt.Segments.Select(s => $"{s.Segment} {s.Commitment}"));
        }
        catch (FormatException e)
        {
            throw new VaultFileException($"{path} is no receipt of this vault ({e.Message}): put it back as it was, from a copy", e);
        }
    }

    private static string DayOf(string site, string camera, string day) => $"{site}/{camera}/{day}";
}
