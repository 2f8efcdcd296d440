using System.Runtime.InteropServices;

namespace TrafficFlow.Core.Frames;

/// <summary>
/// A low-resolution picture with its masks burned in: BGR, 8 bit, row by row, width * height * 3 bytes. One owner at a time: sending
/// hands ownership over and the receiver disposes. Several can read the same pixels at once, each by a lease of its own
/// (<see cref="Lend"/>). It has no serializer and never leaves the process.
/// </summary>
public sealed class AnonymizedFrame : IDisposable
{
    private readonly FramePool _pool;
    private byte[]? _buffer;
    private Lease? _lease;

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

    /// <summary>
    /// Another reader of the same pixels, without a copy: disposed of by itself, in any order and on any thread. The pool gets the buffer back
    /// when the last of all has been disposed of. Only the owner of this frame may call it.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The frame was disposed of.</exception>
    public AnonymizedFrame Lend()
    {
        var buffer = Alive;
        _lease ??= new Lease();
        _lease.Add();
        return new AnonymizedFrame(_pool, buffer, Width, Height, Index, EventTime) { IsDamaged = IsDamaged, _lease = _lease };
    }

    private byte[] Alive => _buffer ?? throw new ObjectDisposedException(nameof(AnonymizedFrame), "the frame was disposed of by its owner");

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer && (_lease is null || _lease.Release())) _pool.Return(buffer);
    }

    /// <summary>Counts the frames that share a buffer; there is none before a frame is lent, so that most frames cost nothing more.</summary>
    private sealed class Lease
    {
        private int _holders = 1;

        public void Add() => Interlocked.Increment(ref _holders);

        /// <returns>True for the last one.</returns>
        public bool Release() => Interlocked.Decrement(ref _holders) == 0;
    }
}
