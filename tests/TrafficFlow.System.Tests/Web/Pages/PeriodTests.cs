using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>The days in a page's address, whatever somebody writes there.</summary>
public sealed class PeriodTests
{
    private static readonly DateOnly Today = new(2026, 11, 29);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData(null, null, "2026-11-29", "2026-11-29", false)]
    [InlineData("2026-11-01", "2026-11-07", "2026-11-01", "2026-11-07", false)]
    [InlineData("2026-11-01", null, "2026-11-01", "2026-11-01", false)]
    [InlineData("2026-11-07", "2026-11-01", "2026-11-29", "2026-11-29", true)]
    [InlineData("2026-02-30", "2026-03-01", "2026-11-29", "2026-11-29", true)]
    [InlineData(null, "2026-03-01", "2026-11-29", "2026-11-29", true)]
    [InlineData("2025-01-01", "2026-01-02", "2026-11-29", "2026-11-29", true)]
    [InlineData("2025-01-01", "2026-01-01", "2025-01-01", "2026-01-01", false)]
    [InlineData("0001-01-01", "0001-01-01", "2026-11-29", "2026-11-29", true)]
    [InlineData("<script>", "9999-12-31", "2026-11-29", "2026-11-29", true)]
    public void Days_are_read_or_refused(string? from, string? to, string first, string last, bool isRefused)
    {
        var (period, refused) = Period.Read(from, to, Today);

        Assert.Equal((first, last, isRefused), (Period.Write(period.From), Period.Write(period.To), refused));
    }

    [Fact]
    public void Days_on_which_the_clock_is_set_have_23_and_25_hours_and_all_their_steps()
    {
        var (spring, autumn) = (new Period(new DateOnly(2026, 3, 29), new DateOnly(2026, 3, 29)), new Period(new DateOnly(2026, 10, 25), new DateOnly(2026, 10, 25)));

        Assert.Equal((23, 25), (spring.Span(Berlin).Length.TotalHours, autumn.Span(Berlin).Length.TotalHours));
        foreach (var (period, hours) in new[] { (spring, 23), (autumn, 25) })
        {
            var steps = CountSteps.For("60", period).Of(period, Berlin);
            Assert.Equal(hours, steps.Count);
            Assert.Equal(period.Span(Berlin), new TrafficFlow.Core.Flow.Interval(steps[0].From, steps[^1].To));
            for (var i = 1; i < steps.Count; i++) Assert.Equal(steps[i - 1].To, steps[i].From);
        }
    }

    [Theory]
    [InlineData(1, null, "5")]
    [InlineData(7, null, "15")]
    [InlineData(30, null, "60")]
    [InlineData(365, null, "day")]
    [InlineData(1, "60", "60")]
    [InlineData(365, "5", "day")]
    [InlineData(30, "nonsense", "60")]
    public void Steps_fit_the_days(int days, string? asked, string given)
    {
        var period = Period.Last(days, Today);

        var steps = CountSteps.For(asked, period);

        Assert.Equal(given, steps.Name);
        Assert.InRange(steps.Of(period, Berlin).Count, 1, 3_001);
    }
}
