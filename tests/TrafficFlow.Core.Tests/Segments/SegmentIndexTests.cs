using System.Buffers.Binary;
using CsCheck;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Segments;
using Xunit;

namespace TrafficFlow.Core.Tests.Segments;

public sealed class SegmentIndexTests
{
    private static readonly DateTimeOffset s_morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public async Task What_was_written_is_read_to_the_tick_and_the_pixel()
    {
        var index = Index(7);

        var read = await FindAsync(Mp4(index.ToBox()));

        Assert.Equal((640, 361, 12.5), (read!.Width, read.Height, read.FramesPerSecond));
        Assert.Equal(index.Frames.Select(f => f.Time), read.Frames.Select(f => f.Time));
        Assert.Equal(index.Frames.Select(f => f.Marks), read.Frames.Select(f => f.Marks));
        Assert.Equal(
            index.Frames.SelectMany(f => f.Detections).Select(d => (d.Box, d.Class, d.Kind)),
            read.Frames.SelectMany(f => f.Detections).Select(d => (d.Box, d.Class, d.Kind)));
        Assert.All(index.Frames.SelectMany(f => f.Detections).Zip(read.Frames.SelectMany(f => f.Detections)), d => Assert.Equal(d.First.Score, d.Second.Score, 4));
    }

    [Fact]
    public async Task It_is_found_behind_boxes_of_every_form_in_a_stream_that_can_only_be_read_on()
    {
        byte[] huge = [0, 0, 0, 1, .. "mdat"u8, 0, 0, 0, 0, 0, 0, 0, 26, .. new byte[10]];
        byte[] foreign = [0, 0, 0, 30, .. "uuid"u8, .. new byte[22]];

        var read = await FindAsync(Mp4([.. huge, .. foreign, .. Index(3).ToBox(), .. Box("free", 5)]));

        Assert.Equal(3, read!.Frames.Count);
    }

    [Fact]
    public async Task A_recording_that_was_cut_has_none()
    {
        var whole = Mp4(Index(3).ToBox());
        var before = Mp4([]);

        Assert.Null(await FindAsync(before));
        // Within a box, its head, or the head of the index.
        foreach (var length in new[] { before.Length - 5, before.Length + 4, before.Length + 12 }) Assert.Null(await FindAsync(whole[..length]));
        await Assert.ThrowsAsync<SegmentIndexException>(() => FindAsync(whole[..^1]));
    }

    [Theory]
    [InlineData("nothing of an MP4")]
    [InlineData("")]
    public async Task What_is_no_segment_has_none_or_is_refused(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        if (bytes.Length == 0) Assert.Null(await FindAsync(bytes));
        else Assert.Contains("no segment", (await Assert.ThrowsAsync<SegmentIndexException>(() => FindAsync(bytes))).Message);
    }

    [Fact]
    public async Task Two_of_them_are_refused() =>
        Assert.Contains("two", (await Assert.ThrowsAsync<SegmentIndexException>(() => FindAsync(Mp4([.. Index(1).ToBox(), .. Index(1).ToBox()])))).Message);

    [Fact]
    public void Numbers_that_announce_more_than_there_is_take_no_memory()
    {
        var content = Index(2).ToBox()[SegmentIndex.BoxHeaderBytes..];
        BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(13), uint.MaxValue);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("4294967295 pictures", Assert.Throws<SegmentIndexException>(() => SegmentIndex.Read(content)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public async Task A_box_that_announces_more_than_comes_takes_no_more_than_comes()
    {
        var bytes = Mp4(Index(2).ToBox());
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Mp4([]).Length), SegmentIndex.MostBytes);
        // Of this thread alone: other tests run beside this one. What lies in memory is read at once, on it.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = FindAsync(bytes);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(found.IsCompleted);
        await Assert.ThrowsAsync<SegmentIndexException>(() => found);
        Assert.InRange(taken, 1, 8 << 20);
    }

