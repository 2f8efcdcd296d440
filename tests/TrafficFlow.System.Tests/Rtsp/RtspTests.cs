using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Support;
using Xunit;

namespace TrafficFlow.SystemTests.Rtsp;

/// <summary>The reader against a real RTSP server.</summary>
public sealed class RtspTests(Clips clips, ITestOutputHelper output) : IClassFixture<Clips>
{
    private static readonly FrameFormat s_format = new(160, 120, 10);

    private string Clip => clips.Repeated("long.mp4", clips.Moving("short.mp4", 2), 60);

    [Fact]
    public async Task A_camera_plays_at_the_size_and_rate_that_are_asked_for()
    {
        await using var server = await RtspServer.StartAsync(Clip);
        var before = DateTimeOffset.UtcNow;
        await using var reader = await TestCamera.OpenAsync(server.Url(), s_format);
        Assert.True(reader.IsLive);
        Assert.Null(reader.ExpectedFrames);

        var times = new List<DateTimeOffset>();
        long? last = null;
        for (var i = 0; i < 20; i++)
        {
            using var frame = await reader.NextAsync();
            Assert.Equal((160, 120, s_format.ByteCount), (frame.Width, frame.Height, frame.Pixels.Length));
            Assert.True(last is null || frame.Index > last, "a frame came twice");
            Assert.Contains(frame.Pixels.ToArray(), value => value > 100);
            times.Add(frame.EventTime);
            last = frame.Index;
        }

        Assert.InRange(times[0], before, DateTimeOffset.UtcNow);
        Assert.Equal(times.Order(), times);
        Assert.Equal(times.Count, times.Distinct().Count());
        Assert.Equal(last!.Value / s_format.FramesPerSecond, (times[^1] - times[0]).TotalSeconds, tolerance: 1.2);
    }

