using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

public sealed class VideoSourceTests
{
    [Theory]
    [InlineData("rtsp://root:s3cret@cam/media.amp", "rtsp://***@cam/media.amp")]
    [InlineData("RTSP://root:s3cret@cam:554/media.amp", "RTSP://***@cam:554/media.amp")]
    [InlineData("rtsps://root:s3cret@cam/media.amp", "rtsps://***@cam/media.amp")]
    [InlineData("http://root:s3cret@10.0.0.1:8080/a?b=c", "http://***@10.0.0.1:8080/a?b=c")]
    [InlineData("https://root:s3cret@[fe80::1]/a", "https://***@[fe80::1]/a")]
    [InlineData("rtsp://root@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://:s3cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3@cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3:cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3/cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:/s3cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:3/cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3@cr/et@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://ro/ot:s3cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3?cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3#cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3'cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3\"cret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://root:s3%2Fcret@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://ルート:秘密@cam/a", "rtsp://***@cam/a")]
    [InlineData("rtsp://cam/a?user=root&password=s3cret&channel=1", "rtsp://cam/a?user=root&password=***&channel=1")]
    [InlineData("rtsp://cam/user=root_Password=s3cret_channel=1.sdp", "rtsp://cam/user=root_Password=***")]
    [InlineData("http://cam/a?pwd=s3cret", "http://cam/a?pwd=***")]
    [InlineData("rtsp://cam/a", "rtsp://cam/a")]
    [InlineData("rtsp://cam:554/a", "rtsp://cam:554/a")]
    [InlineData("http://cam/video@2x/a", "http://cam/video@2x/a")]
    [InlineData("Server of rtsp://a:b@cam1/x, then http://c:d@cam2/y: gone", "Server of rtsp://***@cam1/x, then http://***@cam2/y: gone")]
    [InlineData("[rtsp @ 0x55c0] method DESCRIBE failed: 401", "[rtsp @ 0x55c0] method DESCRIBE failed: 401")]
    [InlineData("mail root@cam.example", "mail root@cam.example")]
    public void Whatever_may_be_a_password_is_hidden_in_a_text(string text, string shown) => Assert.Equal(shown, VideoSource.Redact(text));

    [Theory]
    [InlineData("rtsp://root:s3 cr3t@cam/a", "s3", "cr3t")]
    [InlineData("rtsp://root:s3/cr3t@cam/a", "s3", "cr3t")]
    [InlineData("http://root:s3?cr3t@cam/a", "s3", "cr3t")]
    public void A_source_is_shown_and_its_complaints_are_quoted_without_the_password(string address, params string[] secrets)
    {
        var source = VideoSource.Parse(address);
        var failure = FfmpegDiagnosis.Explain(
            source, 0, [$"Failed to resolve hostname cr3t: Name or service not known", $"{address}: I/O error"], default, "broken");
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, source.Shown);
            Assert.DoesNotContain(secret, failure.Message);
        }
    }

    [Fact]
    public void A_file_is_shown_as_it_is_named() => Assert.Equal("/a/b@c/rtsp:d@e.mp4", VideoSource.Parse("/a/b@c/rtsp:d@e.mp4").Shown);

    [Fact]
    public void Another_hosts_password_in_a_complaint_is_hidden_too() =>
        Assert.DoesNotContain("s3cret", VideoSource.Parse("http://cam/a").Quote("redirected to http://root:s3cret@other/b"));

    [Theory]
    [InlineData("rtsp://cam/a", VideoSourceKind.Rtsp, true)]
    [InlineData("RTSP://cam/a", VideoSourceKind.Rtsp, true)]
    [InlineData("http://cam/a", VideoSourceKind.Http, true)]
    [InlineData("HTTPS://cam/a", VideoSourceKind.Http, true)]
    [InlineData("/dev/video0", VideoSourceKind.Device, true)]
    [InlineData("/recordings/cam1.mp4", VideoSourceKind.File, false)]
    [InlineData("rtsp.mp4", VideoSourceKind.File, false)]
    [InlineData("-i", VideoSourceKind.File, false)]
    public void A_source_is_recognised_by_its_beginning(string address, VideoSourceKind kind, bool isLive)
    {
        var source = VideoSource.Parse(address);
        Assert.Equal((kind, isLive), (source.Kind, source.IsLive));
    }
}
