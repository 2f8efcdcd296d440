using System.Security.Cryptography;

namespace TrafficFlow.Vault.Segments;

/// <summary>Pictures in memory, which never grows, so that no copy is left behind, and is overwritten when it is disposed of.</summary>
/// <param name="capacity">Bytes, at most 2 GB.</param>
internal sealed class ClearedMemory(long capacity) : Stream
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(checked((int)capacity), pinned: true);
    private int _length;
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value is >= 0 && value <= _bytes.Length ? (int)value : throw new IOException("that is outside of it");
    }

    internal ReadOnlySpan<byte> Memory => _bytes;

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Max(0, Math.Min(buffer.Length, _length - _position));
        _bytes.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">It is more than it holds.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > _bytes.Length - _position) throw new IOException("there are more pictures than the segment has bytes");
        buffer.CopyTo(_bytes.AsSpan(_position));
        _position += buffer.Length;
        _length = Math.Max(_length, _position);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => _length + offset };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_bytes);
        (_length, _position) = (0, 0);
        base.Dispose(disposing);
    }
}
