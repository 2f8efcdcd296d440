using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>A camera that speaks HTTP: an MPEG stream, or a refusal.</summary>
public sealed class HttpSourceTests(Clips clips) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(64, 48, 10);

    [Fact]
    public async Task An_http_stream_plays_and_its_end_is_told()
    {
        var body = await File.ReadAllBytesAsync(clips.Moving("http.ts", 4, 10));
        await using var camera = new OneAnswer("200 OK", "video/mp2t", body);
        var reader = await TestCamera.OpenAsync($"http://127.0.0.1:{camera.Port}/live.ts", s_format);
        Assert.True(reader.IsLive);
        using (var frame = await reader.NextAsync()) Assert.Equal((64, 48), (frame.Width, frame.Height));

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Died, failure.Failure);
        Assert.InRange(failure.FramesRead, 39, 41);
        await reader.DisposeAsync();
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Fact]
    public async Task Motion_jpeg_without_times_plays_at_the_rate_at_which_it_comes()
    {
        var file = clips.Make("pictures.mpjpeg", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=2.5", "-f", "mpjpeg");
        var pictures = Split(await File.ReadAllBytesAsync(file), "--ffmpeg\r\n"u8);
        // The last part is the closing boundary.
        Assert.Equal(26, pictures.Count);
        await using var camera = new OneAnswer("200 OK", "multipart/x-mixed-replace; boundary=ffmpeg", pictures, TimeSpan.FromSeconds(0.1));
        await using var reader = await TestCamera.OpenAsync($"http://127.0.0.1:{camera.Port}/axis-cgi/mjpg/video.cgi", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Died, failure.Failure);
        Assert.InRange(failure.FramesRead, 20, 40);
    }

    [Theory]
    [InlineData("401 Unauthorized", FrameSourceFailure.Unauthorized)]
    [InlineData("403 Forbidden", FrameSourceFailure.Unauthorized)]
    [InlineData("404 Not Found", FrameSourceFailure.NotFound)]
    [InlineData("200 OK", FrameSourceFailure.NotAVideo)]
    public async Task A_refusal_is_told_without_the_password(string status, FrameSourceFailure expected)
    {
        await using var camera = new OneAnswer(status, "text/html", "<html>Welcome</html>"u8.ToArray());
        await using var reader = await TestCamera.OpenAsync($"http://root:s3cret@127.0.0.1:{camera.Port}/live?password=s3cret", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(expected, failure.Failure);
        Assert.Contains($"127.0.0.1:{camera.Port}/live", failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> boundary)
    {
        List<byte[]> parts = [];
        while (!bytes.IsEmpty)
        {
            var next = bytes[1..].IndexOf(boundary);
            var length = next < 0 ? bytes.Length : next + 1;
            parts.Add(bytes[..length].ToArray());
            bytes = bytes[length..];
        }

        return parts;
    }
}
