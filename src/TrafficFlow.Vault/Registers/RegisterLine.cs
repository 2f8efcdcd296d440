using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Vault.Registers;

/// <summary>
/// One line of a register. What is hashed and signed (Ed25519, the node's key) is the line itself up to ,"hash":, so that any program can check it: it names the register, and the
/// hash of the entry before, and no byte of it can change unseen. The head, in a file of its own, names the last entry in the same way.
/// </summary>
internal static class RegisterLine
{
    public const int Longest = 512 * 1024;

    /// <summary>Before the first entry.</summary>
    public static readonly string NoHash = new('0', 64);

    /// <summary>Of the content of an entry: strict, so that what an older program cannot understand is not passed over.</summary>
    public static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        MaxDepth = 16,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private const string HashMember = ",\"hash\":\"";
    private const string SignatureMember = "\",\"signature\":\"";
    private const int SignatureLength = 86;

    private static readonly int s_tail = HashMember.Length + 64 + SignatureMember.Length + SignatureLength + 2;

    /// <returns>The line without its break, and its hash.</returns>
    public static (byte[] Line, string Hash) Write<TEvent>(string register, long number, DateTimeOffset time, RegisterAuthor by, TEvent content, string before, AuditKey key)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Layout.Encoder, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("register", register);
            json.WriteNumber("n", number);
            json.WriteString("time", time.UtcDateTime.ToString(TimeForm, CultureInfo.InvariantCulture));
            json.WriteString("by", by.Name);
            json.WriteString("account", by.Account);
            json.WritePropertyName("event");
            JsonSerializer.Serialize(json, content, Layout);
            json.WriteString("before", before);
            json.WriteString("key", key.Id);
        }

        return Sign(buffer.WrittenSpan, key);
    }

    public static byte[] WriteHead(string register, long number, string hash, AuditKey key) =>
        Sign(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"head\":\"{register}\",\"n\":{number},\"entry\":\"{hash}\",\"key\":\"{key.Id}\"")), key).Line;

    /// <param name="problem">Why it is no entry; empty where it is one.</param>
    public static (RegisterEntry<TEvent> Entry, string Before)? Read<TEvent>(string register, ReadOnlySpan<byte> line, AuditPublicKeys keys, out string problem)
    {
        if (Open(line, keys, out problem) is not { } opened) return null;
        try
        {
            using var json = opened.Json;
            var root = json.RootElement;
            problem = "it is no entry of this register";
            if (root.GetProperty("register").GetString() != register) return null;
            problem = "";
            return (new RegisterEntry<TEvent>(
                root.GetProperty("n").GetInt64(),
                DateTimeOffset.ParseExact(root.GetProperty("time").GetString()!, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                new RegisterAuthor(root.GetProperty("by").GetString()!, root.GetProperty("account").GetString()!),
                root.GetProperty("event").Deserialize<TEvent>(Layout)!,
                opened.Hash, root.GetProperty("key").GetString()!), root.GetProperty("before").GetString()!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or NotSupportedException)
        {
            // It is signed: a newer program wrote it.
            problem = "it was written by a newer version of trafficflow";
            return null;
        }
    }

    /// <returns>The last entry's number and hash; null where it is no head of this register.</returns>
    public static (long Number, string Hash)? ReadHead(string register, ReadOnlySpan<byte> line, AuditPublicKeys keys, out string problem)
    {
        if (Open(line, keys, out problem) is not { } opened) return null;
        using var json = opened.Json;
        problem = "it is no head of this register";
        if (!json.RootElement.TryGetProperty("head", out var name) || name.GetString() != register) return null;
        problem = "";
        return (json.RootElement.GetProperty("n").GetInt64(), json.RootElement.GetProperty("entry").GetString()!);
    }

    private static (byte[] Line, string Hash) Sign(ReadOnlySpan<byte> text, AuditKey key)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(text));
        return ([.. text, .. Encoding.ASCII.GetBytes($"{HashMember}{hash}{SignatureMember}{Base64Url.EncodeToString(key.Sign(text))}\"}}")], hash);
    }

    private static (JsonDocument Json, string Hash)? Open(ReadOnlySpan<byte> line, AuditPublicKeys keys, out string problem)
    {
        problem = "it is no whole line";
        var covered = line.Length - s_tail;
        if (covered <= 0 || line.Length > Longest) return null;
        var tail = Encoding.Latin1.GetString(line[covered..]);
        if (!tail.StartsWith(HashMember, StringComparison.Ordinal) || tail.IndexOf(SignatureMember, StringComparison.Ordinal) != HashMember.Length + 64 || !tail.EndsWith("\"}", StringComparison.Ordinal)) return null;
        var hash = tail.Substring(HashMember.Length, 64);
        var text = line[..covered];
        problem = "its content does not fit its hash";
        if (Convert.ToHexStringLower(SHA256.HashData(text)) != hash) return null;
        JsonDocument? json = null;
        try
        {
            json = JsonDocument.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = 20 });
            var key = json.RootElement.GetProperty("key").GetString() ?? "";
            var signature = Base64Url.DecodeFromChars(tail.AsSpan(tail.Length - 2 - SignatureLength, SignatureLength));
            problem = keys.Ids.Contains(key) ? "its signature is wrong" : $"it is signed with the key {key[..Math.Min(16, key.Length)]}, which is not in {AuditPlace.PublicKeyName}";
            if (keys.Verify(key, text, signature)) return (json, hash);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            problem = "it is no whole line";
        }

        json?.Dispose();
        return null;
    }
}
