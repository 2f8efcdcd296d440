namespace TrafficFlow.Core.Frames;

/// <summary>
/// Pixels as the camera gave them (already at processing size): BGR, 8 bit, row by row. Only a reader makes one, and the one way on is
/// <see cref="IAnonymizer"/>. It has no wire form, no serializer and no way to a file.
/// </summary>
public sealed class CapturedFrame : IDisposable
{
    private readonly FramePool _pool;
    private byte[]? _buffer;

    internal CapturedFrame(FramePool pool, int width, int height)
    {
        if (pool.ByteCount != width * height * 3)
            throw new ArgumentException($"a pool of {pool.ByteCount} bytes does not fit {width}x{height} BGR", nameof(pool));
        _pool = pool;
        Width = width;
        Height = height;
        _buffer = pool.Rent();
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Number of the frame since its source was opened, from 0.</summary>
    public long Index { get; internal set; }

    /// <summary>When the picture was taken.</summary>
    public DateTimeOffset EventTime { get; internal set; }

    /// <summary>As <see cref="AnonymizedFrame.IsDamaged"/>.</summary>
    public bool IsDamaged { get; internal set; }

    internal byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(CapturedFrame), "the frame was disposed of or handed on");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) _pool.Return(buffer);
    }

    /// <summary>Moves the pixels to an anonymized frame; this frame is empty afterwards. Call only when the masks are burned in.</summary>
    internal AnonymizedFrame IntoAnonymized()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null) ?? throw new ObjectDisposedException(nameof(CapturedFrame));
        return new AnonymizedFrame(_pool, buffer, Width, Height, Index, EventTime) { IsDamaged = IsDamaged };
    }
}
