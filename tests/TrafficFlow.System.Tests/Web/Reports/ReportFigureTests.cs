using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Web.Pages.Reports.Drawing;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

public sealed class ReportFigureTests
{
    private static readonly Site s_site = SyntheticJunction.Site;
    private static readonly IReadOnlyList<ApproachId> s_arms = [.. s_site.Approaches.Select(a => a.Id)];
    private static readonly Period s_day = new(new DateOnly(2026, 5, 11), new DateOnly(2026, 5, 11));
    private static readonly DateTimeOffset s_midnight = s_day.Span(s_site.TimeZone).From;

    [Fact]
    public void Peak_hours_are_found_before_and_after_noon_and_never_across_it()
    {
        // From 11:30 to 12:30 most pass, which is neither: 11:00 to 12:00 and 12:00 to 13:00 are.
        var quarters = Quarters(q => q is >= 46 and < 50 ? 100 : q is 30 or 31 or 32 or 33 ? 20 : 10);

        var junction = HalfDayPeaks.Of(s_site, s_day.Span(s_site.TimeZone), quarters)[0];

        Assert.Equal((s_midnight.AddHours(11), 10 + 10 + 100 + 100), (junction.Morning!.Start, junction.Morning.Volume / s_arms.Count));
        Assert.Equal((s_midnight.AddHours(12), 100 + 100 + 10 + 10), (junction.Afternoon!.Start, junction.Afternoon.Volume / s_arms.Count));
        Assert.Equal(220 / 400.0, junction.Morning.Factor);
    }

    [Fact]
    public void A_junction_has_no_peak_in_hours_that_one_approach_was_not_watched_in()
    {
        var quarters = Quarters(q => q == 32 ? 500 : 10).Where(b => b.Key.Approach != s_arms[0] || b.Key.Start != s_midnight.AddHours(8)).ToList();

        var peaks = HalfDayPeaks.Of(s_site, s_day.Span(s_site.TimeZone), quarters);

        Assert.Equal(40 * s_arms.Count, peaks[0].Morning!.Volume);
        Assert.Equal(530, peaks.Single(p => p.Approach == s_arms[1]).Morning!.Volume);
        Assert.Equal(40, peaks.Single(p => p.Approach == s_arms[0]).Morning!.Volume);
    }

    [Fact]
    public void Two_days_are_not_joined_over_night()
    {
        var period = new Period(s_day.From, s_day.To.AddDays(1));
        // The last half hour of the first day and the first of the second.
        var quarters = Quarters(q => q is 94 or 95 or 96 or 97 ? 100 : 1, days: 2);

        var junction = HalfDayPeaks.Of(s_site, period.Span(s_site.TimeZone), quarters)[0];

        Assert.Equal((202, 202), (junction.Morning!.Volume / s_arms.Count, junction.Afternoon!.Volume / s_arms.Count));
    }

    [Fact]
    public void Stretches_that_were_not_watched_are_told_with_their_quality_and_merged()
    {
        var expected = new BinAlignment(s_site.TimeZone).Touching(s_day.Span(s_site.TimeZone), BinDuration.QuarterHour).ToList();
        var bins = Quarters(_ => 1).Select(b => (b.Key.Start - s_midnight).TotalHours switch
        {
            >= 3 and < 4 when b.Key.Approach == s_arms[0] => b with { Quality = BinQuality.Blind, Observed = TimeSpan.Zero, Rows = [] },
            >= 4 and < 4.5 when b.Key.Approach == s_arms[0] => b with { Quality = BinQuality.Partial, Observed = TimeSpan.FromMinutes(6), Revision = 3 },
            _ => b,
        }).Where(b => b.Key.Approach != s_arms[1] || b.Key.Start < s_midnight.AddHours(23)).ToList();

        var coverage = CoverageFigures.Of(s_arms, expected, bins, expected);

        Assert.Equal(
            [
                new Shortfall(s_arms[0], new Interval(s_midnight.AddHours(3), s_midnight.AddHours(4)), WatchQuality.Blind, 0),
                new Shortfall(s_arms[0], new Interval(s_midnight.AddHours(4), s_midnight.AddHours(4.5)), WatchQuality.Partial, 0.4),
                new Shortfall(s_arms[1], new Interval(s_midnight.AddHours(23), s_midnight.AddHours(24)), WatchQuality.None, 0),
            ],
            coverage.Shortfalls);
        Assert.Equal((24 - 1 - 0.3) / 24, coverage.Approaches[0].Share, 6);
        Assert.Equal((2, 3), (coverage.Approaches[0].Revised, coverage.Approaches[0].HighestRevision));
        Assert.Equal((WatchQuality.Blind, WatchQuality.Partial, WatchQuality.Complete), (coverage.Approaches[0].Cells[12].Quality, coverage.Approaches[0].Cells[16].Quality, coverage.Approaches[0].Cells[18].Quality));
        Assert.Equal(1.0, coverage.Approaches[2].Share);
    }

