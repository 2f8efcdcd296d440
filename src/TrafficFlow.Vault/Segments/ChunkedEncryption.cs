using System.Buffers.Binary;
using System.Security.Cryptography;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// C2SP chunked-encryption (c2sp.org/chunked-encryption), instance Cobblestone-256: SHA-512 and AES-256-GCM. Ciphertext: salt of 24 bytes, commitment of 32, chunks of 16 KiB with a
/// tag of 16 bytes each, the last one always shorter. Truncated, reordered and changed chunks do not open, nor does anything under another context.
/// </summary>
internal sealed class ChunkedEncryption : IDisposable
{
    public const int ChunkBytes = 16 * 1024;
    public const int TagBytes = 16;
    public const int SealedChunkBytes = ChunkBytes + TagBytes;
    public const int SaltBytes = 24;
    public const int CommitmentBytes = 32;

    /// <summary>Before the first chunk.</summary>
    public const int PrefixBytes = SaltBytes + CommitmentBytes;

    /// <summary>Of a message, by the specification.</summary>
    public const long MostChunks = 1L << 38;

    private const int NonceBytes = 12;
    private const int CounterAt = NonceBytes - 8;

    private readonly AesGcm _gcm;
    private readonly byte[] _nonce;
    private readonly byte[] _commitment;

    private ChunkedEncryption(LockedBytes key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> context)
    {
        using var derived = new LockedBytes(KeyWrap.KeyBytes + NonceBytes + CommitmentBytes);
        HkdfSha512.Expand(key.Span, [.. "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"u8, .. salt, .. context], derived.Span);
        _gcm = new AesGcm(derived.Span[..KeyWrap.KeyBytes], TagBytes);
        _nonce = derived.Span.Slice(KeyWrap.KeyBytes, NonceBytes).ToArray();
        _commitment = derived.Span[(KeyWrap.KeyBytes + NonceBytes)..].ToArray();
        byte[] prefix = [.. salt, .. _commitment];
        Prefix = prefix;
    }

    /// <summary>Salt and commitment, which stand before the chunks.</summary>
    public ReadOnlyMemory<byte> Prefix { get; }

    /// <summary>Begins a message with a new salt.</summary>
    public static ChunkedEncryption Begin(LockedBytes key, ReadOnlySpan<byte> context) => new(key, RandomNumberGenerator.GetBytes(SaltBytes), context);

    internal static ChunkedEncryption BeginWith(LockedBytes key, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> context) => new(key, salt, context);

    /// <returns>Null where this key, or this context, is not that of the message.</returns>
    public static ChunkedEncryption? Open(LockedBytes key, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> context)
    {
        if (prefix.Length != PrefixBytes) return null;
        var opened = new ChunkedEncryption(key, prefix[..SaltBytes], context);
        if (CryptographicOperations.FixedTimeEquals(opened._commitment, prefix[SaltBytes..])) return opened;
        opened.Dispose();
        return null;
    }

    /// <param name="into">Longer than the chunk by <see cref="TagBytes"/>.</param>
    public void Seal(long number, ReadOnlySpan<byte> chunk, Span<byte> into)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(number, nonce);
        _gcm.Encrypt(nonce, chunk, into[..chunk.Length], into.Slice(chunk.Length, TagBytes));
    }

    /// <param name="into">Shorter than the sealed chunk by <see cref="TagBytes"/>.</param>
    /// <returns>False where the chunk is damaged, or another one's.</returns>
    public bool TryOpen(long number, ReadOnlySpan<byte> sealedChunk, Span<byte> into)
    {
        if (sealedChunk.Length < TagBytes || number is < 0 or >= MostChunks) return false;
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Nonce(number, nonce);
        try
        {
            _gcm.Decrypt(nonce, sealedChunk[..^TagBytes], sealedChunk[^TagBytes..], into);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            into.Clear();
            return false;
        }
    }

    /// <param name="sealedBytes">Of all chunks, without the prefix.</param>
    /// <returns>Bytes of the message; null where no whole message has so many.</returns>
    public static long? LengthOf(long sealedBytes)
    {
        if (sealedBytes < 0) return null;
        var (whole, rest) = (sealedBytes / SealedChunkBytes, sealedBytes % SealedChunkBytes);
        return rest < TagBytes || whole >= MostChunks ? null : (whole * ChunkBytes) + rest - TagBytes;
    }

    public void Dispose()
    {
        _gcm.Dispose();
        CryptographicOperations.ZeroMemory(_nonce);
    }

    private void Nonce(long number, Span<byte> nonce)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, MostChunks);
        _nonce.CopyTo(nonce);
        var counter = nonce[CounterAt..];
        BinaryPrimitives.WriteInt64BigEndian(counter, BinaryPrimitives.ReadInt64BigEndian(counter) ^ number);
    }
}
