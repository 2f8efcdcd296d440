using System.Security.Cryptography;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// Reads one message of <see cref="ChunkedEncryption"/> at any place. Its length is proved when it is opened; a chunk that is damaged is told with its place, the others still open. Not thread-safe.
/// </summary>
internal sealed class ChunkedReader : Stream
{
    private readonly FileStream _file;
    private readonly long _start;
    private readonly ChunkedEncryption _encryption;
    private readonly byte[] _sealed = new byte[ChunkedEncryption.SealedChunkBytes];
    private readonly byte[] _chunk = GC.AllocateUninitializedArray<byte>(ChunkedEncryption.ChunkBytes, pinned: true);
    private long _held = -1;
    private int _heldBytes;
    private long _position;

    /// <param name="file">At its end the message ends. It is disposed of with the reader.</param>
    /// <param name="start">Place of the first chunk in the file.</param>
    /// <param name="length">Of the message, by the file's length.</param>
    public ChunkedReader(FileStream file, long start, ChunkedEncryption encryption, long length) =>
        (_file, _start, _encryption, Length) = (file, start, encryption, length);

    public override long Length { get; }

    public long Chunks => (Length / ChunkedEncryption.ChunkBytes) + 1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("there is nothing before the beginning");
    }

    /// <summary>Whether a chunk opens.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool IsSound(long chunk) => Hold(chunk);

    /// <exception cref="SegmentDamagedException">The chunk there does not open.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_position >= Length || buffer.Length == 0) return 0;
        var (chunk, at) = (_position / ChunkedEncryption.ChunkBytes, (int)(_position % ChunkedEncryption.ChunkBytes));
        if (!Hold(chunk)) throw new SegmentDamagedException(chunk, $"bytes {chunk * ChunkedEncryption.ChunkBytes} to {Math.Min(Length, (chunk + 1) * ChunkedEncryption.ChunkBytes)} are damaged");
        var count = Math.Min(buffer.Length, _heldBytes - at);
        _chunk.AsSpan(at, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => Length + offset };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_chunk);
            _encryption.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Hold(long chunk)
    {
        if (chunk == _held) return true;
        _held = -1;
        var bytes = (int)Math.Min(ChunkedEncryption.ChunkBytes, Length - (chunk * ChunkedEncryption.ChunkBytes));
        if (bytes < 0) return false;
        var sealedChunk = _sealed.AsSpan(0, bytes + ChunkedEncryption.TagBytes);
        _file.Seek(_start + (chunk * ChunkedEncryption.SealedChunkBytes), SeekOrigin.Begin);
        if (_file.ReadAtLeast(sealedChunk, sealedChunk.Length, throwOnEndOfStream: false) < sealedChunk.Length || !_encryption.TryOpen(chunk, sealedChunk, _chunk.AsSpan(0, bytes))) return false;
        (_held, _heldBytes) = (chunk, bytes);
        return true;
    }
}

/// <summary>A part of a segment does not open: it was changed, or the disk has lost it.</summary>
/// <param name="chunk">Number of the chunk, from 0.</param>
public sealed class SegmentDamagedException(long chunk, string message) : IOException(message)
{
    public long Chunk { get; } = chunk;
}
