namespace TrafficFlow.Web.Formats;

/// <summary>
/// Takes writes into memory, and passes them on only when told to, asynchronously: a web server forbids synchronous output, and writers of
/// libraries write and flush as they like.
/// </summary>
internal sealed class ForwardStream(Stream to) : Stream
{
    private const int Chunk = 64 * 1024;

    // A chunk and a row, and just below what the runtime takes for large.
    private readonly MemoryStream _pending = new(80 * 1024);
    private long _forwarded;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _forwarded + _pending.Length;

    public override long Position { get => Length; set => throw new NotSupportedException(); }

    /// <summary>Passes on what has been written, if it is worth it.</summary>
    public ValueTask ForwardChunkAsync(CancellationToken cancellation) => _pending.Length >= Chunk ? ForwardAsync(cancellation) : ValueTask.CompletedTask;

    /// <summary>Passes on all that has been written.</summary>
    public async ValueTask ForwardAsync(CancellationToken cancellation)
    {
        if (_pending.Length == 0) return;
        await to.WriteAsync(_pending.GetBuffer().AsMemory(0, (int)_pending.Length), cancellation).ConfigureAwait(false);
        _forwarded += _pending.Length;
        _pending.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => _pending.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _pending.Write(buffer);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _pending.Write(buffer.Span);
        await ForwardChunkAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Stays until it is forwarded.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => ForwardAsync(cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