    [Fact]
    public void An_hour_of_which_a_half_is_missing_was_watched_in_part_and_one_that_is_missing_whole_was_not()
    {
        var span = new Interval(s_midnight, s_midnight.AddHours(2));
        var expected = new BinAlignment(s_site.TimeZone).Touching(span, BinDuration.QuarterHour).ToList();
        var bins = Quarters(_ => 1).Where(b => b.Key.Start < s_midnight.AddMinutes(30)).ToList();

        var cells = CoverageFigures.Of([s_arms[0]], expected, bins, [.. new BinAlignment(s_site.TimeZone).Touching(span, BinDuration.Hour)]).Approaches[0].Cells;

        Assert.Equal([new CoverageCell(WatchQuality.Partial, 0.5), new CoverageCell(WatchQuality.None, 0)], cells);
    }

    [Fact]
    public void Weeks_are_compared_in_the_hours_that_were_watched_in_both_alone()
    {
        var now = Series([10, 20, null, 40], [1, 1, 0, 1]);
        var before = Series([8, 30, 30, 1], [1, 1, 1, 0.3]);

        IReadOnlyList<int?> beside = [0, 1, 2, 3];
        var week = WeekComparison.Of(s_day.Before(7), before, now, before, beside);

        var line = week.Lines.Single(l => l.Key == "a");
        Assert.Equal((70, 69, 2, 30, 38), (line.Total, line.TotalBefore, line.Compared, line.Now, line.Before));
        Assert.Equal(-8 / 38.0, line.Change!.Value, 6);
        Assert.Null(WeekComparison.Of(s_day, before, now, Series([null, null, null, null], [0, 0, 0, 0]), beside).Lines[0].Change);
    }

    /// <summary>Berlin: on 2026-03-29 it is never 02:00, and on 2026-10-25 twice.</summary>
    [Theory]
    [InlineData("2026-03-29", 23, 0, 1)]
    [InlineData("2026-04-05", 23, 1, 0)]
    [InlineData("2026-10-25", 23, 2, 1)]
    [InlineData("2026-11-01", 23, 1, 2)]
    [InlineData("2026-05-10", 24, 0, 0)]
    public void Over_a_change_of_the_clock_the_same_hours_of_the_clock_are_compared(string day, int hours, int alone, int aloneBefore)
    {
        var site = s_site with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        var date = DateOnly.ParseExact(day, "yyyy-MM-dd");
        var (period, earlier) = (new Period(date, date), new Period(date, date).Before(7));

        var figures = ReportReader.Of(new ReportQuestion(site, period), period.Span(site.TimeZone), s_midnight, ByTheClock(site, period), ByTheClock(site, period), earlier, ByTheClock(site, earlier));

        var week = figures.Week;
        Assert.Equal((hours, alone, aloneBefore), (week.Hours, week.Alone, week.AloneBefore));
        // In each hour so many enter as the clock shows: what is compared is alike, and all that is compared is at its place in the chart.
        Assert.Equal((hours, 0.0), (week.Lines[0].Compared, week.Lines[0].Change!.Value));
        for (var i = 0; i < figures.ByApproach.Steps.Count; i++)
        {
            if (week.Series.Watched[i] > 0) Assert.Equal(figures.ByApproach.Sum[i], week.Series.Sum[i]);
        }

        Assert.Equal(hours, week.Series.Watched.Count(w => w > 0));
    }

    [Fact]
    public async Task A_report_says_which_hours_of_a_change_of_the_clock_are_not_comparable()
    {
        var site = s_site with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };
        var period = new Period(new DateOnly(2026, 10, 25), new DateOnly(2026, 10, 25));
        var bins = ByTheClock(site, period);
        var figures = ReportReader.Of(new ReportQuestion(site, period), period.Span(site.TimeZone), s_midnight, bins, bins, period.Before(7), ByTheClock(site, period.Before(7)));

