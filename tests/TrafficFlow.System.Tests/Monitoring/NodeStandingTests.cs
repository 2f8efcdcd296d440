using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using Xunit;

namespace TrafficFlow.SystemTests.Monitoring;

public sealed class NodeStandingTests
{
    [Fact]
    public void A_node_whose_cameras_were_not_asked_yet_is_not_ready() => Assert.False(NodeStanding.Cameras(null).IsGood);

    [Theory]
    [InlineData(CameraState.Streaming, 0, true, "1 of 1 give frames")]
    [InlineData(CameraState.Finished, 0, true, "1 of 1 give frames")]
    [InlineData(CameraState.Connecting, 0, false, "cam is opened for the first time")]
    [InlineData(CameraState.BackingOff, 1, true, "cam: refused")]
    [InlineData(CameraState.Connecting, 3, true, "cam: refused")]
    [InlineData(CameraState.Failed, 0, true, "cam: refused")]
    public void A_camera_that_gives_frames_or_is_known_to_fail_is_ready(CameraState state, int reconnects, bool isReady, string why)
    {
        var answer = NodeStanding.Cameras(NodeSample.Take(null, [Camera(state, reconnects, 1)], 0));

        Assert.Equal(isReady, answer.IsGood);
        Assert.Contains(why, answer.Why);
    }

    [Fact]
    public void The_age_of_the_last_frame_runs_from_the_sample_that_had_more_of_them()
    {
        var first = NodeSample.Take(null, [Camera(CameraState.Streaming, 0, 10)], 100);
        var second = NodeSample.Take(first, [Camera(CameraState.Streaming, 0, 20)], 200);
        var third = NodeSample.Take(second, [Camera(CameraState.Streaming, 0, 20)], 300);

        Assert.Equal([100L, 200L, 200L], new[] { first, second, third }.Select(s => s.Cameras.Single().FramesMovedAt));
        // A tracker that began anew counts from 0 again, and its frames do come.
        Assert.Equal(400, NodeSample.Take(third, [Camera(CameraState.Streaming, 0, 3)], 400).Cameras.Single().FramesMovedAt);
    }

    [Fact]
    public async Task However_many_ask_at_once_one_answer_is_found_for_all()
    {
        var asked = 0;
        var answer = new TaskCompletionSource<int>();
        var flight = new SingleFlight<int>(async _ => { Interlocked.Increment(ref asked); return await answer.Task; }, TimeSpan.FromHours(1), TimeProvider.System);
        var all = Enumerable.Range(0, 100).Select(_ => flight.GetAsync(CancellationToken.None)).ToList();
        answer.SetResult(7);

        Assert.All(await Task.WhenAll(all), a => Assert.Equal(7, a));
        Assert.Equal(7, await flight.GetAsync(CancellationToken.None));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task An_answer_that_failed_is_sought_again()
    {
        var asked = 0;
        var flight = new SingleFlight<int>(_ => ++asked == 1 ? throw new InvalidOperationException("once") : Task.FromResult(asked), TimeSpan.FromHours(1), TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(() => flight.GetAsync(CancellationToken.None));
        Assert.Equal(2, await flight.GetAsync(CancellationToken.None));
    }

    private static CameraReport Camera(CameraState state, int reconnects, long frames) => new(
        new CameraStatus(new SiteId("s"), new CameraId("cam"), state, state is CameraState.Streaming or CameraState.Finished ? "" : "refused", frames, 0, 0, reconnects, null, 1, 0, ""),
        "vehicles", state == CameraState.Streaming ? WatchState.Watching : null, null);
}
