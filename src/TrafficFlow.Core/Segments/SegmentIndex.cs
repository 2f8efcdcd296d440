using System.Buffers.Binary;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Segments;

[Flags]
public enum IndexedMarks
{
    None = 0,

    /// <summary>All of the picture is coarse.</summary>
    IsWhole = 1,

    /// <summary>The decoder complained of the picture.</summary>
    IsDamaged = 2,

    /// <summary>Nobody looked for vehicles in it: there are no detections because of that.</summary>
    IsPassedOver = 4,
}

/// <summary>One picture of a segment.</summary>
/// <param name="Time">Event time.</param>
/// <param name="Detections">Kind, class, score and box in pixels; nothing else of them is kept.</param>
public sealed record IndexedFrame(DateTimeOffset Time, IndexedMarks Marks, IReadOnlyList<Detection.Detection> Detections);

/// <summary>
/// What a segment's pictures cannot say themselves: the exact event time of each, and what was detected in it. A box of type `uuid` at the top level of the MP4, the last one, which
/// players pass over. Big-endian, as all of MP4:
/// <code>
/// u32 size, "uuid", 16 bytes <see cref="BoxId"/>
/// u8  version, 1
/// u16 width, u16 height       of the pictures, pixels; encoded ones are padded to even
/// f64 frames per second       of the film; that of a camera that drops frames is lower
/// u32 frames, then of each:
///   i64 time                  100 ns since 0001-01-01 UTC; each later than the last
///   u8  marks                 <see cref="IndexedMarks"/>
///   u16 detections, then of each:
///     u8 kind, u8 class       <see cref="DetectedKind"/>, <see cref="VehicleClass"/>
///     u16 score               0..1 as 0..65535
///     f32 x, y, width, height pixels
/// </code>
/// </summary>
public sealed record SegmentIndex(int Width, int Height, double FramesPerSecond, IReadOnlyList<IndexedFrame> Frames)
{
    /// <summary>Of the box: 9d3c1f6a-5b7e-4c02-8e41-7a66f0c5d281, in the order of its digits.</summary>
    public static ReadOnlySpan<byte> BoxId => [0x9d, 0x3c, 0x1f, 0x6a, 0x5b, 0x7e, 0x4c, 0x02, 0x8e, 0x41, 0x7a, 0x66, 0xf0, 0xc5, 0xd2, 0x81];

    /// <summary>Of a frame; the surest are kept.</summary>
    public const int MostDetections = 1000;

    /// <summary>Of a box.</summary>
    public const int MostBytes = 256 << 20;

    internal const int BoxHeaderBytes = 24;
    private const int HeaderBytes = 1 + 2 + 2 + 8 + 4;
    private const int FrameBytes = 8 + 1 + 2;
    private const int DetectionBytes = 1 + 1 + 2 + (4 * 4);
    private const byte Version = 1;

    /// <summary>The whole box.</summary>
    /// <exception cref="SegmentIndexException">There is more in it than a box may hold.</exception>
    public byte[] ToBox()
    {
        var size = BoxHeaderBytes + HeaderBytes + Frames.Sum(f => FrameBytes + ((long)DetectionBytes * Math.Min(MostDetections, f.Detections.Count)));
        if (size > MostBytes) throw new SegmentIndexException($"{Frames.Count} pictures have more detections than an index holds: record shorter segments");
        var box = new byte[size];
        var writer = new Writer(box);
        writer.UInt32((uint)size);
        "uuid"u8.CopyTo(writer.Take(4));
        BoxId.CopyTo(writer.Take(16));
        writer.Byte(Version);
        writer.UInt16((ushort)Width);
        writer.UInt16((ushort)Height);
        BinaryPrimitives.WriteDoubleBigEndian(writer.Take(8), FramesPerSecond);
        writer.UInt32((uint)Frames.Count);
        foreach (var frame in Frames) Write(ref writer, frame);
        return box;
    }

