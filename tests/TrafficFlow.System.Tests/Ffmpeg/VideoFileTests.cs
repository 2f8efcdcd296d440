using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>Whole files through the real ffmpeg: every frame, in order, at its time, and nothing kept.</summary>
public sealed class VideoFileTests(Clips clips) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(64, 48, 25);

    [Fact]
    public async Task No_frame_of_a_file_is_dropped_and_each_shows_its_own_picture()
    {
        await using var reader = await TestCamera.OpenAsync(Counting(), s_format);
        Assert.False(reader.IsLive);
        Assert.Equal(100, reader.ExpectedFrames);
        for (var i = 0; i < 100; i++)
        {
            using var frame = await reader.NextAsync();
            Assert.Equal(i, frame.Index);
            Assert.Equal(TestCamera.FileStart + TimeSpan.FromMilliseconds(40 * i), frame.EventTime);
            Assert.Equal(i, NumberShownIn(frame));
        }

        Assert.Null(await reader.ReadAsync(default));
        Assert.Null(await reader.ReadAsync(default));
        Assert.Equal(0, reader.Dropped);
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Fact]
    public async Task A_slow_taker_makes_ffmpeg_wait_and_memory_does_not_grow()
    {
        await using var reader = await TestCamera.OpenAsync(Counting(), s_format);
        for (var i = 0; i < 100; i++)
        {
            using var frame = await reader.NextAsync();
            Assert.Equal(i, NumberShownIn(frame));
            if (i % 20 == 0 && i < 80) await TestCamera.UntilAsync(() => reader.RentedBuffers >= 5);
            Assert.InRange(reader.RentedBuffers, 1, 5);
        }

        Assert.Null(await reader.ReadAsync(default));
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(40, false)]
    [InlineData(40, true)]
    public async Task A_reader_that_is_closed_on_the_way_keeps_no_buffer(int taken, bool lettingItFillUp)
    {
        var reader = await TestCamera.OpenAsync(Counting(), s_format);
        for (var i = 0; i < taken; i++) (await reader.NextAsync()).Dispose();
        // Three in the queue and one in the hands of the thread that waits for room.
        if (lettingItFillUp) await TestCamera.UntilAsync(() => reader.RentedBuffers == 4);
        await reader.DisposeAsync();
        Assert.Equal(0, reader.RentedBuffers);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task A_frame_outlives_its_reader_until_its_owner_disposes_of_it()
    {
        var reader = await TestCamera.OpenAsync(Counting(), s_format);
        var frame = await reader.NextAsync();
        await reader.DisposeAsync();

        Assert.Equal(1, reader.RentedBuffers);
        Assert.Equal(0, NumberShownIn(frame));
        frame.Dispose();
        frame.Dispose();
        Assert.Equal(0, reader.RentedBuffers);
        Assert.Throws<ObjectDisposedException>(() => frame.Pixels.Length);
    }

    [Fact]
    public async Task Readers_that_are_opened_and_closed_leave_no_pipes_behind()
    {
        var file = Counting();
        await OpenAndClose(file);
        var before = OpenPipes();
        for (var i = 0; i < 8; i++) await OpenAndClose(file);
        // Other tests open and close pipes meanwhile: ours would be eight more at least.
        await TestCamera.UntilAsync(() => OpenPipes() < before + 8);

        static async Task OpenAndClose(string file)
        {
            await using var reader = await TestCamera.OpenAsync(file, s_format);
            (await reader.NextAsync()).Dispose();
        }

        static int OpenPipes() => new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
            .Count(file => file.LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData(60, 10, 10, 20)]
    [InlineData(60, 30, 30, 60)]
    [InlineData(30, 10, 10, 20)]
    [InlineData(5, 10, 5, 10)]
    [InlineData(5, 30, 5, 10)]
    [InlineData(24, 25, 24, 48)]
    [InlineData(30, 12.5, 12.5, 25)]
    public async Task A_source_of_another_rate_gives_as_many_different_pictures_as_it_can(int rate, double wanted, double given, int frames)
    {
        var clip = Counting(rate, 2 * rate);
        await using var reader = await TestCamera.OpenAsync(clip, s_format with { FramesPerSecond = wanted });
        Assert.Equal(frames, reader.ExpectedFrames);
        var shown = new List<int>();
        while (await reader.ReadAsync(default) is { } frame)
        {
            using (frame)
            {
                Assert.Equal(TestCamera.FileStart.AddTicks((long)Math.Round(shown.Count * TimeSpan.TicksPerSecond / given)), frame.EventTime);
                shown.Add(NumberShownIn(frame));
            }
        }

        Assert.InRange(shown.Count, frames - 1, frames + 1);
        Assert.Equal(shown.Distinct(), shown);
        // The picture shown at a time is the one that was taken then, give or take half a step.
        for (var i = 0; i < shown.Count; i++) Assert.Equal(i / given, shown[i] / (double)rate, tolerance: (0.5 / given) + (0.5 / rate) + 0.001);
    }

    [Theory]
    [InlineData("351x289", 351, 289)]
    [InlineData("351x289", 63, 47)]
    [InlineData("321x241", 640, 360)]
    [InlineData("320x240", 1, 1)]
    public async Task Odd_sizes_come_without_padding(string size, int width, int height)
    {
        // 4:4:4, because 4:2:0 knows even sizes only.
        var clip = clips.Make(
            $"odd {size}.mkv", "-f", "lavfi", "-i", $"color=0x4080C0:s={size}:r=5:d=1", "-pix_fmt", "yuv444p", "-c:v", "libx264", "-preset", "ultrafast");
        await using var reader = await TestCamera.OpenAsync(clip, new FrameFormat(width, height, 5));
        for (var i = 0; i < 5; i++)
        {
            using var frame = await reader.NextAsync();
            Assert.Equal(width * height * 3, frame.Pixels.Length);
            for (var at = 0; at < frame.Pixels.Length; at += 3)
            {
                Assert.InRange(frame.Pixels[at], 0xC0 - 4, 0xC0 + 4);
                Assert.InRange(frame.Pixels[at + 1], 0x80 - 4, 0x80 + 4);
                Assert.InRange(frame.Pixels[at + 2], 0x40 - 4, 0x40 + 4);
            }
        }

        Assert.Null(await reader.ReadAsync(default));
    }

    [Theory]
    [InlineData("with space.mp4")]
    [InlineData("it's \"quoted\".mp4")]
    [InlineData("-y.mp4")]
    [InlineData("08:30:00 cam1.mp4")]
    [InlineData("http:clip.mp4")]
    [InlineData("100%d $HOME `id` \\ 鋼管通り.mp4")]
    public async Task Any_file_name_is_only_a_name(string name)
    {
        var file = clips.PathOf(name);
        if (!File.Exists(file)) File.Copy(Counting(), file);
        Assert.Equal(100, await Count(file));

        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), file);
        Assert.Equal(100, await Count(relative));
    }

    [Fact]
    public async Task Sound_that_is_longer_than_the_picture_does_not_make_a_whole_file_too_short()
    {
        foreach (var name in new[] { "long sound.mp4", "long sound.mkv", "long sound.ts" })
        {
            var clip = clips.Make(
                name, ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2", "-f", "lavfi", "-i", "sine=d=5", .. Clips.H264(25), "-c:a", "aac"]);
            Assert.Equal(50, await Count(clip));
        }
    }

    [Fact]
    public async Task A_damaged_picture_in_the_middle_does_not_end_the_file()
    {
        var bytes = await File.ReadAllBytesAsync(clips.Moving("to damage.mp4", 4, more: ["-movflags", "+faststart"]));
        for (var i = bytes.Length / 2; i < (bytes.Length / 2) + 400; i++) bytes[i] = (byte)(i * 31);
        var file = clips.PathOf("damaged.mp4");
        await File.WriteAllBytesAsync(file, bytes);

        Assert.InRange(await Count(file), 95, 100);
    }

    private static async Task<int> Count(string file)
    {
        await using var reader = await TestCamera.OpenAsync(file, s_format);
        var frames = 0;
        for (; await reader.ReadAsync(default) is { } frame; frames++) frame.Dispose();
        return frames;
    }

    /// <summary>Each picture shows its number as eight black or white stripes.</summary>
    private string Counting(int rate = 25, int frames = 100) => clips.Make(
        $"counting {rate} {frames}.mp4",
        [
            "-f", "lavfi", "-i", $"color=black:s=64x48:r={rate}:d={(double)frames / rate}",
            "-vf", @"geq=lum='235*mod(floor(N/pow(2\,floor(X/8)))\,2)':cb=128:cr=128", .. Clips.H264(rate), "-frames:v", $"{frames}",
        ]);

    private static int NumberShownIn(AnonymizedFrame frame)
    {
        var number = 0;
        for (var bit = 0; bit < 8; bit++)
        {
            if (frame.Pixels[((24 * frame.Width) + (bit * 8) + 4) * 3] > 128) number |= 1 << bit;
        }

        return number;
    }
}
