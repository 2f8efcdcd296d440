using TrafficFlow.Node.Count;
using TrafficFlow.SystemTests.Synthetic;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

public sealed class QuietJobTests
{
    [Theory]
    [InlineData(100, 100)]
    [InlineData(5_000, 1_000)] // It goes on at some time.
    public async Task It_rests_as_long_as_it_has_worked(int workedMs, int restMs)
    {
        var clock = new HandClock();
        var job = new QuietJob((_, _) => { }, clock);
        clock.Advance(TimeSpan.FromMilliseconds(10));
        // Too short to be worth it: it is rested with what follows.
        Assert.True(job.RestAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);

        clock.Advance(TimeSpan.FromMilliseconds(workedMs - 10));
        var rest = job.RestAsync(TestContext.Current.CancellationToken).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(restMs - 1));
        Assert.False(rest.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));

        await rest.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(job.RestAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_tells_how_far_it_is()
    {
        var told = new List<(long, long?)>();

        await new QuietJob((frames, expected) => told.Add((frames, expected)), TimeProvider.System).RunAsync(2, tick =>
        {
            tick(1, 0.1);
            tick(2, 0.2);
            return Task.CompletedTask;
        });

        Assert.Equal([(1, 2), (2, 2)], told);
    }
}
