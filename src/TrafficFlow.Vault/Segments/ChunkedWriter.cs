using System.Security.Cryptography;

namespace TrafficFlow.Vault.Segments;

/// <summary>Writes one message of <see cref="ChunkedEncryption"/>: each chunk as soon as it is full. Less than a chunk waits, in memory.</summary>
internal sealed class ChunkedWriter(Stream into, ChunkedEncryption encryption) : IDisposable
{
    // Sealed in one go, so that a write of the file is worth its system call.
    private const int ChunksAtOnce = 4;

    private readonly byte[] _waiting = GC.AllocateUninitializedArray<byte>(ChunkedEncryption.ChunkBytes, pinned: true);
    private readonly byte[] _sealed = GC.AllocateUninitializedArray<byte>(ChunksAtOnce * ChunkedEncryption.SealedChunkBytes);
    private long _next;
    private int _count;
    private bool _ended;

    /// <summary>Bytes of the message so far.</summary>
    public long Length { get; private set; }

    /// <summary>Writes salt and commitment.</summary>
    public void Begin() => into.Write(encryption.Prefix.Span);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        Length += bytes.Length;
        if (_count > 0)
        {
            var taken = Math.Min(bytes.Length, _waiting.Length - _count);
            bytes[..taken].CopyTo(_waiting.AsSpan(_count));
            _count += taken;
            bytes = bytes[taken..];
            if (_count < _waiting.Length) return;
            Seal(_waiting);
            _count = 0;
        }

        while (bytes.Length >= ChunkedEncryption.ChunkBytes)
        {
            var whole = Math.Min(ChunksAtOnce, bytes.Length / ChunkedEncryption.ChunkBytes) * ChunkedEncryption.ChunkBytes;
            Seal(bytes[..whole]);
            bytes = bytes[whole..];
        }

        bytes.CopyTo(_waiting);
        _count = bytes.Length;
    }

    /// <summary>Writes the last chunk, which is short, and may be empty.</summary>
    public void End()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _ended = true;
        encryption.Seal(_next, _waiting.AsSpan(0, _count), _sealed);
        into.Write(_sealed, 0, _count + ChunkedEncryption.TagBytes);
    }

    public void Dispose()
    {
        _ended = true;
        CryptographicOperations.ZeroMemory(_waiting);
        encryption.Dispose();
    }

    private void Seal(ReadOnlySpan<byte> chunks)
    {
        var at = 0;
        for (var from = 0; from < chunks.Length; from += ChunkedEncryption.ChunkBytes, at += ChunkedEncryption.SealedChunkBytes)
            encryption.Seal(_next++, chunks.Slice(from, ChunkedEncryption.ChunkBytes), _sealed.AsSpan(at, ChunkedEncryption.SealedChunkBytes));
        into.Write(_sealed, 0, at);
    }
}
