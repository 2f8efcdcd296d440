using TrafficFlow.Core.Segments;

namespace TrafficFlow.SystemTests.Segments;

/// <summary>Keeps segments in memory, and does what a test wants of a store: refuse, throw, stand still.</summary>
internal sealed class MemorySegments : ISegmentStore
{
    private readonly List<Segment> _segments = [];

    public string? Problem { get; set; }

    /// <summary>Called before the bytes of a segment are taken, with what is there already.</summary>
    public Action<Segment> Writing { get; set; } = _ => { };

    public Action Beginning { get; set; } = () => { };

    public Action Closing { get; set; } = () => { };

    public IReadOnlyList<Segment> Segments
    {
        get
        {
            lock (_segments) return [.. _segments];
        }
    }

    public ISegmentWriter Begin(SegmentStart start)
    {
        Beginning();
        lock (_segments)
        {
            if (_segments.Any(s => s.Start.Camera == start.Camera && s.IsOpen)) throw new SegmentStoreException($"{start.Camera} records already");
            var segment = new Segment(this, start);
            _segments.Add(segment);
            return segment;
        }
    }

    internal sealed class Segment(MemorySegments store, SegmentStart start) : ISegmentWriter
    {
        private readonly MemoryStream _bytes = new();

        public SegmentStart Start => start;

        /// <summary>Null while it is open, and where it was cut.</summary>
        public SegmentEnd? End { get; private set; }

        public bool IsOpen { get; private set; } = true;

        public long Length => _bytes.Length;

        public byte[] Bytes => _bytes.ToArray();

        public void Write(ReadOnlySpan<byte> bytes)
        {
            store.Writing(this);
            _bytes.Write(bytes);
        }

        public void Close(SegmentEnd end)
        {
            store.Closing();
            (End, IsOpen) = (end, false);
        }

        public void Dispose() => IsOpen = false;
    }
}
