using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>What ffmpeg and ffprobe tell holds words and numbers of a file that anybody may have made.</summary>
public sealed class ForeignLinesTests
{
    private const string Streams = """{"streams":[{"width":640,"height":360,PART}]}""";

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("""{"streams":7}""")]
    [InlineData("""{"streams":[7]}""")]
    [InlineData("""{"streams":{"width":640,"height":360}}""")]
    [InlineData("""{"streams":[{"width":1e999,"height":360}]}""")]
    [InlineData("""{"streams":[{"width":9999999999,"height":360}]}""")]
    public void An_answer_without_a_picture_is_none_whatever_it_is(string answer) => Assert.Null(ProbeAnswer.Read("a.mp4", answer));

    [Theory]
    [InlineData("\"duration\":1e300")]
    [InlineData("\"duration\":\"inf\"")]
    [InlineData("\"duration\":\"nan\"")]
    [InlineData("\"tags\":{\"DURATION\":\"99999999999999:00:00\"}")]
    [InlineData("\"tags\":7")]
    [InlineData("\"tags\":{\"DURATION\":\"\\ud800\"}")]
    [InlineData("\"side_data_list\":7")]
    [InlineData("\"side_data_list\":[7]")]
    [InlineData("\"avg_frame_rate\":\"1/1e-320\"")]
    public void A_length_or_rate_that_cannot_be_is_unknown(string part)
    {
        var (file, _) = Assert.NotNull(ProbeAnswer.Read("a.mp4", Streams.Replace("PART", part)));

        Assert.Equal((640, 360, null, null), (file.Width, file.Height, file.FramesPerSecond, file.Duration));
    }

    [Theory]
    [InlineData("[Parsed_showinfo_0 @ 0x5] [info] config in time_base: \u0663/\u0664, frame_rate: 25/1")]
    [InlineData("[Parsed_showinfo_0 @ 0x5] [info] config in time_base: 1/0, frame_rate: 25/1")]
    [InlineData("[Parsed_showinfo_0 @ 0x5] [info] n: 1 pts: nan iskey:1 ")]
    [InlineData("[info] inf")]
    public void A_number_that_is_none_tells_nothing(string line) => Assert.Equal(FfmpegLineKind.Other, FfmpegLine.Read(line).Kind);

    [Fact]
    public void Times_beyond_all_bounds_leave_faults_that_can_be_told()
    {
        var timeline = new VideoTimeline();
        foreach (var line in new[]
        {
            "[Parsed_showinfo_0 @ 0x5] [info] config in time_base: 999999999999999999/1, frame_rate: 25/1", "[Parsed_showinfo_0 @ 0x5] [info] n: 0 pts: 1e300 iskey:1 ",
            "[h264 @ 0x5] [error] damage", "[info] -1e300", "[Parsed_showinfo_0 @ 0x5] [info] n: 1 pts: -1e300 iskey:1 ",
        }) timeline.Take(FfmpegLine.Read(line));
        timeline.End();

        Assert.NotEmpty(timeline.Faults());
    }
}
