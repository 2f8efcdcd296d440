using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TrafficFlow.Vault.Audit;

internal enum StatementKind
{
    /// <summary>Kept for good.</summary>
    Checkpoint,

    /// <summary>Written over with each batch of records.</summary>
    Head,

    /// <summary>Records up to this one were deleted because of their age; the line says from which on, and why.</summary>
    Deleted,

    /// <summary>Records up to this one are about to be written: whatever else stands behind the head is of somebody else.</summary>
    Pending,
}

/// <summary>A signed line: record N was the last one at that time and has this hash; all that leads to it is fixed by that.</summary>
/// <param name="Key">Id of the key that signed it.</param>
internal sealed record AuditStatement(StatementKind Kind, long Number, string Hash, DateTimeOffset Time, string Key)
{
    private const string SignatureMember = ",\"signature\":\"";

    /// <param name="deleted">The first of what was deleted, and why.</param>
    /// <returns>The line, without the line break.</returns>
    public static byte[] Write(StatementKind kind, long number, string hash, DateTimeOffset time, AuditKey key, (long From, string Why)? deleted = null)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{{\"statement\":\"{NameOf(kind)}\",\"n\":{number},\"hash\":\"{hash}\",\"time\":\"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\",\"key\":\"{key.Id}\"");
        if (deleted is var (from, why)) text += string.Create(CultureInfo.InvariantCulture, $",\"from\":{from},\"why\":{JsonSerializer.Serialize(why)}");
        var signature = Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text)));
        return Encoding.ASCII.GetBytes($"{text}{SignatureMember}{signature}\"}}");
    }

    /// <param name="problem">Why it says nothing; empty where it does.</param>
    public static AuditStatement? Read(ReadOnlySpan<byte> line, AuditPublicKeys keys, out string problem)
    {
        problem = "it is no signed statement";
        var at = line.LastIndexOf(Encoding.ASCII.GetBytes(SignatureMember));
        if (at < 0 || !line.EndsWith("\"}"u8)) return null;
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            var root = json.RootElement;
            var statement = new AuditStatement(
                Enum.GetValues<StatementKind>().Cast<StatementKind?>().First(k => NameOf(k!.Value) == root.GetProperty("statement").GetString())!.Value,
                root.GetProperty("n").GetInt64(), root.GetProperty("hash").GetString()!, root.GetProperty("time").GetDateTimeOffset(), root.GetProperty("key").GetString()!);
            var signature = Base64Url.DecodeFromChars(root.GetProperty("signature").GetString());
            if (!keys.Ids.Contains(statement.Key)) problem = $"it is signed with the key {statement.Key[..Math.Min(16, statement.Key.Length)]}, which is not among those given";
            else if (!keys.Verify(statement.Key, line[..at], signature)) problem = "its signature is wrong";
            else problem = "";
            return problem.Length == 0 ? statement : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentNullException)
        {
            return null;
        }
    }

    private static string NameOf(StatementKind kind) => kind.ToString().ToLowerInvariant();
}
