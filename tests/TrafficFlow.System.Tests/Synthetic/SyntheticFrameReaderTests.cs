using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic;

public sealed class SyntheticFrameReaderTests
{
    private static readonly FrameFormat s_small = new(160, 90, 10);
    private readonly HandClock _clock = new();
    private readonly FramePool _pool = new(s_small.ByteCount, 4);

    [Fact]
    public async Task A_finite_source_gives_every_frame_with_its_time_and_then_ends()
    {
        await using var reader = await Open("synthetic:north?seconds=3");
        Assert.False(reader.IsLive);
        Assert.Equal(30, reader.ExpectedFrames);
        for (var i = 0; i < 30; i++)
        {
            using var frame = await reader.ReadAsync(default);
            Assert.NotNull(frame);
            Assert.Equal((160, 90, (long)i), (frame.Width, frame.Height, frame.Index));
            Assert.Equal(_clock.GetUtcNow() + (TimeSpan.FromMilliseconds(100) * i), frame.EventTime);
            Assert.Equal(s_small.ByteCount, frame.Pixels.Length);
        }

        Assert.Null(await reader.ReadAsync(default));
        Assert.Null(await reader.ReadAsync(default));
        Assert.Equal(0, reader.Dropped);
        Assert.Equal(0, _pool.Rented);
        Assert.Equal(1, _pool.Made);
    }

    [Fact]
    public async Task Two_readers_of_one_camera_give_the_same_pixels()
    {
        await using var one = await Open("synthetic:east?seconds=2&seed=5");
        await using var other = await Open("synthetic:east?seconds=2&seed=5");
        for (var i = 0; i < 20; i++)
        {
            using var a = await one.ReadAsync(default);
            using var b = await other.ReadAsync(default);
            Assert.True(a!.Pixels.SequenceEqual(b!.Pixels), $"frame {i} differs");
        }
    }

    [Fact]
    public async Task Another_seed_gives_another_picture()
    {
        await using var one = await Open("synthetic:east?seconds=2&seed=5");
        await using var other = await Open("synthetic:east?seconds=2&seed=6");
        using var a = await one.ReadAsync(default);
        using var b = await other.ReadAsync(default);
        Assert.False(a!.Pixels.SequenceEqual(b!.Pixels));
    }

    [Fact]
    public async Task A_live_source_waits_for_the_next_frame()
    {
        await using var reader = await Open("synthetic:south");
        Assert.True(reader.IsLive);
        Assert.Null(reader.ExpectedFrames);
        (await reader.ReadAsync(default))!.Dispose();

        var next = reader.ReadAsync(default).AsTask();
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        using var frame = await next.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, frame!.Index);
        Assert.Equal(0, reader.Dropped);
    }

    [Fact]
    public async Task A_live_source_gives_the_newest_frame_and_counts_those_passed_over()
    {
        await using var reader = await Open("synthetic:west");
        (await reader.ReadAsync(default))!.Dispose();
        _clock.Advance(TimeSpan.FromMilliseconds(1050));
        using var frame = await reader.ReadAsync(default);
        Assert.Equal(10, frame!.Index);
        Assert.Equal(9, reader.Dropped);
        Assert.Equal(1, _pool.Made);
    }

    [Fact]
    public async Task A_live_source_opened_late_shows_the_junction_as_it_is_now()
    {
        var start = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await using var reader = await Open("synthetic:north", start);
        using var frame = await reader.ReadAsync(default);
        Assert.Equal(0, frame!.Index);
        Assert.Equal(start + TimeSpan.FromSeconds(5), frame.EventTime);
        Assert.Equal(0, reader.Dropped);
    }

    [Fact]
    public async Task Waiting_for_a_frame_can_be_cancelled()
    {
        await using var reader = await Open("synthetic:north");
        (await reader.ReadAsync(default))!.Dispose();
        using var cancellation = new CancellationTokenSource();
        var next = reader.ReadAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.Equal(0, _pool.Rented);
    }

    [Theory]
    [InlineData("synthetic:up", "no camera \"up\"")]
    [InlineData("synthetic:north?speed=3", "option \"speed=3\"")]
    [InlineData("synthetic:north?seconds=0", "option \"seconds=0\"")]
    [InlineData("synthetic:north?light=disco", "option \"light=disco\"")]
    public async Task A_source_that_is_not_understood_is_refused(string source, string why)
    {
        var error = await Assert.ThrowsAsync<FrameSourceException>(async () => await Open(source));
        Assert.Equal(FrameSourceFailure.Unsupported, error.Failure);
        Assert.Contains(why, error.Message);
    }

    private ValueTask<SyntheticFrameReader> Open(string source, DateTimeOffset? start = null)
    {
        var camera = SyntheticJunction.Site.Cameras[0] with { Source = source, Frame = s_small };
        return SyntheticFrameReader.OpenAsync(camera, new PassThrough(), _pool, _clock, start ?? _clock.GetUtcNow(), default);
    }
}
