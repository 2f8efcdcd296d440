using TrafficFlow.Core.Segments;

namespace TrafficFlow.Benchmarks.Recording;

/// <summary>What recording costs without encryption: the same files, in clear. Of the benchmark alone.</summary>
internal sealed class PlainStore(string folder) : ISegmentStore
{
    private int _number;

    public string? Problem => null;

    public ISegmentWriter Begin(SegmentStart start) => new Writer(new FileStream(Path.Combine(folder, $"{start.Camera}-{Interlocked.Increment(ref _number)}.mp4"), FileMode.CreateNew));

    private sealed class Writer(FileStream file) : ISegmentWriter
    {
        public long Length { get; private set; }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            file.Write(bytes);
            Length += bytes.Length;
        }

        public void Close(SegmentEnd end)
        {
            file.Flush(flushToDisk: true);
            file.Dispose();
        }

        public void Dispose() => file.Dispose();
    }
}

/// <summary>Stands still when it is told to, as a disk that does not answer.</summary>
internal sealed class StallingStore(ISegmentStore inner) : ISegmentStore
{
    private readonly ManualResetEventSlim _goes = new(initialState: true);

    public string? Problem => inner.Problem;

    public void Stall() => _goes.Reset();

    public void Go() => _goes.Set();

    public ISegmentWriter Begin(SegmentStart start)
    {
        _goes.Wait();
        return new Writer(inner.Begin(start), _goes);
    }

    private sealed class Writer(ISegmentWriter inner, ManualResetEventSlim goes) : ISegmentWriter
    {
        public long Length => inner.Length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            goes.Wait();
            inner.Write(bytes);
        }

        public void Close(SegmentEnd end)
        {
            goes.Wait();
            inner.Close(end);
        }

        public void Dispose()
        {
            goes.Wait();
            inner.Dispose();
        }
    }
}
