using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace TrafficFlow.Vault.Audit;

/// <summary>SHA-256 as a value: a verification holds one or two for each of a million records.</summary>
internal readonly record struct Digest(ulong A, ulong B, ulong C, ulong D)
{
    /// <param name="hex">64 hexadecimal figures.</param>
    public static Digest? Parse(string hex)
    {
        Span<byte> bytes = stackalloc byte[32];
        return hex.Length == 64 && Convert.FromHexString(hex, bytes, out _, out var count) == System.Buffers.OperationStatus.Done && count == 32
            ? new Digest(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]))
            : null;
    }
}

/// <summary>A line of a file of the audit, as a verification sees it.</summary>
/// <param name="Number">What it claims to be; null where it claims nothing.</param>
/// <param name="Hash">Null where the line is no whole record.</param>
/// <param name="IsCut">The last one, and without its line break.</param>
internal sealed record ChainLine(string File, int Line, long? Number, Digest? Hash, Digest Before, string Problem, bool IsCut)
{
    /// <summary>Action of the record that ends a line which a crash has cut.</summary>
    public const string CutAction = "cut line ended";

    /// <summary>All lines of a file but those that a crash has cut and a record behind them ends.</summary>
    public static IEnumerable<ChainLine> Of(AuditPart part)
    {
        var content = part.Read();
        var lines = new List<(ChainLine Line, int From)>();
        for (int from = 0, number = 1; from < content.Length; number++)
        {
            var length = content.AsSpan(from).IndexOf((byte)'\n');
            var isCut = length < 0;
            if (isCut) length = content.Length - from;
            var line = content.AsSpan(from, length);
            var record = AuditRecord.Read(line, out var problem);
            if (record is { Event: { Kind: AuditKind.Audit, Action: CutAction, Details: { } details } }) RemoveCut(lines, content, from, details);
            lines.Add((new ChainLine(part.Name, number, record?.Number ?? AuditRecord.NumberIn(line), record is null ? null : Digest.Parse(record.Hash), record is null ? default : Digest.Parse(record.Before) ?? default, problem, isCut), from));
            from += length + 1;
        }

        return lines.Select(l => l.Line);
    }

    /// <summary>What the record of a cut line says of it.</summary>
    public static string CutDetails(ReadOnlySpan<byte> cut) => string.Create(CultureInfo.InvariantCulture, $"bytes={cut.Length} sha256={Convert.ToHexStringLower(SHA256.HashData(cut))}");

    private static void RemoveCut(List<(ChainLine Line, int From)> lines, byte[] content, int end, string details)
    {
        var count = details.StartsWith("bytes=", StringComparison.Ordinal) && int.TryParse(details.AsSpan(6, Math.Max(0, details.IndexOf(' ', StringComparison.Ordinal) - 6)), NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : 0;
        // Behind the cut line stands the line break that ended it.
        var from = end - 1 - count;
        if (count <= 0 || from < 0 || CutDetails(content.AsSpan(from, count)) != details) return;
        // Whole records among them, too: of a batch of which the end is missing nothing was answered, and nothing is signed.
        lines.RemoveAll(l => l.From >= from);
    }
}
