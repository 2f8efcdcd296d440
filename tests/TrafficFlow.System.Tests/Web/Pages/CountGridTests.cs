using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Web.Live;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Speed;
using TrafficFlow.Web.Pages.Turning;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>What pages over days make of bins: every vehicle once, and what nobody watched as missing.</summary>
public sealed class CountGridTests
{
    private static readonly Site Site = SyntheticJunction.Site;
    private static readonly Period Day = new(new DateOnly(2026, 5, 1), new DateOnly(2026, 5, 1));
    private static readonly Interval Span = Day.Span(Site.TimeZone);
    private static readonly ApproachId First = Site.Approaches[0].Id;
    private static readonly ApproachId Second = Site.Approaches[1].Id;

    [Fact]
    public void Approaches_are_lines_and_an_unwatched_step_is_missing_in_the_line_and_in_the_sum()
    {
        var series = Series(CountedBy.Approach, Bin(First, 0, 5, 7), Bin(First, 5, 5, 2), Bin(Second, 0, 5, 1), Bin(Second, 5, 0, 0));

        Assert.Equal([7, 2, null], Line(series, First.Value).Take(3));
        Assert.Equal([1, null, null], Line(series, Second.Value).Take(3));
        Assert.Equal([8, null, null], series.Sum.Take(3));
        Assert.Equal([1, 0.5, 0], series.Watched.Take(3));
        Assert.Equal(9, series.Lines.Single(l => l.Key == First.Value).Total);
    }

    [Fact]
    public void Classes_and_movements_count_each_vehicle_once()
    {
        var bin = Bin(First, 0, 5, 4, VehicleClass.Bus) with { Rows = [Row(Movement.Entering, 4, VehicleClass.Bus), Row(Movement.To(Second), 3, VehicleClass.Bus), Row(Movement.Exiting, 9, VehicleClass.Bus)] };

        Assert.Equal((4, 4), (Line(Series(CountedBy.Class, bin), "bus")[0], Series(CountedBy.Class, bin).Lines.Sum(l => l.Total)));
        Assert.Equal((3, 3), (Line(Series(CountedBy.Movement, bin), $"{First} to {Second}")[0], Series(CountedBy.Movement, bin).Lines.Sum(l => l.Total)));
        // The other approach was not watched: of a class that came there nobody knows.
        Assert.Null(Line(Series(CountedBy.Class, bin), "passenger-car")[0]);
        Assert.Equal(0, Line(Series(CountedBy.Class, bin, Bin(Second, 0, 5, 0)), "passenger-car")[0]);
    }

    [Fact]
    public void Ways_that_the_gates_of_now_do_not_tell_are_lines_too_and_each_line_knows_how_much_of_it_was_watched()
    {
        var bin = Bin(First, 0, 5, 4) with { Rows = [Row(Movement.Entering, 4, VehicleClass.Bus), Row(new Movement("to unknown"), 4, VehicleClass.Bus)] };

        var series = Series(CountedBy.Movement, bin, Bin(Second, 0, 0, 0));

        Assert.Equal(4, Line(series, $"{First} to unknown")[0]);
        Assert.Equal((1, 0.5), (series.Lines.Single(l => l.Key == $"{First} to unknown").Watched[0], series.Watched[0]));
        Assert.All(series.Lines.Where(l => l.Key.StartsWith($"{Second} ", StringComparison.Ordinal)), l => Assert.Null(l.Counts[0]));
    }

    [Fact]
    public void Hours_add_up_to_days_and_degraded_is_told()
    {
        var week = new Period(Day.From, Day.From.AddDays(199));
        var steps = CountSteps.For(null, week);
        var grid = new CountGrid(new CountQuestion(Site, [First], CountedBy.Approach), steps.Of(week, Site.TimeZone));
        for (var hour = 0; hour < 48; hour++) grid.Add(Bin(First, hour * 60, 60, 1) with { Quality = hour == 30 ? BinQuality.Degraded : BinQuality.Complete });

        var series = grid.ToSeries();

        Assert.Equal("day", steps.Name);
        Assert.Equal([24, 24, null], series.Lines[0].Counts.Take(3));
        Assert.Equal([false, true, false], series.Degraded.Take(3));
        Assert.Equal(1, series.Watched[1], 6);
    }

