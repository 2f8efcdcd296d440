using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Actors.Tests.Cameras;

public sealed class BackOffTests
{
    private static readonly BackOffSettings Exact = BackOffSettings.Default with { Jitter = 0, QuickMax = null };

    [Fact]
    public void Waits_double_up_to_the_limit_and_never_end()
    {
        var backOff = new BackOff(Exact, new Random(1));

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(0, 8).Select(_ => backOff.Next(TimeSpan.Zero).TotalSeconds));
        for (var i = 0; i < 10_000; i++) Assert.Equal(60, backOff.Next(TimeSpan.Zero).TotalSeconds);
    }

    [Theory]
    [InlineData(59, 8)]
    [InlineData(60, 1)]
    [InlineData(3600, 1)]
    public void Good_video_for_long_enough_makes_the_next_wait_the_first(double goodSeconds, double expectedSeconds)
    {
        var backOff = new BackOff(Exact, new Random(1));
        for (var i = 0; i < 3; i++) backOff.Next(TimeSpan.Zero);

        Assert.Equal(expectedSeconds, backOff.Next(TimeSpan.FromSeconds(goodSeconds)).TotalSeconds);
    }

    [Fact]
    public void Waits_stay_short_while_the_trouble_is_young_and_double_on_after_that()
    {
        var backOff = new BackOff(BackOffSettings.Default with { Jitter = 0 }, new Random(1));

        var waits = Enumerable.Range(0, 68).Select(_ => backOff.Next(TimeSpan.Zero).TotalSeconds).ToList();

        Assert.Equal([1, 2, 2, 2], waits.Take(4));
        Assert.Equal(121, waits.TakeWhile(w => w <= 2).SkipLast(1).Sum());
        Assert.Equal([2, 4, 8, 16, 32, 60, 60], waits.Skip(61));
    }

    [Fact]
    public void Jitter_only_shortens_and_is_the_same_for_the_same_seed()
    {
        var a = new BackOff(BackOffSettings.Default with { QuickMax = null }, new Random(7));
        var b = new BackOff(BackOffSettings.Default with { QuickMax = null }, new Random(7));
        double[] full = [1, 2, 4, 8, 16, 32, 60, 60];

        Assert.All(full, wait =>
        {
            var next = a.Next(TimeSpan.Zero);
            Assert.InRange(next.TotalSeconds, wait * 0.8, wait);
            Assert.Equal(next, b.Next(TimeSpan.Zero));
        });
    }
}
