using TrafficFlow.Core.Frames;
using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>The lines are what Debian's ffmpeg 5.1 wrote.</summary>
public sealed class VideoTimelineTests
{
    private readonly VideoTimeline _timeline = new();
    private int _pictures;

    public VideoTimelineTests() =>
        Hear("[Parsed_showinfo_0 @ 0x560272779900] [info] config in time_base: 1/25, frame_rate: 25/1");

    [Fact]
    public void Damage_lasts_until_a_key_frame_that_is_surely_behind_it()
    {
        Show(50);
        Hear("[h264 @ 0x55] [error] error while decoding MB 32 14, bytestream 5647", "[warning] file:a.mp4: corrupt decoded frame in stream 0");
        // The key frame may have been decoded before the damaged picture, and be shown behind it.
        Show(1, isKey: true);
        Show(24);
        Show(1, isKey: true);
        Show(24);
        _timeline.End();

        var fault = Assert.Single(_timeline.Faults());
        Assert.Equal(
            new VideoFault(TimeSpan.FromSeconds(1.96), TimeSpan.FromSeconds(3), VideoFaultKind.Damaged, "damaged pictures (ffmpeg: error while decoding MB 32 14, bytestream 5647)"),
            fault);
        Assert.False(_timeline.At(1.9, 0.04).IsDamaged);
        Assert.True(_timeline.At(2, 0.04).IsDamaged);
        Assert.False(_timeline.At(3, 0.04).IsDamaged);
    }

    [Fact]
    public void What_ffmpeg_says_before_the_first_picture_is_its_search_for_it()
    {
        Hear("[h264 @ 0x55] [error] non-existing PPS 0 referenced", "[h264 @ 0x55] [error] no frame!");
        Show(50);
        _timeline.End();
        Assert.Empty(_timeline.Faults());
    }

    [Fact]
    public void The_seam_of_two_joined_streams_is_no_damage()
    {
        Show(50);
        Hear("[mpegts @ 0x55] [warning] Packet corrupt (stream = 0, dts = 482400).", "[warning] file:a.ts: corrupt input packet in stream 0");
        Show(2);
        Show(1, isKey: true);
        Show(30);
        _timeline.End();
        Assert.Empty(_timeline.Faults());
    }

    [Fact]
    public void A_lost_packet_in_the_middle_of_a_group_is_damage()
    {
        Show(50);
        Hear("[warning] file:a.ts: corrupt input packet in stream 0");
        Show(20);
        Show(1, isKey: true);
        _timeline.End();
        Assert.Equal(VideoFaultKind.Damaged, Assert.Single(_timeline.Faults()).Kind);
    }

    [Fact]
    public void Pauses_add_up_and_pictures_that_were_lost_are_told_as_damage()
    {
        Show(25);
        Hear("[info] 60.000000");
        Show(25);
        Hear("[matroska,webm @ 0x55] [error] Element at 0x1d exceeds containing master element", "[info] 5.000000");
        Show(25);
        _timeline.End();

        Assert.Equal(TimeSpan.Zero, _timeline.At(0.96, 0.04).Pauses);
        Assert.Equal(TimeSpan.FromSeconds(60), _timeline.At(1, 0.04).Pauses);
        Assert.Equal(TimeSpan.FromSeconds(65), _timeline.At(2, 0.04).Pauses);
        Assert.Equal([VideoFaultKind.Pause, VideoFaultKind.Damaged, VideoFaultKind.Damaged], _timeline.Faults().Select(f => f.Kind));
        Assert.Equal((1.0, 61.0), (_timeline.Faults()[0].From.TotalSeconds, _timeline.Faults()[0].To.TotalSeconds));
    }

    private void Hear(params string[] lines)
    {
        foreach (var line in lines) _timeline.Take(FfmpegLine.Read(line));
    }

    private void Show(int pictures, bool isKey = false)
    {
        for (var i = 0; i < pictures; i++, _pictures++)
            Hear($"[Parsed_showinfo_0 @ 0x56] [info] n:{_pictures,4} pts:{_pictures,7} pts_time:0 pos:   48 fmt:yuv420p i:P iskey:{(isKey ? 1 : 0)} type:P ");
    }
}
