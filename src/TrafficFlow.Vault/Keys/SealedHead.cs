using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// Names each file of <see cref="SealedFiles"/> with the hash of what it must hold, and is authenticated with a key of the master: HMAC-SHA256 under HKDF(master, "trafficflow.vault/registers@v1").
/// </summary>
/// <param name="Number">Counts changes, from 1.</param>
/// <param name="Files">Of each file the SHA-256 in hexadecimal, empty where it is not there; two while it is being changed. A file that is not named is not there.</param>
internal sealed record SealedHead(string Format, long Number, IReadOnlyDictionary<string, IReadOnlyList<string>> Files, string Check)
{
    public const string Name = "registers.head";
    public const long Longest = 32 * 1024 * 1024;

    private const string FormatOfNow = "trafficflow-registers-1";
    private const string Purpose = "trafficflow.vault/registers@v1";
    private const int HashFigures = 64;
    private const int LongestName = 100;

    private static readonly IReadOnlyList<string> s_absent = [""];

    public static SealedHead Of(long number, IReadOnlyDictionary<string, IReadOnlyList<string>> files, LockedBytes master)
    {
        var head = new SealedHead(FormatOfNow, number, files, "");
        return head with { Check = head.CheckWith(master) };
    }

    /// <returns>Null where it is none. It proves nothing until <see cref="IsOf"/> has.</returns>
    public static SealedHead? Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<SealedHead>(content, MasterFile.Layout) is { Format: FormatOfNow, Number: > 0, Files: not null, Check.Length: HashFigures } head
                && head.Files.All(f => IsName(f.Key) && f.Value is { Count: 1 or 2 } && f.Value.All(h => h is not null && (h.Length == 0 || (h.Length == HashFigures && h.All(char.IsAsciiHexDigitLower))))) ? head : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, MasterFile.Layout);

    public bool IsOf(LockedBytes master) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CheckWith(master)), Encoding.UTF8.GetBytes(Check));

    /// <summary>What a file may hold now, as hashes; an empty one where it may be absent.</summary>
    public IReadOnlyList<string> Of(string name) => Files.GetValueOrDefault(name, s_absent);

    public IReadOnlyDictionary<string, IReadOnlyList<string>> With(string name, params IReadOnlyList<string> hashes)
    {
        var files = new SortedDictionary<string, IReadOnlyList<string>>(Files.ToDictionary(), StringComparer.Ordinal) { [name] = hashes };
        if (hashes is [""]) files.Remove(name);
        return files;
    }

    public static string HashOf(byte[]? content) => content is null ? "" : Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>FILE or FOLDER/FILE, and nothing that leads elsewhere.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text.Split('/') is { Length: 1 or 2 } parts && parts.All(p => p.Length > 0 && p[0] != '.' && p.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'));

    private string CheckWith(LockedBytes master)
    {
        using var key = KeyWrap.Derived(master, Purpose);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Format}\n{Number}\n");
        foreach (var (name, hashes) in Files.OrderBy(f => f.Key, StringComparer.Ordinal)) text.Append(name).Append(' ').AppendJoin(',', hashes).Append('\n');
        return Convert.ToHexStringLower(HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text.ToString())));
    }
}
