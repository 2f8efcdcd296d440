using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Capacity;

public sealed class HourlyVolumeTests
{
    // Garwood 1936, as in the usual tables of exact Poisson limits, 95 %.
    [Theory]
    [InlineData(0, 0, 3.689)]
    [InlineData(1, 0.0253, 5.572)]
    [InlineData(5, 1.623, 11.668)]
    [InlineData(10, 4.795, 18.390)]
    [InlineData(20, 12.217, 30.889)]
    [InlineData(100, 81.364, 121.627)]
    public void The_interval_of_a_count_is_that_of_the_tables(long count, double low, double high)
    {
        var interval = PoissonInterval.Of(count);
        Assert.Equal(low, interval.Low, 0.001);
        Assert.Equal(high, interval.High, 0.001);
    }

    [Fact]
    public void The_interval_of_a_large_count_is_that_of_the_normal_distribution()
    {
        var (low, high) = PoissonInterval.Of(1_000_000);
        Assert.Equal(1_000_000 - 1960, low, 5.0);
        Assert.Equal(1_000_000 + 1960, high, 5.0);
    }

    [Fact]
    public void A_whole_hour_is_what_was_counted_without_error()
    {
        var volume = HourlyVolume.Of([Part(400, 60, 60)])!;
        Assert.Equal(400, volume.Volume);
        Assert.Equal(0, volume.StandardError);
        Assert.Equal(1, volume.ObservedShare);
        Assert.InRange(400, volume.PerHourLow, volume.PerHourHigh);
    }

    [Fact]
    public void What_nobody_watched_is_expanded_and_never_taken_as_empty()
    {
        var volume = HourlyVolume.Of([Part(150, 15, 15), Part(0, 0, 15), Part(150, 15, 15), Part(0, 0, 15)])!;
        Assert.Equal(600, volume.Volume, 1e-9);
        Assert.Equal(0.5, volume.ObservedShare, 1e-9);
        Assert.Equal(Math.Sqrt(600), volume.StandardError, 0.01);
    }

    [Fact]
    public void An_hour_that_nobody_watched_is_unknown() => Assert.Null(HourlyVolume.Of([Part(0, 0, 60)]));

    [Fact]
    public void A_watched_and_empty_hour_is_zero_with_an_upper_limit()
    {
        var volume = HourlyVolume.Of([Part(0, 60, 60)])!;
        Assert.Equal(0, volume.Volume);
        Assert.Equal(3.689, volume.PerHourHigh, 0.001);
    }

    [Fact]
    public void The_stated_error_holds_on_random_arrivals_half_of_them_unseen()
    {
        var (random, within) = (new Random(5), 0);
        const int Runs = 2000;
        for (var run = 0; run < Runs; run++)
        {
            var (seen, unseen) = (Poisson(random, 90), Poisson(random, 210));
            var volume = HourlyVolume.Of([new PartialCount(seen, TimeSpan.FromMinutes(18), TimeSpan.FromMinutes(60))])!;
            if (Math.Abs(seen + unseen - volume.Volume) <= 1.96 * volume.StandardError) within++;
        }

        Assert.InRange(within / (double)Runs, 0.93, 0.97);
    }

    [Fact]
    public void Uneven_parts_widen_the_interval()
    {
        var even = HourlyVolume.Of([Part(100, 15, 15), Part(101, 15, 15), Part(99, 15, 15), Part(100, 15, 15)])!;
        var uneven = HourlyVolume.Of([Part(40, 15, 15), Part(180, 15, 15), Part(30, 15, 15), Part(150, 15, 15)])!;
        Assert.Equal(even.PerHour, uneven.PerHour, 1e-9);
        Assert.True(uneven.PerHourHigh - uneven.PerHourLow > 3 * (even.PerHourHigh - even.PerHourLow));
    }

    [Fact]
    public void Bins_that_are_blind_count_as_unwatched_and_partial_ones_by_their_seconds()
    {
        var volume = HourlyVolume.Of([Bin(0, 300, 10), Bin(5, 0, null), Bin(10, 150, 5)], Movement.Entering)!;
        Assert.Equal(15, volume.Counted);
        Assert.Equal(0.5, volume.ObservedShare, 1e-9);
        Assert.Equal(30, volume.Volume, 1e-9);
        Assert.Equal(120, volume.PerHour, 1e-9);
    }

    [Fact]
    public void Whose_exit_nobody_saw_is_shared_out_as_the_others_and_the_sum_stays()
    {
        var (left, through) = (Movement.To(new ApproachId("west")), Movement.To(new ApproachId("south")));
        var volumes = MovementVolumes.Of(
        [
            Turns(TimeSpan.FromMinutes(15), (left, 10), (through, 40), (Movement.Entering, 25)),
            // Half of it watched; and a quarter of an hour that nobody watched.
            Turns(TimeSpan.FromMinutes(7.5), (left, 5), (through, 20), (Movement.Entering, 0)),
            Turns(TimeSpan.Zero),
        ])!;

        Assert.Equal(100 / 0.375, volumes.Entering.PerHour, 6);
        Assert.Equal(volumes.Entering.PerHour, volumes.ByMovement.Values.Sum(v => v.PerHour), 6);
        Assert.Equal(0.25, volumes.UnknownShare);
        Assert.Equal(0.2, volumes.ByMovement[left].PerHour / volumes.Entering.PerHour, 6);
        Assert.True(volumes.ByMovement[left].PerHourLow < volumes.ByMovement[left].PerHour && volumes.ByMovement[left].PerHourHigh > volumes.ByMovement[left].PerHour);
        Assert.Empty(MovementVolumes.Of([Turns(TimeSpan.FromMinutes(15), (Movement.Entering, 7))])!.ByMovement);
        Assert.Null(MovementVolumes.Of([Turns(TimeSpan.Zero)]));

        static ApproachCounts Turns(TimeSpan observed, params (Movement Movement, long Count)[] counts) => new(counts.ToImmutableDictionary(c => c.Movement, c => c.Count), observed, TimeSpan.FromMinutes(15));
    }

    [Fact]
    public void A_count_without_anybody_watching_is_refused() =>
        Assert.Contains("nobody watched", Assert.Throws<ArgumentException>(() => HourlyVolume.Of([Part(3, 0, 15)])).Message);

    private static PartialCount Part(long count, double observedMinutes, double minutes) =>
        new(count, TimeSpan.FromMinutes(observedMinutes), TimeSpan.FromMinutes(minutes));

    private static FlowBin Bin(int minute, double observedSeconds, int? count)
    {
        var start = new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.FromHours(9)).AddMinutes(minute);
        var (end, observed) = (start.AddMinutes(5), TimeSpan.FromSeconds(observedSeconds));
        ImmutableArray<FlowRow> rows = count is > 0 and var n ? [new FlowRow(Movement.Entering, VehicleClass.PassengerCar, new FlowSums(n, 0, 0, 0, 0, 0))] : [];
        return new FlowBin(
            new BinKey(new SiteId("s"), new ApproachId("north"), BinDuration.FiveMinutes, start), end, observed,
            FlowBin.Judge(new Interval(start, end), observed, false), 1, rows, []);
    }

    private static long Poisson(Random random, double mean)
    {
        var (count, sum) = (0L, -Math.Log(1 - random.NextDouble()));
        for (; sum < mean; count++) sum -= Math.Log(1 - random.NextDouble());
        return count;
    }
}
