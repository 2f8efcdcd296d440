using TrafficFlow.Analysis.Capacity;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Capacity;

public sealed class HcmDelayTests
{
    // Fundamentals of Transportation (Wikibooks), Traffic Signals: 500 veh/h on 3000, 30 s of green in 100: 29.41 s, rounded on the way there;
    // and a published exam question: 20 and 50 vehicles a minute, 30 s of green in 60: 12.5 s.
    [Theory]
    [InlineData(100, 30, 500, 3000, 29.41)]
    [InlineData(60, 30, 1200, 3000, 12.5)]
    public void The_uniform_delay_is_that_of_published_examples(double cycle, double green, double flow, double saturation, double delay) =>
        Assert.Equal(delay, HcmDelay.UniformSeconds(cycle, green, flow / (saturation * green / cycle)), 0.02);

    [Theory]
    [InlineData(60, 30, 0.4)]
    [InlineData(100, 30, 0.95)]
    [InlineData(140, 80, 0.7)]
    public void The_uniform_delay_is_that_of_a_queue_followed_vehicle_by_vehicle(double cycle, double green, double x)
    {
        // Even arrivals in steps of a millisecond, served at saturation flow while it is green: the area under the queue.
        const double Saturation = 0.5;
        const double Step = 0.001;
        var arrivals = x * Saturation * green / cycle;
        var (queue, area) = (0.0, 0.0);
        for (var second = 0.0; second < cycle; second += Step)
        {
            queue += arrivals * Step;
            if (second >= cycle - green) queue = Math.Max(0, queue - (Saturation * Step));
            area += queue * Step;
        }

        Assert.Equal(area / (arrivals * cycle), HcmDelay.UniformSeconds(cycle, green, x), 0.05);
    }

    [Fact]
    public void Above_capacity_the_uniform_delay_is_half_the_red()
    {
        Assert.Equal(27, HcmDelay.UniformSeconds(90, 36, 1.03), 1e-9);
        Assert.Equal(27, HcmDelay.UniformSeconds(90, 36, 1), 1e-9);
    }

    [Fact]
    public void Well_below_capacity_the_increment_is_the_random_delay_of_Webster()
    {
        // x² / (2 q (1 - x)) with q in vehicles per second: what the time-dependent formula tends to in a long period.
        var (x, capacity) = (0.6, 900.0);
        var webster = x * x / (2 * (x * capacity / 3600) * (1 - x));
        Assert.Equal(webster, HcmDelay.IncrementalSeconds(x, capacity, 100), webster * 0.001);
    }

    [Fact]
    public void Far_above_capacity_the_increment_is_that_of_a_queue_that_grows_all_the_time()
    {
        // Half of the longest wait: T (X - 1) / 2 hours.
        Assert.Equal(1800 * 0.25 * (3 - 1), HcmDelay.IncrementalSeconds(3, 100_000, 0.25), 1);
    }

    [Fact]
    public void The_control_delay_is_the_sum_of_both()
    {
        // Roess, Prassas, McShane, Traffic Engineering, a problem of the chapter on HCM 2000: v 800, c 775, g/C 0.40, C 90, T 0.25.
        var x = 800 / 775.0;
        var d2 = 225 * (x - 1 + Math.Sqrt(Math.Pow(x - 1, 2) + (4 * x / (775 * 0.25))));
        Assert.Equal(27 + d2, HcmDelay.ControlSeconds(90, 36, x, 775), 1e-9);
        Assert.Equal(40.9, d2, 0.05);
    }

    [Theory]
    [InlineData(0, LevelOfService.A)]
    [InlineData(10, LevelOfService.A)]
    [InlineData(10.1, LevelOfService.B)]
    [InlineData(20.1, LevelOfService.C)]
    [InlineData(55, LevelOfService.D)]
    [InlineData(55.1, LevelOfService.E)]
    [InlineData(80.1, LevelOfService.F)]
    public void The_level_of_service_follows_the_limits_of_the_manual(double delay, LevelOfService level) =>
        Assert.Equal(level, LevelsOfService.OfDelay(delay));

    [Fact]
    public void Demand_above_capacity_is_level_F_however_short_the_delay() => Assert.Equal(LevelOfService.F, LevelsOfService.OfDelay(30, 1.01));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(60, 61)]
    [InlineData(60, -1)]
    public void A_green_outside_its_cycle_is_refused(double cycle, double green) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HcmDelay.UniformSeconds(cycle, green, 0.5));
}
