using System.Security.Cryptography;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// HKDF-Expand of RFC 5869 with SHA-512. That of .NET refuses keys that are shorter than the hash, which the specification of chunked encryption uses.
/// </summary>
internal static class HkdfSha512
{
    private const int HashBytes = 64;

    /// <param name="key">Uniformly random, 32 bytes or more.</param>
    /// <param name="into">At most 255 times 64 bytes.</param>
    public static void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> info, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, KeyWrap.KeyBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(into.Length, 255 * HashBytes);
        var input = new byte[HashBytes + info.Length + 1];
        info.CopyTo(input.AsSpan(HashBytes));
        Span<byte> hash = stackalloc byte[HashBytes];
        for (var block = 1; into.Length > 0; block++)
        {
            input[^1] = (byte)block;
            HMACSHA512.HashData(key, block == 1 ? input.AsSpan(HashBytes) : input, hash);
            hash.CopyTo(input);
            var count = Math.Min(into.Length, HashBytes);
            hash[..count].CopyTo(into);
            into = into[count..];
        }

        CryptographicOperations.ZeroMemory(hash);
        CryptographicOperations.ZeroMemory(input);
    }
}
