using CsCheck;
using TrafficFlow.Core.Flow;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class IntervalSetTests
{
    private static readonly DateTimeOffset Origin = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Interval> Intervals =
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 12], (from, length) => new Interval(At(from), At(from + length)));

    [Fact]
    public void Coverage_that_follows_without_a_gap_stays_one_interval()
    {
        var set = IntervalSet.Of(new Interval(At(0), At(5)), new Interval(At(5), At(10)), new Interval(At(10), At(15)));

        Assert.Equal(new Interval(At(0), At(15)), Assert.Single(set.Intervals));
    }

    [Fact]
    public void A_gap_stays_a_gap()
    {
        var set = IntervalSet.Of(new Interval(At(0), At(5)), new Interval(At(7), At(10)));

        Assert.Equal(TimeSpan.FromSeconds(8), set.Total);
        Assert.False(set.Contains(At(5)));
        Assert.True(set.Contains(At(7)));
        Assert.False(set.Covers(new Interval(At(4), At(8))));
    }

    [Fact]
    public void A_set_holds_exactly_the_instants_of_its_intervals() =>
        Intervals.List[0, 12].Sample(intervals =>
        {
            var set = IntervalSet.Of(intervals);
            var seconds = Enumerable.Range(0, 80).Where(s => intervals.Any(i => i.From <= At(s) && At(s) < i.To)).ToList();
            Assert.Equal(seconds.Count, set.Total.TotalSeconds);
            Assert.All(Enumerable.Range(0, 80), s => Assert.Equal(seconds.Contains(s), set.Contains(At(s))));
            Assert.All(set.Intervals.Zip(set.Intervals.Skip(1)), pair => Assert.True(pair.First.To < pair.Second.From));
        });

    [Fact]
    public void The_order_of_arrival_does_not_matter() =>
        Gen.Select(Intervals.List[0, 12], Gen.Int).Sample((intervals, seed) =>
        {
            var shuffled = intervals.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(IntervalSet.Of(intervals), IntervalSet.Of(shuffled));
        });

    [Fact]
    public void An_intersection_holds_what_both_hold() =>
        Gen.Select(Intervals.List[0, 8], Intervals.List[0, 8], Intervals).Sample((a, b, window) =>
        {
            var (left, right) = (IntervalSet.Of(a), IntervalSet.Of(b));
            var both = left.Intersect(right);
            var within = left.Within(window);
            var after = left.From(window.From);
            Assert.All(Enumerable.Range(0, 80).Select(At), t =>
            {
                Assert.Equal(left.Contains(t) && right.Contains(t), both.Contains(t));
                Assert.Equal(left.Contains(t) && window.From <= t && t < window.To, within.Contains(t));
                Assert.Equal(left.Contains(t) && window.From <= t, after.Contains(t));
            });
        });

    private static DateTimeOffset At(int second) => Origin.AddSeconds(second);
}
