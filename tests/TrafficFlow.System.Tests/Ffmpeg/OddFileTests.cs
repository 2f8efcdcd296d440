using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>Whole files whose containers, clocks or pictures are unusual: every picture is read, at its time, and nothing is complained of.</summary>
public sealed class OddFileTests(Clips clips) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(64, 48, 25);
    private static readonly string[] s_picture = ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=4"];
    private static readonly string[] s_copy = ["-c", "copy"];

    [Theory]
    [InlineData("h264.h264", "-c:v libx264 -g 25 -pix_fmt yuv420p")]
    [InlineData("hevc.hevc", "-c:v libx265 -preset ultrafast -x265-params log-level=error")]
    [InlineData("jpegs.mjpeg", "-c:v mjpeg -pix_fmt yuvj420p")]
    [InlineData("reordered.mp4", "-c:v libx264 -bf 3 -g 25 -pix_fmt yuv420p")]
    [InlineData("reordered.ts", "-c:v libx264 -bf 3 -g 25 -pix_fmt yuv420p")]
    [InlineData("reordered.avi", "-c:v libx264 -bf 3 -g 25 -pix_fmt yuv420p")]
    [InlineData("open groups.mkv", "-c:v libx264 -bf 2 -g 25 -x264-params open-gop=1 -pix_fmt yuv420p")]
    [InlineData("fields.ts", "-c:v libx264 -g 25 -flags +ildct+ilme -x264-params tff=1 -pix_fmt yuv420p")]
    [InlineData("fields.mpg", "-c:v mpeg2video -g 25 -flags +ildct+ilme -pix_fmt yuv420p")]
    [InlineData("ten bit.mp4", "-c:v libx264 -g 25 -pix_fmt yuv420p10le")]
    [InlineData("full range.mp4", "-c:v libx264 -g 25 -pix_fmt yuvj420p")]
    [InlineData("full range.avi", "-c:v mjpeg -pix_fmt yuvj422p")]
    [InlineData("old.avi", "-c:v mpeg4 -g 25")]
    [InlineData("fragments.mp4", "-c:v libx264 -g 25 -pix_fmt yuv420p -movflags frag_keyframe+empty_moov")]
    [InlineData("unfinished.mkv", "-c:v libx264 -g 25 -pix_fmt yuv420p -f matroska -live 1")]
    [InlineData("wide pixels.mkv", "-c:v libx264 -g 25 -pix_fmt yuv420p -aspect 2:1")]
    public async Task Every_kind_of_stream_is_read_whole(string name, string options) =>
        Assert.Equal((100, ""), await ReadAsync(clips.Make(name, [.. s_picture, .. options.Split(' ')])));

    [Fact]
    public async Task Times_that_do_not_begin_at_0_are_counted_from_the_first_picture()
    {
        foreach (var extension in new[] { "mkv", "mp4", "ts" })
        {
            var late = clips.Make($"late.{extension}", ["-i", Plain($"whole.{extension}"), .. s_copy, "-output_ts_offset", "100"]);
            Assert.Equal((100, ""), await ReadAsync(late));
        }
    }

    [Fact]
    public async Task A_clock_of_33_bits_may_run_over() => Assert.Equal(
        (100, ""),
        await ReadAsync(clips.Make("overrun.ts", ["-i", Plain("whole.ts"), .. s_copy, "-output_ts_offset", "95441.7", "-mpegts_copyts", "1"])));

    [Fact]
    public async Task A_joined_stream_that_goes_on_later_has_a_pause_and_no_repeated_pictures()
    {
        var (first, later) = (Plain("whole.ts"), clips.Make("an hour later.ts", ["-i", Plain("whole.ts"), .. s_copy, "-output_ts_offset", "3600"]));
        var times = new List<double>();

        var (frames, faults) = await ReadAsync(Joined("ahead.ts", first, later), times);

        Assert.Equal((200, "Pause"), (frames, faults));
        Assert.Equal(3.96, times[99], tolerance: 0.01);
        Assert.Equal(3600, times[100], tolerance: 0.05);
        Assert.Equal(3603.96, times[199], tolerance: 0.05);
    }

    [Fact]
    public async Task A_joined_stream_whose_clock_goes_back_counts_on()
    {
        var (first, later) = (Plain("whole.ts"), clips.Make("an hour later.ts", ["-i", Plain("whole.ts"), .. s_copy, "-output_ts_offset", "3600"]));

        Assert.Equal((200, "ClockSet"), await ReadAsync(Joined("back.ts", later, first)));
        // Again and again the same file: as a recorder does that is switched on each morning.
        Assert.Equal((300, "ClockSet ClockSet"), await ReadAsync(Joined("again.ts", first, first, first)));
    }

    [Theory]
    [InlineData("pause.mkv", 18000, "Pause")]
    [InlineData("pause.mp4", 18000, "Pause")]
    [InlineData("days.mkv", 60000, "ClockSet")]
    public async Task A_jump_of_hours_is_neither_filled_with_pictures_nor_slow(string name, int seconds, string expected)
    {
        var jump = clips.Make($"jump {seconds}.mp4", ["-i", Plain("whole.mp4"), .. s_copy, "-bsf:v", $@"setts=ts=if(gte(N\,50)\,TS+{seconds}/TB\,TS)"]);
        var file = name.EndsWith(".mp4", StringComparison.Ordinal) ? jump : clips.Make(name, ["-i", jump, .. s_copy]);
        var times = new List<double>();

        Assert.Equal((100, expected), await ReadAsync(file, times));

        Assert.Equal(expected == "Pause" ? seconds + 2 : 2, times[50], tolerance: 0.1);
    }

    [Theory]
    [InlineData("stuck.mkv")]
    [InlineData("stuck.ts")]
    public async Task Times_that_never_advance_are_counted_on(string name) => Assert.Equal(
        (100, ""), await ReadAsync(clips.Make(name, ["-i", Plain("whole.mp4"), .. s_copy, "-bsf:v", "setts=ts=7"])));

    [Fact]
    public async Task A_varying_rate_keeps_its_times()
    {
        var file = clips.Make(
            "varying.mkv",
            [.. s_picture, "-vf", @"select='not(between(mod(n\,10)\,3\,6))'", "-fps_mode", "vfr", "-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p"]);
        var times = new List<double>();
        var (frames, faults) = await ReadAsync(file, times);
        Assert.Equal("", faults);
        // 60 pictures in 4 s.
        Assert.InRange(frames, 58, 101);
        Assert.Equal(3.96, times[^1], tolerance: 0.1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_avi_file_without_its_index_is_whole(bool isLengthKept)
    {
        var bytes = await File.ReadAllBytesAsync(clips.Moving("indexed.avi", 4, size: "64x48"));
        var cut = bytes.AsSpan()[..bytes.AsSpan().LastIndexOf("idx1"u8)].ToArray();
        if (!isLengthKept) BitConverter.TryWriteBytes(cut.AsSpan()[4..], cut.Length - 8);
        Assert.Equal((100, ""), await ReadAsync(Write($"no index {isLengthKept}.avi", cut)));
    }

    [Fact]
    public async Task Pictures_that_an_edit_list_leaves_out_are_not_missed()
    {
        var file = clips.Make("edited.mp4", ["-ss", "1.32", "-i", Plain("whole.mp4"), .. s_copy]);
        var (frames, faults) = await ReadAsync(file);
        Assert.Equal("", faults);
        Assert.InRange(frames, 65, 76);
    }

    [Fact]
    public async Task A_film_on_its_side_is_turned()
    {
        var file = clips.Make("turned.mp4", ["-i", Plain("whole.mp4"), .. s_copy, "-metadata:s:v", "rotate=90"]);
        var video = await VideoFile.ProbeAsync(file);
        Assert.Equal((48, 64), (video.Width, video.Height));
        Assert.Equal((100, ""), await ReadAsync(file));
    }

    [Fact]
    public async Task Of_several_streams_the_first_is_read_and_a_cover_picture_is_none()
    {
        var two = clips.Make("two.mkv", ["-i", Plain("whole.mp4"), "-i", Plain("whole.mp4"), "-map", "0", "-map", "1", .. s_copy]);
        Assert.Equal(2, (await VideoFile.ProbeAsync(two)).Streams);
        Assert.Equal((100, ""), await ReadAsync(two));

        var cover = clips.Make("cover.png", "-f", "lavfi", "-i", "color=red:s=32x32", "-frames:v", "1");
        var covered = clips.Make(
            "covered.mp4", ["-i", cover, "-i", Plain("whole.mp4"), "-map", "0", "-map", "1", .. s_copy, "-disposition:v:0", "attached_pic"]);
        Assert.Equal((64, 1), ((await VideoFile.ProbeAsync(covered)).Width, (await VideoFile.ProbeAsync(covered)).Streams));
        Assert.Equal((100, ""), await ReadAsync(covered));
    }

    [Theory]
    [InlineData("one.mp4")]
    [InlineData("one.mkv")]
    [InlineData("one.ts")]
    [InlineData("one.avi")]
    [InlineData("one.h264")]
    public async Task A_single_picture_is_one_frame(string name) =>
        Assert.Equal((1, ""), await ReadAsync(clips.Make(name, [.. s_picture, "-frames:v", "1", "-c:v", "libx264", "-pix_fmt", "yuv420p"])));

    [Fact]
    public async Task A_file_that_grows_while_it_is_read_is_told_as_still_being_written()
    {
        var bytes = await File.ReadAllBytesAsync(clips.Moving("to grow.ts", 8));
        var file = Write("growing.ts", bytes.AsSpan()[..(bytes.Length / 2 / 188 * 188)]);
        await using var reader = await TestCamera.OpenAsync(file, s_format);
        (await reader.NextAsync()).Dispose();
        await using (var writer = new FileStream(file, FileMode.Append)) await writer.WriteAsync(bytes.AsMemory(bytes.Length / 2 / 188 * 188));

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Truncated, failure.Failure);
        Assert.Contains("still being written", failure.Message);
        Assert.Contains("count it again when the recording has ended", failure.Message);
    }

    /// <summary>Frames that came, each later than the last and on the grid, and the kinds of what was told of the file.</summary>
    private static async Task<(int Frames, string Faults)> ReadAsync(string file, List<double>? times = null)
    {
        await using var reader = await TestCamera.OpenAsync(file, s_format);
        var (frames, last) = (0, -1.0);
        while (await reader.ReadAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(60)) is { } frame)
        {
            using (frame)
            {
                var seconds = (frame.EventTime - TestCamera.FileStart).TotalSeconds;
                Assert.True(seconds > last, $"frame {frames} of {seconds} s came behind {last} s");
                if (times is null) Assert.Equal(frames / reader.FramesPerSecond, seconds, tolerance: 0.0001);
                Assert.False(frame.IsDamaged);
                (last, frames) = (seconds, frames + 1);
                times?.Add(seconds);
            }
        }

        return (frames, string.Join(' ', reader.Faults.Select(f => f.Kind)));
    }

    private string Plain(string name) => clips.Moving(name, 4, size: "64x48");

    private string Joined(string name, params string[] files) => Write(name, files.SelectMany(File.ReadAllBytes).ToArray());

    private string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var file = clips.PathOf(name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
