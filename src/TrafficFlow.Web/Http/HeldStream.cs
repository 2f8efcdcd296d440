namespace TrafficFlow.Web.Http;

/// <summary>Holds the begin of an answer back, so that what turns out to be wrong at once can still be told instead of it.</summary>
internal sealed class HeldStream(Stream to) : Stream
{
    private const int Most = 256 * 1024;

    private readonly MemoryStream _held = new();
    private bool _isReleased;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Passes on what is held, and from then on everything.</summary>
    public async ValueTask ReleaseAsync(CancellationToken cancellation)
    {
        _isReleased = true;
        await to.WriteAsync(_held.GetBuffer().AsMemory(0, (int)_held.Length), cancellation);
        _held.SetLength(0);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_isReleased && _held.Length + buffer.Length > Most) await ReleaseAsync(cancellationToken);
        if (_isReleased) await to.WriteAsync(buffer, cancellationToken);
        else _held.Write(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _isReleased ? to.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("answers are written asynchronously");

    public override void Flush()
    {
        // Stays until it is released.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