    [Fact]
    public async Task A_slow_taker_gets_the_newest_frame_and_those_passed_over_are_counted()
    {
        await using var server = await RtspServer.StartAsync(Clip);
        var reader = await TestCamera.OpenAsync(server.Url(), s_format);
        var taken = 0;
        for (var wanted = 3; wanted <= 9; wanted += 3)
        {
            await TestCamera.UntilAsync(() => reader.Dropped >= wanted);
            var atLeast = reader.Dropped;
            using var frame = await reader.NextAsync();
            var atMost = reader.Dropped;
            Assert.InRange(frame.Index - taken++, atLeast, atMost);
            Assert.InRange(reader.RentedBuffers, 1, 4);
        }

        await reader.DisposeAsync();
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Fact]
    public async Task A_camera_that_was_cut_ends_its_reader_and_a_new_reader_plays_soon_after_it_is_back()
    {
        var server = await RtspServer.StartAsync(Clip);
        await using (server)
        {
            await using var reader = await TestCamera.OpenAsync(server.Url(), s_format);
            (await reader.NextAsync()).Dispose();

            var cut = Stopwatch.StartNew();
            await server.CutAsync();
            var failure = await reader.FailureAsync();

            output.WriteLine($"cut seen after {cut.Elapsed.TotalSeconds:0.00} s: {failure.Message}");
            Assert.InRange(cut.Elapsed.TotalSeconds, 0, 6);
            Assert.Contains(failure.Failure, new[] { FrameSourceFailure.Died, FrameSourceFailure.Silent, FrameSourceFailure.Refused });
            Assert.True(failure.FramesRead > 0);
            Assert.Contains($"after frame {failure.FramesRead}", failure.Message);
        }

        await using var back = await RtspServer.StartAsync(Clip, server.Port);
        var since = Stopwatch.StartNew();
        await using var again = await TestCamera.OpenAsync(back.Url(), s_format);
        (await again.NextAsync()).Dispose();
        output.WriteLine($"plays again {since.Elapsed.TotalSeconds:0.00} s after opening");
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 5);
    }

    [Theory]
    [InlineData(false, "root", "s3cret", "root:s3cret")]
    [InlineData(true, "root", "s3cret", "root:s3cret")]
    [InlineData(true, "root", "p@ss:w/rd", "root:p%40ss%3Aw%2Frd")]
    public async Task The_right_password_is_let_in(bool digest, string user, string password, string credentials)
    {
        await using var server = await RtspServer.StartAsync(Clip, 0, user, password, digest);
        await using var reader = await TestCamera.OpenAsync(server.Url(credentials), s_format);
        (await reader.NextAsync()).Dispose();
    }

    [Theory]
    [InlineData(false, "root:hunter2", "hunter2")]
    [InlineData(true, "root:hunter2", "hunter2")]
    [InlineData(true, "root:hunt@er2:x", "er2")]
    [InlineData(true, "", "s3cret")]
    public async Task A_wrong_password_is_told_as_such_and_not_repeated(bool digest, string credentials, string secret)
    {
        await using var server = await RtspServer.StartAsync(Clip, 0, "root", "s3cret", digest);
        await using var reader = await TestCamera.OpenAsync(server.Url(credentials), s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Unauthorized, failure.Failure);
        Assert.Contains("refuses the user or password", failure.Message);
        Assert.Contains($"127.0.0.1:{server.Port}/camera", failure.Message);
        Assert.DoesNotContain(secret, failure.ToString());
    }

    [Fact]
    public async Task A_password_that_breaks_the_address_is_not_repeated_and_the_way_to_write_it_is_told()
    {
        await using var reader = await TestCamera.OpenAsync("rtsp://root:hunt/er2@127.0.0.1:1/camera", s_format);

        var failure = await reader.FailureAsync();

        Assert.Contains("%2F", failure.Message);
        Assert.DoesNotContain("hunt", failure.ToString());
        Assert.DoesNotContain("er2", failure.ToString());
    }

    [Fact]
    public async Task A_stream_that_the_camera_does_not_have_is_not_found()
    {
        await using var server = await RtspServer.StartAsync(Clip);
        await using var reader = await TestCamera.OpenAsync(server.Url(path: "/other"), s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.NotFound, failure.Failure);
        Assert.Contains("check the path", failure.Message);
    }

    [Fact]
    public async Task Where_nothing_listens_the_source_is_refused_with_a_remedy()
    {
        await using var reader = await TestCamera.OpenAsync($"rtsp://root:s3cret@127.0.0.1:{FreePort()}/camera", s_format);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Refused, failure.Failure);
        Assert.Contains("check host and port", failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
    }

    [Theory]
    [InlineData("rtsps://root:s3cret@camera.example/axis-media/media.amp")]
    [InlineData("RTSPS://root:s3cret@camera.example/axis-media/media.amp")]
    public async Task Encrypted_rtsp_is_refused_with_the_ways_that_work(string source)
    {
        var failure = await Assert.ThrowsAsync<FrameSourceException>(() => TestCamera.OpenAsync(source, s_format));

        Assert.Equal(FrameSourceFailure.Unsupported, failure.Failure);
        foreach (var word in new[] { "SRTP", "MIKEY", "Axis", "https://", "VPN" }) Assert.Contains(word, failure.Message);
        Assert.DoesNotContain("s3cret", failure.ToString());
    }

    [Fact]
    public async Task A_camera_that_falls_silent_ends_its_reader_within_the_patience()
    {
        await using var server = await RtspServer.StartAsync(Clip);
        var patience = TestCamera.Impatient with { NextFrame = TimeSpan.FromSeconds(1.5) };
        var reader = await TestCamera.OpenAsync(server.Url(), s_format, patience);
        (await reader.NextAsync()).Dispose();

        var silent = Stopwatch.StartNew();
        server.FallSilent();
        var failure = await reader.FailureAsync();

        output.WriteLine($"silence seen after {silent.Elapsed.TotalSeconds:0.00} s: {failure.Message}");
        Assert.Equal(FrameSourceFailure.Silent, failure.Failure);
        Assert.InRange(silent.Elapsed.TotalSeconds, 1, 5);
        await reader.DisposeAsync();
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Fact]
    public async Task A_camera_that_never_answers_is_silent_after_the_first_patience()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var patience = TestCamera.Impatient with { FirstFrame = TimeSpan.FromSeconds(1) };
        await using var reader = await TestCamera.OpenAsync($"rtsp://127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port}/camera", s_format, patience);

        Assert.Equal(FrameSourceFailure.Silent, (await reader.FailureAsync()).Failure);
    }

    [Fact]
    public async Task A_picture_that_never_changes_is_frozen()
    {
        var still = clips.Make("still.mp4", ["-f", "lavfi", "-i", "color=gray:s=320x240:r=25:d=2", .. Clips.H264(25)]);
        await using var server = await RtspServer.StartAsync(clips.Repeated("long still.mp4", still, 30));
        var patience = TestCamera.Impatient with { Frozen = TimeSpan.FromSeconds(1) };
        var reader = await TestCamera.OpenAsync(server.Url(), s_format, patience);

        var failure = await reader.FailureAsync();

        Assert.Equal(FrameSourceFailure.Frozen, failure.Failure);
        Assert.True(failure.FramesRead >= 5, $"{failure.FramesRead} frames only");
        await reader.DisposeAsync();
        Assert.Equal(0, reader.RentedBuffers);
    }

    [Fact]
    public async Task A_waiting_taker_can_be_cancelled_and_the_reader_goes_on()
    {
        await using var server = await RtspServer.StartAsync(Clip);
        await using var reader = await TestCamera.OpenAsync(server.Url(), s_format);
        using var cancellation = new CancellationTokenSource();
        var waiting = reader.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        (await reader.NextAsync()).Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
