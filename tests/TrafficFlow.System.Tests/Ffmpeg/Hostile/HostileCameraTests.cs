using System.Text;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg.Hostile;

/// <summary>Cameras that send this machine elsewhere: nobody inside is asked anything for them.</summary>
public sealed class HostileCameraTests(Clips clips) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(64, 48, 10);

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_not_followed(string status)
    {
        await using var inside = new OneAnswer("200 OK", "video/mp2t", await File.ReadAllBytesAsync(clips.Moving("inside.ts", 2, 10)));
        await using var camera = new OneAnswer(status, $"text/html\r\nLocation: http://127.0.0.1:{inside.Port}/admin", []);
        await using var reader = await TestCamera.OpenAsync($"http://root:s3cret@127.0.0.1:{camera.Port}/live", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal((1, 0), (camera.Asked, inside.Asked));
        Assert.Contains(failure.Failure, new[] { FrameSourceFailure.Refused, FrameSourceFailure.NotAVideo });
        if (status[..3] != "308") Assert.Contains("redirects to another address, which is not followed", failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
    }

    [Theory]
    [InlineData("application/vnd.apple.mpegurl", "/live.m3u8")]
    [InlineData("video/mp2t", "/live.ts")]
    [InlineData("video/mp4", "/axis-cgi/media.cgi")]
    public async Task A_playlist_is_not_followed(string type, string path)
    {
        await using var inside = new OneAnswer("200 OK", "video/mp2t", await File.ReadAllBytesAsync(clips.Moving("inside.ts", 2, 10)));
        var playlist = $"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nhttp://127.0.0.1:{inside.Port}/admin.ts\n#EXT-X-ENDLIST\n";
        await using var camera = new OneAnswer("200 OK", type, Encoding.ASCII.GetBytes(playlist));
        await using var reader = await TestCamera.OpenAsync($"http://127.0.0.1:{camera.Port}{path}", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(0, inside.Asked);
        Assert.Equal(FrameSourceFailure.NotAVideo, failure.Failure);
        Assert.Contains("a playlist", failure.Message);
        Assert.Contains("of a camera the RTSP address", failure.Message);
    }

    [Fact]
    public async Task A_picture_larger_than_any_camera_gives_is_refused()
    {
        var bomb = clips.Make("bomb.ts", "-f", "lavfi", "-i", "color=s=16000x16000:r=1:d=1", "-frames:v", "1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
        await using var camera = new OneAnswer("200 OK", "video/mp2t", await File.ReadAllBytesAsync(bomb));
        await using var reader = await TestCamera.OpenAsync($"http://127.0.0.1:{camera.Port}/live.ts", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Unsupported, failure.Failure);
        Assert.Contains("larger than 8192x4320", failure.Message);
    }

    [Theory]
    [InlineData("302 Found")]
    [InlineData("301 Moved Permanently")]
    public async Task A_redirect_over_rtsp_is_not_followed(string status)
    {
        await using var inside = new OneAnswer("200 OK", "text/plain", []);
        await using var camera = new OneAnswer(Encoding.ASCII.GetBytes($"RTSP/1.0 {status}\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.1:{inside.Port}/inside\r\n\r\n"));
        await using var reader = await TestCamera.OpenAsync($"rtsp://root:s3cret@127.0.0.1:{camera.Port}/live", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal((1, 0), (camera.Asked, inside.Asked));
        Assert.Equal(FrameSourceFailure.Refused, failure.Failure);
        Assert.Contains("redirects to another address, which is not followed", failure.Message);
        Assert.Contains($"the camera redirects to rtsp://127.0.0.1:{inside.Port}/inside", failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
    }
}