    [Fact]
    public void The_option_of_the_chart_has_a_null_where_nobody_watched_and_no_style_of_its_own()
    {
        var series = Series(CountedBy.Approach, Bin(First, 0, 5, 7));

        var option = CountsChart.Option(series, null, k => k, CountsTexts.For("en"), Site.TimeZone);

        var data = option["series"]!.AsArray().First(s => s!["name"]!.GetValue<string>() == First.Value)!["data"]!.AsArray();
        Assert.Equal((288, 7), (data.Count, data[0]![1]!.GetValue<int>()));
        Assert.Null(data[1]![1]);
        Assert.Equal("richText", option["tooltip"]!["renderMode"]!.GetValue<string>());
    }

    [Fact]
    public void A_turning_table_knows_its_peak_hour_and_how_much_was_watched()
    {
        var quarters = Enumerable.Range(0, 96).SelectMany(q => Site.Approaches.Select(a => Bin(a.Id, q * 15, 15, q == 30 ? 40 : 10, minutes: BinDuration.QuarterHour))).ToList();
        var hours = Enumerable.Range(0, 12).Select(h => Bin(First, h * 60, 60, 100, minutes: BinDuration.Hour)).ToList();

        var summary = TurningSummary.Of(Site, Span, hours, quarters, null);

        Assert.Equal((Span.From.AddMinutes(15 * 27), 70 * Site.Approaches.Count, 40 * Site.Approaches.Count), (summary.Peak!.Start, summary.Peak.Volume, summary.Peak.MaxQuarter));
        Assert.Equal((0.5, 0.0), (summary.Watched[First], summary.Watched[Second]));
        var blind = TurningSummary.Of(Site, Span, hours, [.. quarters.Where(q => q.Key.Approach != Second)], null);
        Assert.Null(blind.Peak);
        Assert.Equal(70, blind.Peaks[First]!.Volume);
    }

    [Fact]
    public void Speeds_are_space_means_and_empty_where_none_was_measured()
    {
        var measured = Bin(First, 0, 5, 2) with { Rows = [new FlowRow(Movement.Entering, VehicleClass.PassengerCar, new FlowSums(2, 2, 0, 2, 80, (1 / 60.0) + (1 / 20.0)))], Queue = new QueueSums(300, 3000, 25, 600, 4) };

        var summary = SpeedSummary.Of(Site, CountSteps.All[0].Of(Day, Site.TimeZone), [measured, Bin(First, 5, 5, 3)]);

        var first = summary.Approaches.Single(a => a.Approach == First);
        Assert.Equal(30, first.SpeedsKmh[0]!.Value, 6);
        Assert.Null(first.SpeedsKmh[1]);
        Assert.Equal((10.0, 25.0), (first.Queue!.Value.MeanMetres!.Value, first.Queue.Value.MaxMetres));
        Assert.Null(summary.Approaches.Single(a => a.Approach == Second).Queue);
    }

    [Fact]
    public void The_slider_of_a_day_adds_up_its_window_and_stays_inside_of_the_day()
    {
        var day = new DayFlows(Site, Span, [.. Enumerable.Range(0, 288).Select(i => Bin(First, i * 5, 5, i))]);

        Assert.Equal(10 + 11 + 12, day.At(50, 15).Flows.Single(f => f.Approach == First).Entering!.Count);
        Assert.Null(day.At(50, 15).Flows.Single(f => f.Approach == Second).Entering!.Count);
        Assert.Equal(Span.To, day.At(99_999, 60).Span.To);
        Assert.Equal(Span.To, day.Through);
    }

    private static CountSeries Series(CountedBy by, params FlowBin[] bins)
    {
        var grid = new CountGrid(new CountQuestion(Site, [First, Second], by), CountSteps.All[0].Of(Day, Site.TimeZone));
        foreach (var bin in bins) grid.Add(bin);
        return grid.ToSeries();
    }

    private static ImmutableArray<int?> Line(CountSeries series, string key) => series.Lines.Single(l => l.Key == key).Counts;

    private static FlowRow Row(Movement movement, int count, VehicleClass vehicleClass) => new(movement, vehicleClass, new FlowSums(count, 0, 0, 0, 0, 0));

    /// <param name="minute">Of the day.</param>
    /// <param name="observed">Minutes.</param>
    private static FlowBin Bin(ApproachId approach, int minute, int observed, int count, VehicleClass vehicleClass = VehicleClass.PassengerCar, BinDuration? minutes = null)
    {
        var (start, length) = (Span.From.AddMinutes(minute), minutes ?? (observed == 60 ? BinDuration.Hour : BinDuration.FiveMinutes));
        return new FlowBin(
            new BinKey(Site.Id, approach, length, start), start + length.Length, TimeSpan.FromMinutes(observed), observed > 0 ? BinQuality.Complete : BinQuality.Blind, 1,
            count > 0 ? [Row(Movement.Entering, count, vehicleClass)] : [], []);
    }
}
