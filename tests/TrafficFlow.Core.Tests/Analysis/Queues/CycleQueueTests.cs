using TrafficFlow.Analysis.Queues;
using TrafficFlow.Core.Flow;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Queues;

public sealed class CycleQueueTests
{
    private static readonly DateTimeOffset s_zero = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));

    /// <summary>Green from 60 to 90 s of each 90 s.</summary>
    private static readonly Interval[] s_greens = [.. Enumerable.Range(0, 4).Select(i => Span((90 * i) - 30, 90 * i))];

    [Fact]
    public void What_stood_at_green_what_was_longest_and_what_is_left_are_three_figures()
    {
        // It grows by a metre a second, to 20 s into green, when it begins to go by three.
        var cycles = CycleQueue.Of([.. Samples(0, 270, s => s % 90 <= 80 ? s % 90 : 80 - (3 * (s % 90 - 80)))], s_greens, 200).ToList();

        Assert.Equal(3, cycles.Count);
        Assert.All(cycles, c => Assert.Equal((60, 80, 90, false), (c.AtGreenBegin, c.Longest, c.Samples, c.IsBeyondSight)));
        Assert.Equal(Span(0, 90), cycles[0].Cycle);
        Assert.InRange(cycles[0].AtGreenEnd!.Value, 0, 53);
    }

    [Fact]
    public void One_that_reaches_the_end_of_sight_is_said_to_be_as_long_at_least()
    {
        var cycles = CycleQueue.Of([.. Samples(0, 90, s => Math.Min(s, 57))], s_greens, 60).ToList();

        Assert.True(cycles[0].IsBeyondSight);
        Assert.False(CycleQueue.Of([.. Samples(0, 90, s => Math.Min(s, 52))], s_greens, 60).First().IsBeyondSight);
        Assert.False(CycleQueue.Of([.. Samples(0, 90, s => s)], s_greens, null).First().IsBeyondSight);
    }

    [Fact]
    public void What_nobody_watched_is_missing_and_no_queue_is_zero()
    {
        var cycles = CycleQueue.Of([.. Samples(0, 140, _ => 0)], s_greens, 60).ToList();

        Assert.Equal((0, 0, 0), (cycles[0].AtGreenBegin, cycles[0].Longest, cycles[0].AtGreenEnd));
        // Of the second cycle its red was seen, and of the third nothing.
        Assert.Equal((null, 0, null, 50), (cycles[1].AtGreenBegin, cycles[1].Longest, cycles[1].AtGreenEnd, cycles[1].Samples));
        Assert.Equal((null, null, null, 0), (cycles[2].AtGreenBegin, cycles[2].Longest, cycles[2].AtGreenEnd, cycles[2].Samples));
        Assert.Empty(CycleQueue.Of([.. Samples(0, 140, _ => 0)], [Span(0, 30)], 60));
    }

    private static Interval Span(double from, double to) => new(s_zero.AddSeconds(from), s_zero.AddSeconds(to));

    private static IEnumerable<QueueSample> Samples(int from, int to, Func<int, double> metres) => Enumerable.Range(from, to - from).Select(s => new QueueSample(s_zero.AddSeconds(s), metres(s), (int)(metres(s) / 7)));
}
