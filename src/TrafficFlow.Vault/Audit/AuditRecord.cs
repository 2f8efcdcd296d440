using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace TrafficFlow.Vault.Audit;

/// <summary>
/// One line of the audit. Its canonical encoding is the line itself up to its last member: "hash" is the SHA-256 of the bytes before ,"hash": and "before" the hash of the record
/// before, so that no byte of a line can change unseen, and any program can check it without knowing more.
/// </summary>
/// <param name="Number">From 1 without gaps, over all files.</param>
/// <param name="Before">Hash of the record before; 64 zeros for the first one.</param>
public sealed record AuditRecord(long Number, DateTimeOffset Time, AuditEvent Event, string Before, string Hash)
{
    /// <summary>Before the first record.</summary>
    public static readonly string NoHash = new('0', HashLength);

    internal const int LongestLine = 16 * 1024;

    private const int HashLength = 64;

    // As they are written, in bytes: five texts, the details and the rest fit into a line whatever has to be escaped.
    private const int LongestText = 1_600;
    private const int LongestDetails = 6_000;
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    private static readonly byte[] s_hashMember = ",\"hash\":\""u8.ToArray();
    private static readonly byte[] s_end = "\"}"u8.ToArray();
    private static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
    private static readonly JsonWriterOptions s_layout = new() { Encoder = s_encoder, SkipValidation = true };

    /// <summary>Makes a record and its line, without the line break.</summary>
    internal static (AuditRecord Record, byte[] Line) Create(long number, DateTimeOffset time, AuditEvent e, string before)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, s_layout))
        {
            json.WriteStartObject();
            json.WriteNumber("n", number);
            json.WriteString("time", time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture));
            json.WriteString("kind", AuditKinds.Of(e.Kind));
            json.WriteString("by", Cut(e.By, LongestText));
            json.WriteString("account", Cut(e.Account, LongestText));
            json.WriteString("action", Cut(e.Action, LongestText));
            json.WriteString("target", Cut(e.Target, LongestText));
            json.WriteString("outcome", Cut(e.Outcome, LongestText));
            if (e.Details is not null) json.WriteString("details", Cut(e.Details, LongestDetails));
            if (e.Of is { } of) json.WriteNumber("of", of);
            json.WriteString("before", before);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
        byte[] line = [.. buffer.WrittenSpan, .. s_hashMember, .. Encoding.ASCII.GetBytes(hash), .. s_end];
        return (new AuditRecord(number, time, e, before, hash), line);
    }

    /// <param name="problem">Why the line is no whole record; empty where it is one.</param>
    internal static AuditRecord? Read(ReadOnlySpan<byte> line, out string problem)
    {
        problem = "it is no record";
        var covered = line.Length - s_end.Length - HashLength - s_hashMember.Length;
        if (covered <= 0 || line.Length > LongestLine || !line[covered..].StartsWith(s_hashMember) || !line.EndsWith(s_end)) return null;
        var hash = Encoding.Latin1.GetString(line.Slice(covered + s_hashMember.Length, HashLength));
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 2 });
            var record = Read(ref reader, hash);
            if (record is not null) problem = "its content does not fit its hash";
            if (record is null || Convert.ToHexStringLower(SHA256.HashData(line[..covered])) != hash) return null;
            problem = "";
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The number that a line claims, be it a whole record or not.</summary>
    internal static long? NumberIn(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("{\"n\":"u8)) return null;
        var digits = line[5..];
        var end = digits.IndexOf((byte)',');
        return end > 0 && System.Buffers.Text.Utf8Parser.TryParse(digits[..end], out long number, out var used) && used == end ? number : null;
    }

    private static AuditRecord? Read(ref Utf8JsonReader reader, string hash)
    {
        long number = 0;
        long? of = null;
        DateTimeOffset time = default;
        AuditKind? kind = null;
        string? by = null, account = null, action = null, target = null, outcome = null, details = null, before = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            if (!reader.Read()) return null;
            switch (name)
            {
                case "n": number = reader.GetInt64(); break;
                case "time": time = DateTimeOffset.ParseExact(reader.GetString()!, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal); break;
                case "kind": kind = AuditKinds.Parse(reader.GetString()!); break;
                case "by": by = reader.GetString(); break;
                case "account": account = reader.GetString(); break;
                case "action": action = reader.GetString(); break;
                case "target": target = reader.GetString(); break;
                case "outcome": outcome = reader.GetString(); break;
                case "details": details = reader.GetString(); break;
                case "of": of = reader.GetInt64(); break;
                case "before": before = reader.GetString(); break;
                case "hash": break;
                default: return null;
            }
        }

        return number < 1 || kind is null || by is null || account is null || action is null || target is null || outcome is null || before is not { Length: HashLength }
            ? null
            : new AuditRecord(number, time, new AuditEvent(kind.Value, by, account, action, target, outcome, details, of), before, hash);
    }

    /// <param name="most">Bytes, as it is written.</param>
    private static string Cut(string text, int most)
    {
        // Of a longer text no more can be looked at than fits.
        var bytes = Encoding.UTF8.GetBytes(text.Length > most ? text[..most] : text);
        Span<byte> written = stackalloc byte[most - 3];
        return s_encoder.EncodeUtf8(bytes, written, out var consumed, out _) == OperationStatus.Done && text.Length <= most ? text : $"{Encoding.UTF8.GetString(bytes, 0, consumed)}…";
    }
}
