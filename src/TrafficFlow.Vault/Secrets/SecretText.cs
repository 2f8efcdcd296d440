using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace TrafficFlow.Vault.Secrets;

/// <summary>
/// Secrets of 256 random bits as text: of tokens, links, sessions. Only their hash is kept. They are not guessed, so that neither salt nor a slow hash would add
/// anything.
/// </summary>
public static class SecretText
{
    /// <summary>Begins tokens of programs, so that one is known where it should not be: in a log, in a repository.</summary>
    public const string OfToken = "tft_";

    /// <summary>Begins what a one-time link holds.</summary>
    public const string OfInvitation = "tfi_";

    /// <summary>Begins the cookie of a session.</summary>
    public const string OfSession = "tfs_";

    /// <summary>Begins the cookie of a device from which somebody has logged in before.</summary>
    public const string OfDevice = "tfd_";

    private const int Bytes = 32;
    private const int Length = 43;

    private static readonly SearchValues<char> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether it looks like one: whatever does not is not looked up.</summary>
    public static bool Is(string prefix, string? text) =>
        text is not null && text.Length == prefix.Length + Length && text.StartsWith(prefix, StringComparison.Ordinal) && text.AsSpan(prefix.Length).IndexOfAnyExcept(s_letters) < 0;

    /// <returns>SHA-256, 64 small hexadecimal figures.</returns>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Takes as long wherever they differ.</summary>
    public static bool Equal(string hash, string other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));

    public static bool IsHash(string? text) => text is { Length: 64 } && text.All(c => char.IsAsciiHexDigitLower(c) || char.IsAsciiDigit(c));
}
