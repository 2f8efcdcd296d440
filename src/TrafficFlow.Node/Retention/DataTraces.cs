using System.Globalization;
using System.Text.Json;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;

namespace TrafficFlow.Node.Retention;

/// <summary>
/// What was written last into a data folder: audit, registers of custody, recordings, receipts. It is read and not verified: it tells how far a clock had come, and lets nothing be erased by itself.
/// </summary>
internal static class DataTraces
{
    /// <summary>A line of a register has at most half of it.</summary>
    private const int TailBytes = 1024 * 1024;

    /// <returns>The newest time that anything there tells of itself; null where nothing does, as before a first start.</returns>
    public static DateTimeOffset? Newest(string data)
    {
        var vault = Path.Combine(data, RecordingVault.FolderName);
        DateTimeOffset?[] all =
        [
            Tried(() => OfAudit(data)), .. FilesIn(Path.Combine(data, "custody"), "*.jsonl").Select(f => Tried(() => OfRegister(f))),
            Tried(() => OfSegments(Path.Combine(vault, "sites"))), Tried(() => OfReceipts(Path.Combine(vault, "receipts"))),
        ];
        return all.Max();
    }

    private static DateTimeOffset? OfAudit(string data) => AuditReader.Newest(new AuditPlace(data), new AuditFilter(), null, 1) is [var last] ? last.Time : null;

    private static DateTimeOffset? OfRegister(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
        var tail = new byte[Math.Min(stream.Length, TailBytes)];
        stream.ReadExactly(tail);
        // The last line may be cut.
        foreach (var range in Lines(tail).TakeLast(2).Reverse())
        {
            try
            {
                using var line = JsonDocument.Parse(tail.AsMemory(range));
                if (line.RootElement.TryGetProperty("time", out var time) && time.TryGetDateTimeOffset(out var at)) return at;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The one before it, then.
            }
        }

        return null;
    }

    private static List<Range> Lines(byte[] text)
    {
        var lines = new List<Range>();
        foreach (var range in text.AsSpan().Split((byte)'\n'))
        {
            if (!text.AsSpan(range).IsEmpty) lines.Add(range);
        }

        return lines;
    }

    /// <summary>Of each camera its newest day alone.</summary>
    private static DateTimeOffset? OfSegments(string sites) =>
        (from camera in FoldersIn(sites).SelectMany(FoldersIn)
         let day = FoldersIn(camera).Where(f => DateOnly.TryParseExact(Path.GetFileName(f), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)).Max(StringComparer.Ordinal)
         where day is not null
         from file in FilesIn(day, "*Z*")
         select SegmentPlace.TimeOf(Path.GetFileNameWithoutExtension(file))).Max();

    private static DateTimeOffset? OfReceipts(string folder) =>
        (from file in FilesIn(folder, "*.receipt")
         select DateTimeOffset.TryParseExact(Path.GetFileName(file).Split('-')[0], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : (DateTimeOffset?)null).Max();

    private static IEnumerable<string> FilesIn(string folder, string pattern) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern) : [];

    private static IEnumerable<string> FoldersIn(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    /// <summary>What cannot be read tells nothing here; whoever needs it tells of it.</summary>
    private static DateTimeOffset? Tried(Func<DateTimeOffset?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is VaultFileException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
