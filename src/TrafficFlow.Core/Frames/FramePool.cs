using System.Collections.Concurrent;

namespace TrafficFlow.Core.Frames;

/// <summary>
/// Pixel buffers of one size, made once and reused, so that a camera in steady state allocates no pixels. Buffers are pinned: native
/// code reads them in place. Renting never fails; a buffer beyond <paramref name="keep"/> is left to the garbage collector on return.
/// </summary>
/// <param name="byteCount">Bytes of one buffer.</param>
/// <param name="keep">How many idle buffers are kept.</param>
public sealed class FramePool(int byteCount, int keep)
{
    private readonly ConcurrentBag<byte[]> _idle = [];
    private int _made;
    private int _out;

    public int ByteCount { get; } = byteCount;

    /// <summary>How many buffers were ever allocated: constant in steady state.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>How many buffers are rented now: zero when every owner has disposed of its frame.</summary>
    public int Rented => Volatile.Read(ref _out);

    internal byte[] Rent()
    {
        Interlocked.Increment(ref _out);
        if (_idle.TryTake(out var buffer)) return buffer;
        Interlocked.Increment(ref _made);
        return GC.AllocateUninitializedArray<byte>(ByteCount, pinned: true);
    }

    internal void Return(byte[] buffer)
    {
        Interlocked.Decrement(ref _out);
        if (_idle.Count < keep) _idle.Add(buffer);
    }
}
