using TrafficFlow.Analysis.Capacity;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Capacity;

/// <summary>
/// Checked with the worksheet of the junction Kunezaki in Kawasaki (久根崎, 川崎区), as printed in an environmental impact statement published by the
/// city: cycle 110 s, two stages of 76 and 24 s.
/// </summary>
public sealed class SaturationFlowTests
{
    [Theory]
    [InlineData(4.76, 0.968)]
    [InlineData(8.11, 0.946)]
    [InlineData(18.34, 0.886)]
    [InlineData(19.94, 0.878)]
    [InlineData(19.44, 0.880)]
    public void The_factor_of_large_vehicles_is_that_of_the_worksheet(double percent, double factor) =>
        Assert.Equal(factor, SaturationFlow.HeavyFactor(percent), 0.0005);

    [Theory]
    [InlineData(LaneUse.Through, 4.76, 0.986, 1, 1909)]
    [InlineData(LaneUse.Through, 8.11, 0.986, 0.541, 1009)]
    [InlineData(LaneUse.Through, 18.34, 0.983, 0.898, 1564)]
    [InlineData(LaneUse.Through, 19.94, 0.983, 1, 1726)]
    [InlineData(LaneUse.Turn, 19.44, 1, 0.894, 1416)]
    public void The_saturation_flow_of_a_lane_is_that_of_the_worksheet(LaneUse use, double heavy, double grade, double turn, double saturation) =>
        Assert.Equal(saturation, SaturationFlow.Of(new LaneConditions(use, heavy) { GradeFactor = grade, TurnFactor = turn }), 1.0);

    [Fact]
    public void The_factor_of_people_who_cross_is_that_of_the_worksheet() => Assert.Equal(0.894, SaturationFlow.PedestrianFactor(0.15, 24, 17), 0.0005);

    [Theory]
    [InlineData(202, 1909 + 1009, 76, 0.069, 2016, 0.100)]
    [InlineData(836, 1564 + 1726, 76, 0.254, 2273, 0.368)]
    [InlineData(144, 1416, 24, 0.102, 309, 0.466)]
    public void Flow_ratio_capacity_and_degree_of_saturation_are_those_of_the_worksheet(
        double demand, double saturation, double green, double ratio, double capacity, double degree)
    {
        var lanes = new LaneGroup("lanes", demand, saturation);
        Assert.Equal(ratio, lanes.FlowRatio, 0.0006);
        Assert.Equal(capacity, SaturationFlow.Capacity(saturation, green, 110), 1.0);
        Assert.Equal(degree, lanes.DegreeOfSaturation(green, 110), 0.0006);
    }

    [Fact]
    public void The_ratio_of_the_junction_is_the_sum_of_the_largest_of_each_stage()
    {
        var demand = FlowRatios.Of(
            [
                new("1φ", [new("east", 202, 2918), new("west", 836, 3290)]),
                new("2φ", [new("south", 144, 1416)]),
                new("walk", []),
            ],
            110,
            10);
        Assert.Equal(0.254 + 0.102, demand.FlowRatio, 0.001);
        Assert.Equal(100 / 110.0, demand.Limit, 1e-9);
        Assert.False(demand.IsOverCapacity);
    }

    [Fact]
    public void What_a_short_cycle_leaves_may_be_less_than_the_usual_limit()
    {
        StageDemand[] stages = [new("1", [new("a", 700, 1800)]), new("2", [new("b", 720, 1800)])];
        Assert.False(FlowRatios.Of(stages, 120, 12).IsOverCapacity);
        Assert.True(FlowRatios.Of(stages, 50, 12).IsOverCapacity);
        Assert.True(FlowRatios.Of(stages, 50, 12).CriticalDegreeOfSaturation > 1);
    }

    [Fact]
    public void A_large_vehicle_stands_for_as_many_passenger_cars_as_the_factor_says()
    {
        // 80 small and 20 large at S: the same green as 114 passenger cars at the base.
        Assert.Equal(114, SaturationFlow.PassengerCarUnits(80, 20), 1e-9);
        Assert.Equal(100 / 114.0, SaturationFlow.HeavyFactor(20), 1e-9);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(double.NaN)]
    public void A_share_that_is_none_is_refused(double percent) => Assert.Throws<ArgumentOutOfRangeException>(() => SaturationFlow.HeavyFactor(percent));
}
