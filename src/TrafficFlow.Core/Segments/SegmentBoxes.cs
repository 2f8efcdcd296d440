using System.Buffers.Binary;

namespace TrafficFlow.Core.Segments;

/// <summary>Finds the index among the boxes at the top level of a segment's MP4. Never takes more memory than the bytes that really come justify.</summary>
public static class SegmentBoxes
{
    private const int Portion = 64 << 10;

    /// <summary>Reads on from where the stream stands, to its end.</summary>
    /// <returns>Null where there is no index: the recording was cut before its end.</returns>
    /// <exception cref="SegmentIndexException">It is no MP4, has two indexes, or one that is damaged.</exception>
    public static async Task<SegmentIndex?> FindIndexAsync(Stream segment, CancellationToken cancellation)
    {
        var header = new byte[SegmentIndex.BoxHeaderBytes];
        SegmentIndex? found = null;
        for (var boxes = 0; ; boxes++)
        {
            var got = await segment.ReadAtLeastAsync(header.AsMemory(0, 8), 8, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (got == 0) return found;
            if (got < 8) return found;
            long size = BinaryPrimitives.ReadUInt32BigEndian(header), read = 8;
            var isUuid = header.AsSpan(4, 4).SequenceEqual("uuid"u8);
            if (boxes == 0 && !header.AsSpan(4, 4).SequenceEqual("ftyp"u8)) throw new SegmentIndexException("this is no segment: it does not begin as an MP4");
            if (size == 1)
            {
                if (await segment.ReadAtLeastAsync(header.AsMemory(8, 8), 8, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) < 8) return found;
                (size, read, isUuid) = (BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8)), 16, false);
            }

            // Size 0: the rest of the file.
            if (size == 0) return found;
            if (size < read) throw new SegmentIndexException("this is no segment: a box is shorter than its own head");
            if (isUuid && size >= SegmentIndex.BoxHeaderBytes)
            {
                if (await segment.ReadAtLeastAsync(header.AsMemory(8, 16), 16, throwOnEndOfStream: false, cancellation).ConfigureAwait(false) < 16) return found;
                read = SegmentIndex.BoxHeaderBytes;
                if (header.AsSpan(8, 16).SequenceEqual(SegmentIndex.BoxId))
                {
                    if (found is not null) throw SegmentIndex.Damaged("there are two");
                    if (size > SegmentIndex.MostBytes) throw SegmentIndex.Damaged($"it says that it has {size} bytes");
                    found = SegmentIndex.Read(await TakeAsync(segment, size - read, cancellation).ConfigureAwait(false));
                    continue;
                }
            }

            if (!await SkipAsync(segment, size - read, cancellation).ConfigureAwait(false)) return found;
        }
    }

    private static async Task<byte[]> TakeAsync(Stream segment, long count, CancellationToken cancellation)
    {
        // Grows with what comes: a size that is announced is no reason to take as much.
        using var content = new MemoryStream();
        var portion = new byte[Math.Min(Portion, count)];
        while (count > 0)
        {
            var got = await segment.ReadAsync(portion.AsMemory(0, (int)Math.Min(portion.Length, count)), cancellation).ConfigureAwait(false);
            if (got == 0) throw SegmentIndex.Damaged("it ends too early");
            content.Write(portion, 0, got);
            count -= got;
        }

        return content.ToArray();
    }

    private static async Task<bool> SkipAsync(Stream segment, long count, CancellationToken cancellation)
    {
        if (segment.CanSeek)
        {
            if (count > segment.Length - segment.Position) return false;
            segment.Seek(count, SeekOrigin.Current);
            return true;
        }

        var portion = new byte[Math.Min(Portion, count)];
        while (count > 0)
        {
            var got = await segment.ReadAsync(portion.AsMemory(0, (int)Math.Min(portion.Length, count)), cancellation).ConfigureAwait(false);
            if (got == 0) return false;
            count -= got;
        }

        return true;
    }
}