    [Theory]
    [InlineData(0, 2, "version 2")]
    // Half of the width, of the rate, of a time; then a kind of the first detection.
    [InlineData(17, 0xff, "time of picture 0")]
    [InlineData(28, 99, "no known kind")]
    public void What_cannot_be_is_refused_with_what_it_is(int at, byte value, string told)
    {
        var content = Index(2).ToBox()[SegmentIndex.BoxHeaderBytes..];
        content[at] = value;

        Assert.Contains(told, Assert.Throws<SegmentIndexException>(() => SegmentIndex.Read(content)).Message);
    }

    [Fact]
    public void Times_that_stand_still_or_go_back_are_refused()
    {
        var index = Index(2);
        var still = index with { Frames = [index.Frames[0], index.Frames[0]] };

        Assert.Contains("picture 1", Assert.Throws<SegmentIndexException>(() => SegmentIndex.Read(still.ToBox().AsSpan(SegmentIndex.BoxHeaderBytes))).Message);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_nothing_else()
    {
        var good = Index(4).ToBox()[SegmentIndex.BoxHeaderBytes..];
        var flips = Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4].Select(f => Flip(good, f));
        Gen.OneOf(flips, Gen.Int[0, good.Length].Select(n => good[..n]), Gen.Byte.Array[0, 200], flips.Select(b => (byte[])[.. b, 0])).Sample(bytes =>
        {
            try
            {
                var read = SegmentIndex.Read(bytes);
                return read.Frames.All(f => f.Detections.Count <= ushort.MaxValue);
            }
            catch (SegmentIndexException)
            {
                return true;
            }
        }, iter: 20_000);
    }

    [Fact]
    public void Of_too_many_detections_the_surest_are_kept()
    {
        var many = Enumerable.Range(0, 1500).Select(i => new Detection.Detection(new Box(i, 0, 1, 1), i / 1500f, VehicleClass.Bus)).ToList();

        var read = SegmentIndex.Read(new SegmentIndex(64, 48, 10, [new IndexedFrame(s_morning, IndexedMarks.None, many)]).ToBox().AsSpan(SegmentIndex.BoxHeaderBytes));

        Assert.Equal((SegmentIndex.MostDetections, 500f), (read.Frames[0].Detections.Count, read.Frames[0].Detections.Min(d => d.Box.X)));
    }

    private static SegmentIndex Index(int frames) => new(640, 361, 12.5,
    [
        .. Enumerable.Range(0, frames).Select(i => new IndexedFrame(
            s_morning.AddTicks(1_000_003L * i), (IndexedMarks)(i % 8),
            [.. Enumerable.Range(0, 1 + (i % 3)).Select(d => new Detection.Detection(new Box(i + 0.25f, -d, 17.5f, 9), 0.15f + (0.2f * d), (VehicleClass)(d % 6), (DetectedKind)(d % 4)))])),
    ]);

    private static byte[] Mp4(byte[] behind) => [.. Box("ftyp", 16), .. Box("moov", 40), .. Box("moof", 30), .. Box("mdat", 100), .. behind];

    private static byte[] Box(string type, int content)
    {
        byte[] box = [0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(type), .. new byte[content]];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        return box;
    }

    private static byte[] Flip(byte[] good, (int At, byte Value)[] flips)
    {
        var bytes = (byte[])good.Clone();
        foreach (var (at, value) in flips) bytes[at] = value;
        return bytes;
    }

    /// <summary>Both from a stream that can be sought in and from one that cannot.</summary>
    private static async Task<SegmentIndex?> FindAsync(byte[] bytes)
    {
        var sought = await Record.ExceptionAsync(() => SegmentBoxes.FindIndexAsync(new MemoryStream(bytes), CancellationToken.None));
        using var pipe = new System.IO.Compression.BrotliStream(Compressed(bytes), System.IO.Compression.CompressionMode.Decompress);
        try
        {
            var read = await SegmentBoxes.FindIndexAsync(pipe, CancellationToken.None);
            Assert.Null(sought);
            return read;
        }
        catch (SegmentIndexException e)
        {
            Assert.Equal(e.Message, sought?.Message);
            throw;
        }
    }

    private static MemoryStream Compressed(byte[] bytes)
    {
        var stream = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(stream, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(bytes);
        stream.Position = 0;
        return stream;
    }
}
