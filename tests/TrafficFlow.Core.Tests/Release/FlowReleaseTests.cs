using System.Reflection;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Release;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Release.Attack;
using Xunit;

namespace TrafficFlow.Core.Tests.Release;

public sealed class FlowReleaseTests
{
    private static readonly Movement South = Movement.To(new ApproachId("south"));
    private static readonly ReleasedApproach North = new(
        new SiteId("street"), new ApproachId("north"), TimeZoneInfo.Utc, [Movement.Entering, Movement.Exiting, South]);

    private static readonly DateTimeOffset Midnight = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 28);
    private static readonly DateTimeOffset Later = Midnight.AddDays(3);

    /// <summary>Of a quarter; in an hour of four, cars and buses are told.</summary>
    private static readonly (VehicleClass Class, int Count)[] s_traffic =
        [(VehicleClass.PassengerCar, 40), (VehicleClass.Bus, 5), (VehicleClass.HeavyGoods, 1), (VehicleClass.LightGoods, 1)];

    private readonly FlowRelease _release = new();

    [Fact]
    public void Nobody_else_can_make_a_table_or_a_cell() =>
        Assert.All(
            [typeof(ReleasedTable), typeof(ReleasedCell)],
            type =>
            {
                Assert.True(type.IsSealed);
                Assert.Empty(type.GetConstructors(BindingFlags.Public | BindingFlags.Instance));
                Assert.DoesNotContain(type.GetProperties(), p => p.SetMethod is not null);
            });

    [Fact]
    public void Totals_are_told_at_once_and_turns_from_a_quarter_on()
    {
        var minute = _release.Totals(North, Bin(BinDuration.OneMinute, 0, (Movement.Entering, VehicleClass.Bus, 1), (South, VehicleClass.Bus, 1)));
        var quarter = _release.Totals(North, Bin(BinDuration.QuarterHour, 0, (Movement.Entering, VehicleClass.Bus, 1), (South, VehicleClass.Bus, 1)));

        Assert.Equal(1, minute.Cell(Movement.Entering)!.Count);
        Assert.Equal(0, minute.Cell(Movement.Exiting)!.Count);
        Assert.Equal((null, Withheld.Coarsened), (minute.Cell(South)!.Count, minute.Cell(South)!.Withheld));
        Assert.Equal(1, quarter.Cell(South)!.Count);
        Assert.All([.. minute.Cells, .. quarter.Cells], c => Assert.Null(c.Class));
    }

    [Fact]
    public void Missing_stays_missing_and_zero_is_zero()
    {
        var blind = Bin(BinDuration.QuarterHour, 4) with { Observed = TimeSpan.Zero, Quality = BinQuality.Blind };
        var day = Day([.. Hour(0), Closed(blind)]);

        Assert.Equal(0, day.Hours[0].Cell(South)!.Count);
        Assert.Equal(0, day.Hours[0].Cell(South, VehicleClass.Bus)!.Count);
        Assert.Equal(Withheld.Missing, day.Hours[1].Cell(South)!.Withheld);
        Assert.Equal(Withheld.Missing, day.Hours[1].Cell(South, VehicleClass.Bus)!.Withheld);
        Assert.Equal(Withheld.Missing, day.Hours[2].Cell(South)!.Withheld);
        Assert.Equal((BinQuality.Partial, 3600.0), (day.Day.Quality, day.Day.Observed.TotalSeconds));
    }

    [Fact]
    public void Small_cells_are_hidden_with_zeros_and_with_the_smallest_of_the_others()
    {
        var hour = Day(Hour(0, (VehicleClass.PassengerCar, 40), (VehicleClass.LightGoods, 6), (VehicleClass.Bus, 1))).Hours[0];

        Assert.Equal(160, hour.Cell(South, VehicleClass.PassengerCar)!.Count);
        Assert.Equal(Withheld.Suppressed, hour.Cell(South, VehicleClass.LightGoods)!.Withheld);
        Assert.Equal(Withheld.Suppressed, hour.Cell(South, VehicleClass.Bus)!.Withheld);
        Assert.Equal(Withheld.Suppressed, hour.Cell(South, VehicleClass.Motorcycle)!.Withheld);
        Assert.Equal(188, hour.Cell(South)!.Count);
        Assert.Equal(5, hour.SuppressedCells);
    }

    [Fact]
    public void A_class_that_would_show_in_a_short_bin_is_hidden_in_its_hour()
    {
        // All buses came in the first quarter: with the cars of the hour told, its ten vehicles would be known to hold four cars at least.
        BinRevision[] together =
            [Quarter(0, (VehicleClass.PassengerCar, 4), (VehicleClass.Bus, 6)), .. Enumerable.Range(1, 3).Select(q => Quarter(q, (VehicleClass.PassengerCar, 30)))];
        BinRevision[] apart = [.. Enumerable.Range(0, 4).Select(q => Quarter(q, (VehicleClass.PassengerCar, 30), (VehicleClass.Bus, 6)))];

        Assert.Equal(Withheld.Suppressed, Day(together).Hours[0].Cell(South, VehicleClass.PassengerCar)!.Withheld);
        Assert.Equal(120, Day(apart).Hours[0].Cell(South, VehicleClass.PassengerCar)!.Count);
    }

    [Fact]
    public void What_is_hidden_in_the_hours_is_told_of_the_day()
    {
        var day = Day([.. Enumerable.Range(0, 24).SelectMany(h => Hour(h, (VehicleClass.PassengerCar, 40), (VehicleClass.Bus, 1), (VehicleClass.HeavyGoods, 1)))]);

        Assert.All(day.Hours, h => Assert.Null(h.Cell(South, VehicleClass.Bus)!.Count));
        Assert.Equal(96, day.Day.Cell(South, VehicleClass.Bus)!.Count);
    }

    [Fact]
    public void A_suppressed_sum_says_what_the_reader_could_add_up()
    {
        var told = Hour(7, (VehicleClass.PassengerCar, 40), (VehicleClass.Bus, 3), (VehicleClass.HeavyGoods, 4), (VehicleClass.LightGoods, 2));
        var hidden = Quarter(32, (VehicleClass.Bus, 2), (VehicleClass.HeavyGoods, 2), (VehicleClass.LightGoods, 7));
        var day = Day([.. told, hidden]);
        var bus = day.Day.Cell(South, VehicleClass.Bus)!;

        Assert.Equal((null, 12), (bus.Count, bus.AtLeast));
        Assert.Equal(Withheld.Suppressed, bus.Withheld);
    }

    [Fact]
    public void What_was_told_of_classes_is_never_told_otherwise_whatever_is_revised()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var month = new RandomMonth(seed, TrafficLevel.Mixed);
        var atLast = _release.Month(month.Approach, RandomMonth.Year, RandomMonth.Month, month.Revisions, month.End);
        var compared = 0;
        foreach (var (day, number) in atLast.Days.Take(6).Select((d, i) => (d, i + 1)))
        {
            var from = RandomMonth.Start.AddDays(number - 1);
            for (var asked = from.AddHours(1); asked < from.AddHours(48); asked += TimeSpan.FromMinutes(175))
            {
                var known = month.Revisions.Where(r => r.Bin.Key.Start >= from && r.Bin.Key.Start < from.AddDays(1) && r.ClosedAt <= asked).Reverse();
                var then = _release.Day(month.Approach, new DateOnly(RandomMonth.Year, RandomMonth.Month, number), known, asked);
                foreach (var (early, late) in then.Hours.Zip(day.Hours).Append((then.Day, day.Day)).Where(t => t.Item1.DetailAsOf is not null))
                {
                    foreach (var (a, b) in Details(early).Zip(Details(late)))
                    {
                        Assert.Equal((a.Movement, a.Class, a.Count, a.AtLeast), (b.Movement, b.Class, b.Count, b.AtLeast));
                        compared++;
                    }
                }
            }
        }

        Assert.True(compared > 10_000);
    }

    [Fact]
    public void A_class_is_pending_until_its_period_has_settled()
    {
        var quarters = Hour(0, s_traffic);

        var soon = _release.Day(North, Today, quarters, Midnight.AddMinutes(70));
        var then = _release.Day(North, Today, quarters, Midnight.AddMinutes(80));

        Assert.Equal((188, Withheld.Pending), (soon.Hours[0].Cell(South)!.Count, soon.Hours[0].Cell(South, VehicleClass.Bus)!.Withheld));
        Assert.Equal(20, then.Hours[0].Cell(South, VehicleClass.Bus)!.Count);
        Assert.Equal(Withheld.Pending, then.Day.Cell(South, VehicleClass.Bus)!.Withheld);
        Assert.Null(soon.Hours[0].DetailAsOf);
    }

    [Fact]
    public void Late_vehicles_are_in_the_totals_only()
    {
        var late = Quarter(0, [.. s_traffic, (VehicleClass.Bus, 1)]);
        BinRevision[] all = [.. Hour(0, s_traffic), new BinRevision(late.Bin with { Revision = 2 }, Midnight.AddHours(5))];
        var hour = Day(all).Hours[0];

        Assert.Equal((189, 20, 2), (hour.Cell(South)!.Count, hour.Cell(South, VehicleClass.Bus)!.Count, hour.Revision));
        Assert.Equal(Midnight.AddMinutes(75), hour.DetailAsOf);
    }

    [Fact]
    public void One_approach_is_told_by_class_where_the_rules_say_so()
    {
        var release = new FlowRelease(new ReleaseRules { Classes = ClassDetail.ByApproach });
        var hour = release.Day(North, Today, Hour(0, s_traffic), Later).Hours[0];

        Assert.Equal(20, hour.Cell(Movement.Entering, VehicleClass.Bus)!.Count);
        Assert.Null(hour.Cell(South, VehicleClass.Bus));
    }

    [Theory]
    [InlineData(10, 25, 25)]
    [InlineData(3, 29, 23)]
    [InlineData(11, 28, 24)]
    public void A_day_is_one_of_the_sites_clock(int month, int day, int hours)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var berlin = North with { Zone = zone };
        var from = new DateTime(2026, month, day, 0, 0, 0, DateTimeKind.Unspecified);
        var start = new DateTimeOffset(from, zone.GetUtcOffset(from));
        var quarters = Enumerable.Range(0, 4 * hours).Select(q => TimeZoneInfo.ConvertTime(start.AddMinutes(15 * q), zone))
            .Select(s => Quarter(0, s_traffic).Bin with { Key = new BinKey(North.Site, North.Approach, BinDuration.QuarterHour, s), End = s.AddMinutes(15) }).Select(Closed);

        var told = _release.Day(berlin, new DateOnly(2026, month, day), quarters, start.AddDays(3));

        Assert.Equal(hours, told.Hours.Length);
        Assert.All(told.Hours, h => Assert.Equal(20, h.Cell(South, VehicleClass.Bus)!.Count));
        Assert.Equal((20 * hours, BinQuality.Complete), (told.Day.Cell(South, VehicleClass.Bus)!.Count, told.Day.Quality));
    }

    [Fact]
    public void Bad_input_is_refused_with_what_is_wrong()
    {
        var open = Bin(BinDuration.QuarterHour, 0) with { Revision = 0 };

        Assert.Contains("still open", Assert.Throws<ArgumentException>(() => _release.Totals(North, open)).Message, StringComparison.Ordinal);
        var east = North with { Approach = new ApproachId("east") };
        Assert.Contains("street/north", Assert.Throws<ArgumentException>(() => _release.Totals(east, Bin(BinDuration.Hour, 0))).Message, StringComparison.Ordinal);
        Assert.Contains("15 min", Assert.Throws<ArgumentException>(() => Day([Closed(Bin(BinDuration.Hour, 0))])).Message, StringComparison.Ordinal);
        Assert.Contains("2026-11-28", Assert.Throws<ArgumentException>(() => _release.Day(North, Today.AddDays(1), Hour(0), Later)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _release.Month(North, 2026, 10, Hour(0), Later));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowRelease(new ReleaseRules { ClassThreshold = 1 }));
    }

    private static IEnumerable<ReleasedCell> Details(ReleasedTable table) => table.Cells.Where(c => c.Class is not null);

    private ReleasedDay Day(IEnumerable<BinRevision> quarters) => _release.Day(North, Today, quarters, Later);

    /// <summary>Four quarters alike; counts are of each.</summary>
    private static BinRevision[] Hour(int hour, params (VehicleClass Class, int Count)[] counts) => [.. Enumerable.Range(4 * hour, 4).Select(q => Quarter(q, counts))];

    private static BinRevision Quarter(int index, params (VehicleClass Class, int Count)[] counts) =>
        Closed(Bin(BinDuration.QuarterHour, index, [.. counts.SelectMany(c => new[] { (Movement.Entering, c.Class, c.Count), (South, c.Class, c.Count) })]));

    private static BinRevision Closed(FlowBin bin) => new(bin, bin.End.AddMinutes(1));

    private static FlowBin Bin(BinDuration duration, int index, params (Movement Movement, VehicleClass Class, int Count)[] counts)
    {
        var start = Midnight + (index * duration.Length);
        return new FlowBin(
            new BinKey(North.Site, North.Approach, duration, start), start + duration.Length, duration.Length, BinQuality.Complete, 1,
            [.. counts.Select(c => new FlowRow(c.Movement, c.Class, new FlowSums(c.Count, c.Count, 0, 0, 0, 0)))], []);
    }
}
