using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Recording;
using Xunit;

namespace TrafficFlow.SystemTests.Segments;

/// <summary>What is recorded, when a segment ends, and that it decodes to what was given.</summary>
public sealed class CameraRecorderTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly RecordedCamera _camera = new(new FrameFormat(160, 91, 10));

    [Fact]
    public async Task A_recorded_minute_decodes_to_its_frames_with_their_exact_times_and_detections()
    {
        // Times as a camera's: never quite a tenth of a second apart.
        var times = Enumerable.Range(0, 700).Select(i => RecordedCamera.Morning.AddTicks((i * 1_000_000L) + (i * 7919L % 131_071))).ToList();
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, times);
        await EndAsync(recorder);

        Assert.Equal(new RecorderProgress(false, 2, 700, 0, ""), recorder.Progress);
        Assert.Equal(0, _camera.Pool.Rented);
        var segments = _camera.Store.Segments;
        Assert.Equal([600, 100], segments.Select(s => s.End!.Frames));
        Assert.All(segments, s => Assert.Equal((0, "test 1a2b", "0123456789abcdef", new FrameFormat(160, 91, 10)), (s.End!.Lost, s.Start.Detector, s.Start.SiteHash, s.Start.Frame)));
        Assert.Equal([times[0], times[600]], segments.Select(s => s.Start.From));
        Assert.Equal([times[599].AddSeconds(0.1), times[699].AddSeconds(0.1)], segments.Select(s => s.End!.To));
        var number = 0;
        foreach (var segment in segments)
        {
            foreach (var (time, indexed) in await RecordedCamera.DecodeAsync(segment, frame => AssertIsSeen(frame.Frame)))
            {
                Assert.Equal(times[number], time);
                var car = Assert.Single(indexed!.Detections);
                Assert.Equal(RecordedCamera.Car(number).Box, car.Box);
                // Until somebody has looked for long enough, and where nobody looks any more.
                Assert.Equal(number < 200 || number >= 680, indexed.Marks.HasFlag(IndexedMarks.IsWhole));
                number++;
            }
        }

        Assert.Equal(700, number);
    }

    [Fact]
    public async Task Any_player_takes_a_segment_and_can_begin_at_each_second()
    {
        using var clips = new Clips();
        using var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(50));
        await EndAsync(recorder);
        var file = clips.PathOf("segment.mp4");
        await File.WriteAllBytesAsync(file, _camera.Store.Segments[0].Bytes);

        var told = await Processes.Tools.RunAsync(
            "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_name,pix_fmt,width,height,r_frame_rate:packet=flags", "-of", "compact", file);

        Assert.Contains("codec_name=h264|width=160|height=92|pix_fmt=yuv420p|r_frame_rate=10/1", told);
        Assert.Equal([0, 10, 20, 30, 40], told.Split('\n').Where(l => l.StartsWith("packet", StringComparison.Ordinal)).Select((l, i) => (l, i)).Where(p => p.l.Contains("flags=K", StringComparison.Ordinal)).Select(p => p.i));
    }

    [Fact]
    public async Task The_film_reaches_the_store_while_it_is_recorded()
    {
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, _camera.Times(80));

        // Six of the eight seconds are encoded, in fragments of one.
        await TestCamera.UntilAsync(() => _camera.Store.Segments is [{ Length: > 2000 }]);
        Assert.True(recorder.Progress.IsRecording);
        await EndAsync(recorder);
    }

    [Theory]
    [InlineData(-0.05, 2)]
    [InlineData(-3600, 2)]
    [InlineData(1.5, 1)]
    [InlineData(2.5, 2)]
    [InlineData(3600, 2)]
    public async Task A_clock_that_is_set_and_a_gap_begin_another_segment(double seconds, int segments)
    {
        var times = _camera.Times(30).Concat(_camera.Times(30, RecordedCamera.Morning.AddSeconds(2.9 + seconds))).ToList();
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, times);
        await EndAsync(recorder);

        Assert.Equal(segments, _camera.Store.Segments.Count);
        Assert.Equal(times, (await AllAsync()).Select(f => f.Time));
    }

    [Fact]
    public async Task Another_configuration_of_the_site_begins_another_segment()
    {
        using var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(45));
        await TestCamera.UntilAsync(() => recorder.Progress.Frames >= 25);

        recorder.Use(_camera.Order with { SiteHash = "fedcba9876543210" });
        await _camera.GiveAsync(recorder, _camera.Times(45, RecordedCamera.Morning.AddSeconds(4.5)));
        await EndAsync(recorder);

        Assert.Equal(["0123456789abcdef", "fedcba9876543210"], _camera.Store.Segments.Select(s => s.Start.SiteHash));
        Assert.Equal(90, (await AllAsync()).Count);
    }

    [Fact]
    public async Task A_camera_that_is_away_has_its_segment_closed()
    {
        using var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(25));

        await TestCamera.UntilAsync(() => recorder.Progress is { IsRecording: false, Segments: 1 });

        Assert.Equal((25, 0), (_camera.Store.Segments[0].End!.Frames, _camera.Pool.Rented));
        Assert.False(recorder.Completion.IsCompleted);
    }

    [Fact]
    public async Task Only_frames_of_the_hours_of_the_plan_are_recorded_and_those_before_are_looked_at()
    {
        // 08:00:30 is no minute: 07:59:30 to 08:01:30 are given, and from 08:00 to 08:01 recorded.
        var plan = new RecordingPlan(RecordingMode.Schedule, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")) { Hours = [new RecordingHours(WeekDays.All, 8 * 60, (8 * 60) + 1)] };
        var camera = new RecordedCamera(new FrameFormat(64, 36, 10)) { Order = new RecordingOrder(new SiteId("a"), "0123456789abcdef", new RecordingSettings(plan)) };
        var times = camera.Times(1200, RecordedCamera.Morning.AddSeconds(-30)).ToList();
        using var recorder = camera.Start();

        await camera.GiveAsync(recorder, times);
        await TestCamera.UntilAsync(() => recorder.Progress is { Segments: 1, IsRecording: false });
        await EndAsync(recorder);

        var decoded = await RecordedCamera.DecodeAsync(Assert.Single(camera.Store.Segments));
        Assert.Equal(times.Skip(300).Take(600), decoded.Select(d => d.Time));
        Assert.All(decoded, d => Assert.False(d.Indexed!.Marks.HasFlag(IndexedMarks.IsWhole)));
        Assert.Equal(0, camera.Pool.Rented);
    }

    [Fact]
    public async Task Frames_that_nobody_looked_at_are_recorded_and_say_so()
    {
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, _camera.Times(300), i => i % 5 == 0 ? [RecordedCamera.Car(i)] : null);
        await EndAsync(recorder);

        var decoded = await AllAsync();
        Assert.Equal(300, decoded.Count);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => i % 5 != 0), decoded.Select(d => d.Indexed!.Marks.HasFlag(IndexedMarks.IsPassedOver)));
        Assert.Contains(decoded, d => !d.Indexed!.Marks.HasFlag(IndexedMarks.IsWhole));
    }

    [Fact]
    public async Task Where_nobody_looks_for_seconds_pictures_are_coarse_as_a_whole_and_none_is_lost()
    {
        using var recorder = _camera.Start();

        await _camera.GiveAsync(recorder, _camera.Times(600), i => i % 80 == 0 ? [] : null, waits: true);
        await EndAsync(recorder);

        var decoded = await AllAsync();
        Assert.Equal((600, 0), (decoded.Count, (int)recorder.Progress.Lost));
        Assert.All(decoded, d => Assert.True(d.Indexed!.Marks.HasFlag(IndexedMarks.IsWhole)));
    }

    [Fact]
    public async Task A_segment_can_be_read_from_a_stream_that_only_goes_on()
    {
        using var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(30));
        await EndAsync(recorder);
        var segment = _camera.Store.Segments[0];
        using var zipped = new MemoryStream();
        await using (var packing = new System.IO.Compression.GZipStream(zipped, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) await packing.WriteAsync(segment.Bytes);
        zipped.Position = 0;
        await using var stream = new System.IO.Compression.GZipStream(zipped, System.IO.Compression.CompressionMode.Decompress);

        await using var frames = await SegmentFrames.OpenAsync(stream, segment.Start, CancellationToken.None);
        var count = 0;
        await foreach (var frame in frames.ReadAsync(CancellationToken.None))
        {
            frame.Dispose();
            count++;
        }

        Assert.Equal(30, count);
    }

    [Fact]
    public async Task A_damaged_segment_is_told_and_another_one_is_refused()
    {
        using var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(60));
        await EndAsync(recorder);
        var segment = _camera.Store.Segments[0];
        // Without the second of its fragments.
        var second = Next(segment.Bytes, Next(segment.Bytes, 0) + 8);
        byte[] less = [.. segment.Bytes[..second], .. segment.Bytes[Next(segment.Bytes, second + 8)..]];

        Assert.Contains("gives 50 of the 60 pictures", (await Assert.ThrowsAsync<SegmentStoreException>(() => CountAsync(less, segment.Start))).Message);
        var other = await Assert.ThrowsAsync<SegmentStoreException>(() => CountAsync(segment.Bytes, segment.Start with { Frame = new FrameFormat(320, 180, 10) }));
        Assert.Contains("it is another one", other.Message);

        // A fragment begins with its box of type moof.
        static int Next(byte[] bytes, int from) => from + bytes.AsSpan(from).IndexOf("moof"u8) - 4;
    }

    [Fact]
    public async Task A_store_that_fails_while_a_segment_is_read_is_told_as_it_says()
    {
        using var recorder = _camera.Start();
        await _camera.GiveAsync(recorder, _camera.Times(60));
        await EndAsync(recorder);
        var segment = _camera.Store.Segments[0];
        using var stream = new FailingStream(segment.Bytes) { FailsFrom = segment.Bytes.Length / 2, Reads = 1 };
        await using var frames = await SegmentFrames.OpenAsync(stream, segment.Start, CancellationToken.None);

        var told = await Assert.ThrowsAsync<SegmentStoreException>(async () =>
        {
            await foreach (var frame in frames.ReadAsync(CancellationToken.None)) frame.Dispose();
        });
        Assert.Equal("chunk 3 was changed", told.Message);
    }

    [Fact]
    public async Task A_bit_rate_bounds_what_a_film_takes()
    {
        var camera = new RecordedCamera(new FrameFormat(160, 90, 10)) { IsNoise = true, Order = new RecordingOrder(new SiteId("a"), "", RecordedCamera.Always with { MostKilobits = 100 }) };
        using var recorder = camera.Start();

        await camera.GiveAsync(recorder, camera.Times(200));
        await EndAsync(recorder);

        // Twenty seconds, with the index; unbounded it would be some 5 MB.
        Assert.InRange(camera.Store.Segments[0].Length, 100_000, 500_000);
    }

    [Fact]
    public async Task Pictures_too_large_to_be_held_are_refused_with_what_to_do()
    {
        var factory = new CameraRecorders(_camera.Store, TimeProvider.System);
        using var recorder = factory.Create(_camera.Camera with { Frame = new FrameFormat(4096, 2160, 60) }, RecordedCamera.Detector, _camera.Order);

        Assert.Contains("set a smaller frame", await recorder.Completion);
    }

    [Fact]
    public async Task Without_a_store_every_frame_is_lost_and_counted()
    {
        var factory = new CameraRecorders(null, TimeProvider.System);
        using var recorder = factory.Create(_camera.Camera, RecordedCamera.Detector, _camera.Order);

        await _camera.GiveAsync(recorder, _camera.Times(10));

        Assert.Contains("no vault", await recorder.Completion);
        Assert.Equal(10, recorder.Progress.Lost);
    }

    private async Task<List<(DateTimeOffset Time, IndexedFrame? Indexed)>> AllAsync()
    {
        var all = new List<(DateTimeOffset, IndexedFrame?)>();
        foreach (var segment in _camera.Store.Segments) all.AddRange(await RecordedCamera.DecodeAsync(segment));
        return all;
    }

    private static async Task<int> CountAsync(byte[] bytes, SegmentStart start)
    {
        using var stream = new MemoryStream(bytes);
        await using var frames = await SegmentFrames.OpenAsync(stream, start, CancellationToken.None);
        var count = 0;
        await foreach (var frame in frames.ReadAsync(CancellationToken.None))
        {
            frame.Dispose();
            count++;
        }

        return count;
    }

    private static async Task EndAsync(ICameraRecorder recorder)
    {
        recorder.End();
        Assert.Equal("", await recorder.Completion.WaitAsync(s_patience));
    }

    /// <summary>After it was read through once, it fails.</summary>
    private sealed class FailingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public int FailsFrom { get; init; }

        public int Reads { get; set; }

        public override long Position
        {
            get => base.Position;
            set => (base.Position, Reads) = (value, Reads - 1);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Reads <= 0 && Position >= FailsFrom ? throw new SegmentStoreException("chunk 3 was changed") : base.ReadAsync(buffer[..Math.Min(buffer.Length, 512)], cancellationToken);
    }

    private static void AssertIsSeen(AnonymizedFrame frame)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        Cv2.MeanStdDev(picture, out _, out var deviation);
        Assert.True(deviation.Val0 > 10, "nothing is to be seen");
    }
}