    /// <summary>Reads what is in a box behind its id.</summary>
    /// <exception cref="SegmentIndexException">It is not what <see cref="ToBox"/> writes.</exception>
    public static SegmentIndex Read(ReadOnlySpan<byte> content)
    {
        var reader = new Reader(content);
        if (reader.Byte() is var version && version != Version) throw new SegmentIndexException($"the index has version {version}, and {Version} is known: play it with the program that recorded it, or a newer one");
        var (width, height) = (reader.UInt16(), reader.UInt16());
        var rate = BinaryPrimitives.ReadDoubleBigEndian(reader.Take(8));
        if (width == 0 || height == 0 || !double.IsFinite(rate) || rate <= 0) throw Damaged("pictures without size or rate");
        var count = reader.UInt32();
        if (count > reader.Left / FrameBytes) throw Damaged($"it announces {count} pictures and has {reader.Left} bytes");
        var frames = new List<IndexedFrame>((int)count);
        long last = 0;
        for (var i = 0; i < count; i++)
        {
            var ticks = BinaryPrimitives.ReadInt64BigEndian(reader.Take(8));
            if (ticks <= last || ticks > DateTimeOffset.MaxValue.UtcTicks) throw Damaged($"the time of picture {i} is none, or not behind that of the one before");
            last = ticks;
            var marks = (IndexedMarks)reader.Byte();
            frames.Add(new IndexedFrame(new DateTimeOffset(ticks, TimeSpan.Zero), marks, ReadDetections(ref reader, i)));
        }

        if (reader.Left > 0) throw Damaged($"{reader.Left} bytes stand behind its end");
        return new SegmentIndex(width, height, rate, frames);
    }

    internal static SegmentIndexException Damaged(string what) => new($"the index of the segment is damaged: {what}. Its pictures can still be seen, without their times");

    private static void Write(ref Writer writer, IndexedFrame frame)
    {
        writer.Int64(frame.Time.UtcTicks);
        writer.Byte((byte)frame.Marks);
        var detections = frame.Detections.Count <= MostDetections ? frame.Detections : [.. frame.Detections.OrderByDescending(d => d.Score).Take(MostDetections)];
        writer.UInt16((ushort)detections.Count);
        foreach (var detection in detections)
        {
            writer.Byte((byte)detection.Kind);
            writer.Byte((byte)detection.Class);
            writer.UInt16((ushort)Math.Round(Math.Clamp(detection.Score, 0, 1) * ushort.MaxValue));
            writer.Single(detection.Box.X);
            writer.Single(detection.Box.Y);
            writer.Single(detection.Box.Width);
            writer.Single(detection.Box.Height);
        }
    }

    private static Detection.Detection[] ReadDetections(ref Reader reader, int frame)
    {
        var count = reader.UInt16();
        if (count > reader.Left / DetectionBytes) throw Damaged($"picture {frame} announces {count} detections and {reader.Left} bytes are left");
        if (count == 0) return [];
        var detections = new Detection.Detection[count];
        for (var i = 0; i < count; i++)
        {
            var (kind, vehicle) = ((DetectedKind)reader.Byte(), (VehicleClass)reader.Byte());
            var score = reader.UInt16() / (float)ushort.MaxValue;
            var box = new Box(reader.Single(), reader.Single(), reader.Single(), reader.Single());
            if (!Enum.IsDefined(kind) || !Enum.IsDefined(vehicle)) throw Damaged($"a detection of picture {frame} is of no known kind");
            if (!float.IsFinite(box.X) || !float.IsFinite(box.Y) || !(box.Width >= 0 && float.IsFinite(box.Width)) || !(box.Height >= 0 && float.IsFinite(box.Height)))
                throw Damaged($"a box in picture {frame} has no size");
            detections[i] = new Detection.Detection(box, score, vehicle, kind);
        }

        return detections;
    }

    private ref struct Writer(Span<byte> left)
    {
        private Span<byte> _left = left;

        public Span<byte> Take(int count)
        {
            var taken = _left[..count];
            _left = _left[count..];
            return taken;
        }

        public void Byte(byte value) => Take(1)[0] = value;

        public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

        public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

        public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

        public void Single(float value) => BinaryPrimitives.WriteSingleBigEndian(Take(4), value);
    }

    private ref struct Reader(ReadOnlySpan<byte> left)
    {
        private ReadOnlySpan<byte> _left = left;

        public readonly int Left => _left.Length;

        public ReadOnlySpan<byte> Take(int count)
        {
            if (_left.Length < count) throw Damaged("it ends too early");
            var taken = _left[..count];
            _left = _left[count..];
            return taken;
        }

        public byte Byte() => Take(1)[0];

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

        public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

        public float Single() => BinaryPrimitives.ReadSingleBigEndian(Take(4));
    }
}

/// <summary>A segment has no index, or one that cannot be read; the message says what to do.</summary>
public sealed class SegmentIndexException(string message) : Exception(message);
