using TrafficFlow.Core.Frames;
using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>The lines are what Debian's ffmpeg 5.1 wrote.</summary>
public sealed class FfmpegDiagnosisTests
{
    private static readonly VideoSource s_camera = VideoSource.Parse("rtsp://root:s3cret@cam/media.amp");

    [Theory]
    [InlineData("[rtsp @ 0x55] method DESCRIBE failed: 401 Unauthorized", FrameSourceFailure.Unauthorized)]
    [InlineData("https://cam/a: Server returned 403 Forbidden (access denied)", FrameSourceFailure.Unauthorized)]
    [InlineData("[rtsp @ 0x55] method DESCRIBE failed: 404 Not Found", FrameSourceFailure.NotFound)]
    [InlineData("/dev/video7: No such file or directory", FrameSourceFailure.NotFound)]
    [InlineData("rtsp://cam/a: Connection refused", FrameSourceFailure.Refused)]
    [InlineData("rtsp://cam/a: No route to host", FrameSourceFailure.Refused)]
    [InlineData("rtsp://cam/a: Network is unreachable", FrameSourceFailure.Refused)]
    [InlineData("[tcp @ 0x55] Failed to resolve hostname cam: Name or service not known", FrameSourceFailure.Refused)]
    [InlineData("rtsp://cam/a: Connection timed out", FrameSourceFailure.Silent)]
    [InlineData("rtsp://cam/a: Operation timed out", FrameSourceFailure.Silent)]
    [InlineData("[rtsp @ 0x55] Unsupported RTP profile RTP/SAVP", FrameSourceFailure.Unsupported)]
    [InlineData("[tcp @ 0x55] Port missing in uri", FrameSourceFailure.Unsupported)]
    [InlineData("[mov,mp4 @ 0x55] moov atom not found", FrameSourceFailure.Truncated)]
    [InlineData("[mov,mp4 @ 0x55] stream 0, offset 0x51ccb: partial file", FrameSourceFailure.Truncated)]
    [InlineData("[matroska,webm @ 0x55] File ended prematurely", FrameSourceFailure.Truncated)]
    [InlineData("clip: Invalid data found when processing input", FrameSourceFailure.NotAVideo)]
    [InlineData("Stream map '0:v:0' matches no streams.", FrameSourceFailure.NotAVideo)]
    public void A_known_complaint_has_its_reason_and_remedy(string line, FrameSourceFailure expected)
    {
        var failure = FfmpegDiagnosis.Explain(s_camera, 0, ["something else", line, "and more"], FrameSourceFailure.Died, "it broke");

        Assert.Equal(expected, failure.Failure);
        Assert.StartsWith("rtsp://***@cam/media.amp: ", failure.Message);
        // ffmpeg's own "[rtsp @ 0x55] " differs from run to run and is left out.
        Assert.Contains(line[(line.IndexOf("] ", StringComparison.Ordinal) is var end and > 0 ? end + 2 : 0)..], failure.Message);
        Assert.DoesNotContain("0x55", failure.Message);
        Assert.DoesNotContain("it broke", failure.Message);
        Assert.DoesNotContain("after frame", failure.Message);
    }

    [Fact]
    public void A_more_telling_complaint_wins_over_an_earlier_vague_one()
    {
        string[] lines = ["clip.mp4: Invalid data found when processing input", "[mov @ 0x55] moov atom not found"];
        Assert.Equal(FrameSourceFailure.Truncated, FfmpegDiagnosis.Find(lines)?.Failure);
    }

    [Fact]
    public void A_damaged_picture_does_not_make_a_playing_camera_no_video()
    {
        string[] lines = ["Error while decoding stream #0:0: Invalid data found when processing input"];
        var failure = FfmpegDiagnosis.Explain(s_camera, 900, lines, FrameSourceFailure.Silent, "no frame for 5 s");

        Assert.Equal((FrameSourceFailure.Silent, 900L), (failure.Failure, failure.FramesRead));
        Assert.Contains("after frame 900: no frame for 5 s", failure.Message);
    }

    [Fact]
    public void Without_complaints_the_given_reason_stands()
    {
        var failure = FfmpegDiagnosis.Explain(s_camera, 3, [], FrameSourceFailure.Died, "the stream ended");
        Assert.Equal("rtsp://***@cam/media.amp: broke off after frame 3: the stream ended", failure.Message);
    }

    [Fact]
    public void A_password_in_a_complaint_is_hidden()
    {
        var failure = FfmpegDiagnosis.Explain(s_camera, 0, ["rtsp://root:s3cret@cam/media.amp: I/O error"], FrameSourceFailure.Died, "it broke");
        Assert.Contains("rtsp://***@cam/media.amp: I/O error", failure.Message);
        Assert.DoesNotContain("s3cret", failure.Message);
    }
}
