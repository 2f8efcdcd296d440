using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// What only the owner of a private key (X25519) can open: hybrid public key encryption, RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, one message. Sealed:
/// 32 bytes of the ephemeral public key, the ciphertext, a tag of 16 bytes.
/// </summary>
internal static class SealedBox
{
    public const int PublicKeyBytes = 32;

    /// <summary>By so many bytes a sealed message is longer.</summary>
    public const int Overhead = PublicKeyBytes + TagBytes;

    private const int TagBytes = 16;
    private const int NonceBytes = 12;
    private const int SecretBytes = 32;
    private const ushort Kem = 0x0020;
    private const ushort Kdf = 0x0001;
    private const ushort Aead = 0x0002;

    private static readonly KeyAgreementAlgorithm s_x25519 = KeyAgreementAlgorithm.X25519;

    /// <returns>A new private key.</returns>
    public static LockedBytes CreatePrivateKey() => LockedBytes.Random(SecretBytes);

    public static byte[] PublicKeyOf(LockedBytes privateKey)
    {
        using var key = Import(privateKey.Span);
        return key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <param name="info">What it is for: opened for anything else it is refused.</param>
    /// <exception cref="FormatException">That is no public key of X25519.</exception>
    public static byte[] Seal(ReadOnlySpan<byte> publicKey, string info, ReadOnlySpan<byte> message)
    {
        using var ephemeral = CreatePrivateKey();
        return Seal(publicKey, ephemeral, info, message, SecretBytes, Aead);
    }

    /// <returns>Null where it was sealed for somebody else or something else, or was changed.</returns>
    public static LockedBytes? Open(LockedBytes privateKey, string info, ReadOnlySpan<byte> sealedMessage) => Open(privateKey, info, sealedMessage, SecretBytes, Aead);

    internal static byte[] Seal(ReadOnlySpan<byte> publicKey, LockedBytes ephemeral, string info, ReadOnlySpan<byte> message, int keyBytes, ushort aead, ReadOnlySpan<byte> associated = default)
    {
        var enc = PublicKeyOf(ephemeral);
        using var schedule = Schedule(Agree(ephemeral, publicKey) ?? throw new FormatException("it is no public key of X25519"), enc, publicKey, info, keyBytes, aead);
        var result = new byte[enc.Length + message.Length + TagBytes];
        enc.CopyTo(result, 0);
        using var gcm = new AesGcm(schedule.Span[..keyBytes], TagBytes);
        gcm.Encrypt(schedule.Span.Slice(keyBytes, NonceBytes), message, result.AsSpan(enc.Length, message.Length), result.AsSpan(enc.Length + message.Length), associated);
        return result;
    }

    internal static LockedBytes? Open(LockedBytes privateKey, string info, ReadOnlySpan<byte> sealedMessage, int keyBytes, ushort aead, ReadOnlySpan<byte> associated = default)
    {
        if (sealedMessage.Length <= Overhead) return null;
        var enc = sealedMessage[..PublicKeyBytes];
        if (Agree(privateKey, enc) is not { } agreed) return null;
        using var schedule = Schedule(agreed, enc, PublicKeyOf(privateKey), info, keyBytes, aead);
        using var gcm = new AesGcm(schedule.Span[..keyBytes], TagBytes);
        var message = new LockedBytes(sealedMessage.Length - Overhead);
        try
        {
            gcm.Decrypt(schedule.Span.Slice(keyBytes, NonceBytes), sealedMessage[PublicKeyBytes..^TagBytes], sealedMessage[^TagBytes..], message.Span, associated);
            return message;
        }
        catch (CryptographicException)
        {
            message.Dispose();
            return null;
        }
    }

    /// <returns>Key and base nonce, one behind the other.</returns>
    private static LockedBytes Schedule(LockedBytes agreed, ReadOnlySpan<byte> enc, ReadOnlySpan<byte> recipient, string info, int keyBytes, ushort aead)
    {
        using var dh = agreed;
        byte[] kemSuite = [.. "KEM"u8, .. Number(Kem)];
        byte[] suite = [.. "HPKE"u8, .. Number(Kem), .. Number(Kdf), .. Number(aead)];
        var prk = Extract(kemSuite, [], "eae_prk", dh.Span);
        var shared = Expand(kemSuite, prk, "shared_secret", [.. enc, .. recipient], SecretBytes);
        byte[] context = [0, .. Extract(suite, [], "psk_id_hash", []), .. Extract(suite, [], "info_hash", Encoding.UTF8.GetBytes(info))];
        var secret = Extract(suite, shared, "secret", []);
        var result = new LockedBytes(keyBytes + NonceBytes);
        Expand(suite, secret, "key", context, keyBytes).CopyTo(result.Span);
        Expand(suite, secret, "base_nonce", context, NonceBytes).CopyTo(result.Span[keyBytes..]);
        foreach (var part in new[] { prk, shared, secret }) CryptographicOperations.ZeroMemory(part);
        return result;
    }

    private static LockedBytes? Agree(LockedBytes privateKey, ReadOnlySpan<byte> publicKey)
    {
        using var key = Import(privateKey.Span);
        if (!PublicKey.TryImport(s_x25519, publicKey, KeyBlobFormat.RawPublicKey, out var other)) return null;
        // None for points of small order, which would give a secret that everybody knows.
        using var agreed = s_x25519.Agree(key, other!, new SharedSecretCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        if (agreed is null) return null;
        var raw = agreed.Export(SharedSecretBlobFormat.RawSharedSecret);
        var result = LockedBytes.CopyOf(raw);
        CryptographicOperations.ZeroMemory(raw);
        return result;
    }

    private static Key Import(ReadOnlySpan<byte> privateKey) => Key.Import(s_x25519, privateKey, KeyBlobFormat.RawPrivateKey);

    private static byte[] Extract(byte[] suite, byte[] salt, string label, ReadOnlySpan<byte> input) =>
        HKDF.Extract(HashAlgorithmName.SHA256, [.. "HPKE-v1"u8, .. suite, .. Encoding.ASCII.GetBytes(label), .. input], salt);

    private static byte[] Expand(byte[] suite, byte[] key, string label, byte[] info, int bytes) =>
        HKDF.Expand(HashAlgorithmName.SHA256, key, bytes, [.. Number((ushort)bytes), .. "HPKE-v1"u8, .. suite, .. Encoding.ASCII.GetBytes(label), .. info]);

    private static byte[] Number(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