        Assert.Contains("2 h of this period and 1 h of the earlier one have no counterpart", await ReportHtml.WriteAsync(figures, "en"));
        Assert.Contains("今期の 2 時間、比較期の 1 時間", await ReportHtml.WriteAsync(figures, "ja"));
    }

    [Fact]
    public void Days_are_compared_by_their_date_and_a_step_that_the_clock_cuts_is_not()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Australia/Lord_Howe");
        // On 2026-10-04 the clock goes from 02:00 to 02:30.
        var (now, earlier) = (new Period(new DateOnly(2026, 10, 4), new DateOnly(2026, 10, 5)), new Period(new DateOnly(2026, 9, 27), new DateOnly(2026, 9, 28)));
        var (days, hours) = (CountSteps.All.Single(s => s.IsDays), CountSteps.All.Single(s => s.Name == "60"));

        Assert.Equal([0, 1], EarlierSteps.Of(days.Of(now, zone), days.Of(earlier, zone), 7, zone, areDays: true));
        var beside = EarlierSteps.Of(hours.Of(now, zone), hours.Of(earlier, zone), 7, zone);
        Assert.Equal([0, 1, null, 3], beside.Take(4));
        Assert.Equal(47, beside.Count(b => b is not null));
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(7, 7)]
    [InlineData(8, 14)]
    [InlineData(30, 35)]
    [InlineData(366, 371)]
    public void What_is_compared_with_are_whole_weeks_before_without_a_day_of_both(int days, int shift) =>
        Assert.Equal(shift, WeekComparison.ShiftOf(new Period(s_day.From, s_day.From.AddDays(days - 1))));

    [Fact]
    public void Daytime_is_from_7_to_19_o_clock_and_ratios_need_a_day_that_was_watched_whole()
    {
        var steps = new BinAlignment(s_site.TimeZone).Touching(s_day.Span(s_site.TimeZone), BinDuration.Hour).ToList();
        var series = new CountSeries(steps, [.. steps.Select(_ => 1.0)], [.. steps.Select(_ => false)], [new CountLine("a", [.. Enumerable.Range(0, 24).Select(h => (int?)(h is >= 7 and < 19 ? 100 : 10))], [.. steps.Select(_ => 1.0)])]);

        var day = DayTotals.Of(series, new PeakHour(s_midnight.AddHours(8), 132, 40), s_site.TimeZone);
        var gap = DayTotals.Of(series with { Watched = series.Watched.SetItem(3, 0) }, null, s_site.TimeZone);

        Assert.Equal((1320, 1200), (day.All, day.Daytime));
        Assert.Equal((1.1, 0.1), (day.DayRatio, day.PeakShare));
        Assert.Equal((1.0, null, null), (gap.DaytimeWatched, gap.DayRatio, gap.PeakShare));
    }

    [Theory]
    [InlineData(1, "100 %")]
    [InlineData(0.9996, "99.9 %")]
    [InlineData(0.99, "99 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.0004, "0.1 %")]
    [InlineData(0, "0 %")]
    public void Nearly_all_is_not_all_and_a_little_is_not_nothing(double share, string written) => Assert.Equal(written, Figures.Watched(share));

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(7, 8, 2)]
    [InlineData(957, 1000, 250)]
    [InlineData(1000, 1000, 250)]
    [InlineData(12345, 15000, 5000)]
    public void An_axis_ends_at_a_round_number_above_all_values(double most, double top, double step) => Assert.Equal((most == 0 ? 1 : top, step), (ValueAxis.Of(most).Top, ValueAxis.Of(most).Step));

    [Fact]
    public void Hatching_stays_in_its_rectangle()
    {
        var points = Hatching.Over(10.5, 20, 7, 33).Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToList();

        Assert.True(points.Count > 10);
        Assert.All(points, p => Assert.True(p[0] is >= 10.49 and <= 17.51 && p[1] is >= 19.99 and <= 53.01, $"{p[0]} {p[1]}"));
    }

    [Fact]
    public void Texts_of_a_drawing_cannot_end_it()
    {
        var svg = new SvgDrawing(10, 10, "\"><script>").Text(1, 1, "</text><script>").ToMarkup().Value;

        Assert.DoesNotContain("<script", svg);
        Assert.Contains("&lt;script&gt;", svg);
    }

    private static CountSeries Series(int?[] counts, double[] watched)
    {
        var steps = new BinAlignment(s_site.TimeZone).Touching(new Interval(s_midnight, s_midnight.AddHours(counts.Length)), BinDuration.Hour).ToList();
        return new CountSeries(steps, [.. watched], [.. counts.Select(_ => false)], [new CountLine("a", [.. counts], [.. watched])]);
    }

    /// <summary>Of each approach, watched whole: as many as the hour of the clock.</summary>
    private static List<FlowBin> ByTheClock(Site site, Period period) =>
    [
        .. from arm in s_arms
           from bin in new BinAlignment(site.TimeZone).Touching(period.Span(site.TimeZone), BinDuration.QuarterHour)
           let count = 1 + bin.From.Hour
           select new FlowBin(
               new BinKey(site.Id, arm, BinDuration.QuarterHour, bin.From), bin.To, bin.Length, BinQuality.Complete, 1,
               ImmutableArray.Create(new FlowRow(Movement.Entering, VehicleClass.PassengerCar, new FlowSums(count, count, 0, 0, 0, 0))), []),
    ];

    /// <summary>Of each approach, watched whole.</summary>
    private static List<FlowBin> Quarters(Func<int, int> count, int days = 1) =>
    [
        .. from arm in s_arms
           from q in Enumerable.Range(0, 96 * days)
           let start = s_midnight.AddMinutes(15 * q)
           select new FlowBin(
               new BinKey(s_site.Id, arm, BinDuration.QuarterHour, start), start.AddMinutes(15), TimeSpan.FromMinutes(15), BinQuality.Complete, 1,
               ImmutableArray.Create(new FlowRow(Movement.Entering, VehicleClass.PassengerCar, new FlowSums(count(q), count(q), 0, 0, 0, 0))), []),
    ];
}
