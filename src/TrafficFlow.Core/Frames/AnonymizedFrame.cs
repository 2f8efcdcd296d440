using System.Runtime.InteropServices;

namespace TrafficFlow.Core.Frames;

/// <summary>
/// A low-resolution picture with its masks burned in: BGR, 8 bit, row by row, width * height * 3 bytes. One owner at a time: sending
/// hands ownership over and the receiver disposes. It has no serializer and never leaves the process.
/// </summary>
public sealed class AnonymizedFrame : IDisposable
{
    private readonly FramePool _pool;
    private byte[]? _buffer;

    internal AnonymizedFrame(FramePool pool, byte[] buffer, int width, int height, long index, DateTimeOffset eventTime)
    {
        _pool = pool;
        _buffer = buffer;
        Width = width;
        Height = height;
        Index = index;
        EventTime = eventTime;
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Number of the frame since its source was opened, from 0; gaps are frames that were dropped.</summary>
    public long Index { get; }

    /// <summary>When the picture was taken.</summary>
    public DateTimeOffset EventTime { get; }

    /// <summary>The decoder complained of this picture, or of one that it builds upon: what is seen in it is not to be trusted.</summary>
    public bool IsDamaged { get; internal init; }

    /// <summary>The pixels, B G R, row by row without padding.</summary>
    /// <exception cref="ObjectDisposedException">The frame was disposed of.</exception>
    public ReadOnlySpan<byte> Pixels => Alive;

    /// <summary>Address of the first pixel; the buffer is pinned. Valid until the frame is disposed of.</summary>
    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(Alive, 0);

    private byte[] Alive => _buffer ?? throw new ObjectDisposedException(nameof(AnonymizedFrame), "the frame was disposed of by its owner");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) _pool.Return(buffer);
    }
}
