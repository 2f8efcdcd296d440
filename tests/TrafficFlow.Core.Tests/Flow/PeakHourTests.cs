using TrafficFlow.Core.Flow;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class PeakHourTests
{
    private static readonly DateTimeOffset Seven = new(2026, 5, 1, 7, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void The_busiest_four_successive_quarters_make_it_and_the_factor_is_V60_by_four_V15max()
    {
        var peak = PeakHour.Find(Quarters(50, 100, 120, 140, 120, 60, 10))!;

        Assert.Equal(new PeakHour(Seven.AddMinutes(15), 480, 140), peak);
        Assert.Equal(480 / 560.0, peak.Factor!.Value, 9);
    }

    [Fact]
    public void An_hour_of_which_a_quarter_was_not_watched_is_no_peak()
    {
        Assert.Equal(new PeakHour(Seven.AddMinutes(60), 40, 10), PeakHour.Find(Quarters(500, 500, 500, null, 10, 10, 10, 10)));
        Assert.Null(PeakHour.Find(Quarters(500, 500, 500)));
        Assert.Null(PeakHour.Find(Quarters(1, null, 1, 1, null, 1, 1)));
    }

    [Fact]
    public void Of_equals_the_earliest_and_without_vehicles_no_factor()
    {
        var peak = PeakHour.Find(Quarters(0, 0, 0, 0, 0))!;

        Assert.Equal((Seven, 0), (peak.Start, peak.Volume));
        Assert.Null(peak.Factor);
    }

    private static List<(DateTimeOffset, int?)> Quarters(params int?[] counts) => [.. counts.Select((c, i) => (Seven.AddMinutes(15 * i), c))];
}
