using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace TrafficFlow.Vault.Secrets;

/// <summary>
/// Argon2id of passwords as PHC strings, $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH: 19 MiB, two passes, one lane (OWASP). What each was made with stands in it, so
/// that older ones are known, and made anew when their password is seen. Passwords are normalised (NFC) here and nowhere else.
/// </summary>
public static class PasswordHash
{
    private const int KibiBytes = 19 * 1024;
    private const int Passes = 2;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    // Of a file that somebody edited: more would let a log-in take the memory of the node.
    private const int MostKibiBytes = 256 * 1024;
    private const int MostPasses = 20;

    /// <summary>Of nothing that anybody knows: what a name without a password is compared with, so that it takes as long.</summary>
    private static readonly Lazy<string> s_nobody = new(() => Create(Convert.ToHexString(RandomNumberGenerator.GetBytes(HashBytes))));

    private sealed record Parts(int KibiBytes, int Passes, byte[] Salt, byte[] Hash);

    /// <returns>A PHC string with a new salt.</returns>
    public static string Create(string password) => Create(password, KibiBytes, Passes);

    internal static string Create(string password, int kibiBytes, int passes)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, new Parts(kibiBytes, passes, salt, new byte[HashBytes]));
        return string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={kibiBytes},t={passes},p=1${Text(salt)}${Text(hash)}");
    }

    /// <param name="hash">Null for nobody's: takes as long, and is never right.</param>
    public static bool Verify(string? hash, string password)
    {
        var parts = Read(hash ?? s_nobody.Value) ?? throw new FormatException("no PHC string of Argon2id");
        return CryptographicOperations.FixedTimeEquals(Derive(password, parts), parts.Hash) && hash is not null;
    }

    public static bool IsHash(string? text) => text is not null && Read(text) is not null;

    /// <summary>Whether it was made with other parameters than those of now.</summary>
    public static bool IsOld(string hash) => Read(hash) is not { KibiBytes: KibiBytes, Passes: Passes, Hash.Length: HashBytes };

    private static byte[] Derive(string password, Parts parts)
    {
        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = parts.KibiBytes, NumberOfPasses = parts.Passes });
        var bytes = Encoding.UTF8.GetBytes(Nfc.Of(password));
        try
        {
            return argon2.DeriveBytes(bytes, parts.Salt, parts.Hash.Length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static Parts? Read(string text)
    {
        if (text.Split('$') is not ["", "argon2id", "v=19", var costs, var salt, var hash]) return null;
        if (costs.Split(',') is not [['m', '=', .. var m], ['t', '=', .. var t], "p=1"]) return null;
        if (!int.TryParse(m, NumberStyles.None, CultureInfo.InvariantCulture, out var kibiBytes) || kibiBytes is < 8 or > MostKibiBytes) return null;
        if (!int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var passes) || passes is < 1 or > MostPasses) return null;
        return Bytes(salt) is { Length: SaltBytes } s && Bytes(hash) is { Length: >= 16 and <= 64 } h ? new Parts(kibiBytes, passes, s, h) : null;
    }

    private static string Text(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? Bytes(string text)
    {
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var count) ? bytes[..count] : null;
    }
}
