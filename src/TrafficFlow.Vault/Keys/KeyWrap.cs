using System.Security.Cryptography;
using System.Text;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// Keys of 32 bytes, wrapped by another one: AES key wrap with padding (RFC 5649), under a key that HKDF-Expand (SHA-512) derives from the parent and the name of what is
/// wrapped. A wrapped key that is moved to another name does not unwrap there.
/// </summary>
internal static class KeyWrap
{
    public const int KeyBytes = 32;

    /// <summary>Of a wrapped key.</summary>
    public const int WrappedBytes = 40;

    private const string OfWrapping = "trafficflow.vault/wrap@v1\0";
    private const string OfId = "trafficflow.vault/id@v1";

    public static byte[] Wrap(LockedBytes parent, string name, LockedBytes key)
    {
        using var aes = Cipher(parent, name);
        return aes.EncryptKeyWrapPadded(key.Span);
    }

    /// <returns>Null where it was not wrapped by this parent under this name, or was changed.</returns>
    public static LockedBytes? Unwrap(LockedBytes parent, string name, ReadOnlySpan<byte> wrapped)
    {
        if (wrapped.Length != WrappedBytes) return null;
        using var aes = Cipher(parent, name);
        var key = new LockedBytes(KeyBytes);
        try
        {
            if (aes.TryDecryptKeyWrapPadded(wrapped, key.Span, out var written) && written == KeyBytes) return key;
        }
        catch (CryptographicException)
        {
            // Its integrity check does not hold.
        }

        key.Dispose();
        return null;
    }

    /// <summary>16 hexadecimal figures by which a key is known; they tell nothing of it.</summary>
    public static string IdOf(LockedBytes key)
    {
        Span<byte> id = stackalloc byte[8];
        HkdfSha512.Expand(key.Span, Encoding.UTF8.GetBytes(OfId), id);
        return Convert.ToHexStringLower(id);
    }

    /// <summary>A key for another purpose, which tells nothing of this one.</summary>
    public static LockedBytes Derived(LockedBytes key, string purpose)
    {
        var derived = new LockedBytes(KeyBytes);
        HkdfSha512.Expand(key.Span, Encoding.UTF8.GetBytes(purpose), derived.Span);
        return derived;
    }

    private static Aes Cipher(LockedBytes parent, string name)
    {
        using var wrapping = Derived(parent, OfWrapping + name);
        var aes = Aes.Create();
        aes.SetKey(wrapping.Span);
        return aes;
    }
}
