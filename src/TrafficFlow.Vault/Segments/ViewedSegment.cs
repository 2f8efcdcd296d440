using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>The key pair of one look at one segment, made for it and destroyed with it. It is written nowhere.</summary>
public sealed class ViewerKey : IDisposable
{
    private readonly LockedBytes _private = SealedBox.CreatePrivateKey();

    public ViewerKey() => PublicKey = SealedBox.PublicKeyOf(_private);

    /// <summary>X25519, for <see cref="RecordedSegments.OpenSealed"/>.</summary>
    public byte[] PublicKey { get; }

    /// <summary>Opens what was sealed to this key. The chunks themselves are opened one by one.</summary>
    /// <param name="segment">That was asked for: SITE/CAMERA/NAME.</param>
    /// <exception cref="SegmentStoreException">It is of another segment, for somebody else, or was changed on its way.</exception>
    public ViewedSegment Open(SealedSegmentHead head, string segment)
    {
        const string Changed = "it was changed on its way, or the node there is of another version: try again, and look at the versions on Health";
        if (head.Segment != segment || SegmentHeader.OfContext(head.Context)?.Place.ToString() != segment) throw new SegmentStoreException($"another segment came instead of {segment}: {Changed}");
        using var key = SealedBox.Open(_private, SealedSegment.PurposeOf(segment), head.SealedKey) ?? throw new SegmentStoreException($"the key of segment {segment} does not open: {Changed}");
        var length = head.IsWhole ? ChunkedEncryption.LengthOf(head.SealedBytes) : head.SealedBytes >= 0 && head.SealedBytes % ChunkedEncryption.SealedChunkBytes == 0 ? head.SealedBytes / ChunkedEncryption.SealedChunkBytes * ChunkedEncryption.ChunkBytes : null;
        if (key.Length != KeyWrap.KeyBytes || length is not { } bytes) throw new SegmentStoreException($"segment {segment} has a length that none has: {Changed}");
        var encryption = ChunkedEncryption.Open(key, head.Prefix, head.Context) ?? throw new SegmentStoreException($"the beginning of segment {segment} is not bound to its key: {Changed}");
        return new ViewedSegment(encryption, bytes);
    }

    public void Dispose() => _private.Dispose();
}

/// <summary>Opens the chunks of a segment in memory, in whichever order they come. Not thread-safe.</summary>
public sealed class ViewedSegment : IDisposable
{
    /// <summary>Of pictures in each chunk but the last.</summary>
    public const int ChunkBytes = ChunkedEncryption.ChunkBytes;

    private readonly ChunkedEncryption _encryption;
    private bool _isDisposed;

    internal ViewedSegment(ChunkedEncryption encryption, long length) => (_encryption, Length) = (encryption, length);

    /// <summary>Bytes of pictures: fragmented MP4.</summary>
    public long Length { get; }

    /// <param name="chunk">The first of them.</param>
    /// <param name="chunks">Sealed, one behind the other.</param>
    /// <param name="into">Overwritten by its owner afterwards.</param>
    /// <returns>How many bytes of <paramref name="into"/> are pictures.</returns>
    /// <exception cref="SegmentDamagedException">A chunk does not open.</exception>
    public int Open(long chunk, ReadOnlySpan<byte> chunks, Span<byte> into)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (number, opened) = (chunk, 0);
        while (chunks.Length > 0)
        {
            // Its length is bound by the whole: a chunk that is cut opens nowhere.
            var bytes = (int)Math.Clamp(Length - (number * ChunkedEncryption.ChunkBytes), 0, ChunkedEncryption.ChunkBytes);
            var sealedBytes = bytes + ChunkedEncryption.TagBytes;
            if (chunks.Length < sealedBytes || into.Length - opened < bytes || !_encryption.TryOpen(number, chunks[..sealedBytes], into.Slice(opened, bytes)))
            {
                CryptographicOperations.ZeroMemory(into);
                throw new SegmentDamagedException(number, $"bytes {number * ChunkedEncryption.ChunkBytes} to {Math.Min(Length, (number + 1) * ChunkedEncryption.ChunkBytes)} are damaged, or were erased meanwhile");
            }

            chunks = chunks[sealedBytes..];
            opened += bytes;
            number++;
        }

        return opened;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _encryption.Dispose();
    }
}
