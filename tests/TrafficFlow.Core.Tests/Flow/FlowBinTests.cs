using CsCheck;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class FlowBinTests
{
    private static readonly DateTimeOffset Start = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    private static readonly Interval Minute = new(Start, Start.AddMinutes(1));

    [Theory]
    [InlineData(60, false, BinQuality.Complete)]
    [InlineData(59.4, false, BinQuality.Complete)]
    [InlineData(59.3, false, BinQuality.Partial)]
    [InlineData(0.1, false, BinQuality.Partial)]
    [InlineData(0, false, BinQuality.Blind)]
    [InlineData(60, true, BinQuality.Degraded)]
    [InlineData(0, true, BinQuality.Blind)]
    public void Quality_follows_what_was_watched(double observedSeconds, bool degraded, BinQuality expected) =>
        Assert.Equal(expected, FlowBin.Judge(Minute, TimeSpan.FromSeconds(observedSeconds), degraded));

    [Fact]
    public void A_watched_bin_without_vehicles_is_zero_and_a_blind_one_is_missing()
    {
        Assert.Equal(0, Empty(60).Count(Movement.Entering));
        Assert.Null(Empty(0).Count(Movement.Entering));
    }

    [Fact]
    public void Space_mean_speed_is_harmonic()
    {
        var sums = FlowSums.Of(Vehicle(30)) + FlowSums.Of(Vehicle(60));

        Assert.Equal(45, sums.MeanSpeedKmh!.Value, 9);
        Assert.Equal(40, sums.SpaceMeanSpeedKmh!.Value, 9);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    [InlineData(-3.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_vehicle_without_a_usable_speed_counts_but_gives_no_sample(double? speed)
    {
        var sums = FlowSums.Of(Vehicle(speed));

        Assert.Equal((1, 0), (sums.Count, sums.SpeedSamples));
        Assert.Null(sums.SpaceMeanSpeedKmh);
    }

    [Fact]
    public void Longer_bins_are_the_sums_of_shorter_ones() =>
        Gen.Select(Gen.Int[0, 3599], Gen.Int[0, 5]).List[0, 60].Sample(vehicles =>
        {
            var cells = vehicles.Aggregate(MinuteCells.Empty, (c, v) => c.Add(
                Start.AddSeconds(v.Item1), new FlowStream(Movement.Entering, (VehicleClass)v.Item2), FlowSums.Of(Vehicle(50))));
            foreach (var duration in BinDuration.All)
            {
                var bins = new BinAlignment(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")).Touching(new Interval(Start, Start.AddHours(1)), duration);
                Assert.Equal(vehicles.Count, bins.Sum(b => cells.Rows(b).Sum(r => r.Sums.Count)));
            }
        });

    [Fact]
    public void Evicted_minutes_are_gone_and_later_ones_stay()
    {
        var stream = new FlowStream(Movement.Entering, VehicleClass.Bus);
        var cells = MinuteCells.Empty.Add(Start, stream, FlowSums.Of(Vehicle(1))).Add(Start.AddMinutes(1), stream, FlowSums.Of(Vehicle(1)));

        Assert.Equal(1, cells.EvictBefore(Start.AddMinutes(1)).MinuteCount);
        Assert.Empty(cells.EvictBefore(Start.AddMinutes(1)).Rows(Minute));
    }

    private static CountedVehicle Vehicle(double? speed) => new(
        new CameraId("cam1"), new ApproachId("north"), Movement.Entering, Start, VehicleClass.PassengerCar, VehicleSize.Small, speed);

    private static FlowBin Empty(double observedSeconds) => new(
        new BinKey(new SiteId("s"), new ApproachId("north"), BinDuration.OneMinute, Start),
        Minute.To,
        TimeSpan.FromSeconds(observedSeconds),
        FlowBin.Judge(Minute, TimeSpan.FromSeconds(observedSeconds), false),
        1,
        [],
        []);
}
