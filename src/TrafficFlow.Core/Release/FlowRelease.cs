using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Release;

/// <summary>
/// What leaves for the city and the public: the one place where small cells are suppressed, and the one maker of <see cref="ReleasedTable"/>. Pure:
/// what is told of a period is decided by the history of its bins alone, not by who asked, in which order, or what was revised since. Use:
/// <code>
/// var release = new FlowRelease();                                          // one set of rules for a site, for ever or changed with a month
/// var north = new ReleasedApproach(site.Id, new("north"), site.TimeZone, movementsOfItsGates);
/// ReleasedTable live = release.Totals(north, bin);                          // any closed bin, at once: totals only
/// ReleasedDay day = release.Day(north, new(2026, 11, 28), quarterHourBinsWithAllRevisions, now);
/// ReleasedCell? buses = day.Hours[7].Cell(Movement.To(new("south")), VehicleClass.Bus);   // Count, or Withheld says why not
/// ReleasedMonth month = release.Month(north, 2026, 11, quarterHourBinsWithAllRevisions, now);   // holds the same days
/// </code>
/// deploy/RELEASE.md says what is told at which granularity and why it is safe. Anything else that is to be released (a week, a
/// peak hour) is a sum of told cells, and told only where all of them are.
/// </summary>
/// <exception cref="ArgumentOutOfRangeException">A rule protects nobody.</exception>
public sealed class FlowRelease(ReleaseRules? rules = null)
{
    private readonly ReleaseRules _rules = (rules ?? ReleaseRules.Default).Checked();

    /// <summary>Totals of one closed bin, the newest revision as well as an old one; no classes and no speeds.</summary>
    /// <exception cref="ArgumentException">The bin is open, or of another approach.</exception>
    public ReleasedTable Totals(ReleasedApproach approach, FlowBin bin)
    {
        Check(approach, bin);
        var period = bin.Key.Duration.Minutes switch
        {
            1 => ReleasedPeriod.Minute,
            5 => ReleasedPeriod.FiveMinutes,
            15 => ReleasedPeriod.QuarterHour,
            60 => ReleasedPeriod.Hour,
            _ => throw new ArgumentException($"bins of {bin.Key.Duration} are not released", nameof(bin)),
        };
        var isShort = bin.Key.Duration.CompareTo(_rules.ShortestMovement) < 0;
        return new TableBuilder(approach, period, new Interval(bin.Key.Start, bin.End)).Totals([bin], null, m => isShort && ReleasedApproach.IsTurn(m)).Build([bin]);
    }

    /// <summary>A day with its quarters and hours.</summary>
    /// <param name="quarters">
    /// Every revision of every closed 15-minute bin that starts on that day, in any order. One that is left out changes what is told: read all.
    /// </param>
    /// <param name="now">What has not settled by now is pending.</param>
    /// <exception cref="ArgumentException">A bin is open, not of 15 minutes, of another approach or day.</exception>
    public ReleasedDay Day(ReleasedApproach approach, DateOnly day, IEnumerable<BinRevision> quarters, DateTimeOffset now)
    {
        var all = quarters.ToList();
        if (all.Find(r => DayOf(approach, r.Bin) != day) is { } stray) throw new ArgumentException($"the bin of {stray.Bin.Key.Start:O} is not of {day:O}", nameof(quarters));
        return DayOf(approach, day, all, now).Released();
    }

    /// <summary>
    /// A month with its days, those that have not begun left out. It takes about a second of one core: keep a month that has settled.
    /// </summary>
    /// <param name="quarters">As in <see cref="Day"/>, of the whole month.</param>
    /// <param name="now">What has not settled by now is pending.</param>
    /// <exception cref="ArgumentException">A bin is open, not of 15 minutes, of another approach or month.</exception>
    public ReleasedMonth Month(ReleasedApproach approach, int year, int month, IEnumerable<BinRevision> quarters, DateTimeOffset now)
    {
        var byDay = quarters.ToLookup(r => DayOf(approach, r.Bin));
        if (byDay.FirstOrDefault(d => d.Key.Year != year || d.Key.Month != month) is { } stray)
            throw new ArgumentException($"the bins of {stray.Key:O} are not of {year}-{month:00}", nameof(quarters));
        var days = Enumerable.Range(1, DateTime.DaysInMonth(year, month)).Select(d => new DateOnly(year, month, d))
            .Where(d => Midnight(approach, d) < now).Select(d => DayOf(approach, d, byDay[d], now)).ToList();
        var span = new Interval(Midnight(approach, new DateOnly(year, month, 1)), Midnight(approach, new DateOnly(year, month, 1).AddMonths(1)));
        return new ReleasedMonth([.. days.Select(d => d.Released())], DayTables.Month(approach, _rules, span, days, now));
    }

    private DayTables DayOf(ReleasedApproach approach, DateOnly day, IEnumerable<BinRevision> quarters, DateTimeOffset now) =>
        new(approach, _rules, new Interval(Midnight(approach, day), Midnight(approach, day.AddDays(1))), quarters, now);

    private static DateOnly DayOf(ReleasedApproach approach, FlowBin bin)
    {
        Check(approach, bin);
        if (bin.Key.Duration != BinDuration.QuarterHour) throw new ArgumentException($"a bin of {bin.Key.Duration} instead of {BinDuration.QuarterHour}", nameof(bin));
        return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(bin.Key.Start, approach.Zone).DateTime);
    }

    private static void Check(ReleasedApproach approach, FlowBin bin)
    {
        if (bin.Key.Site != approach.Site || bin.Key.Approach != approach.Approach)
            throw new ArgumentException($"a bin of {bin.Key.Site}/{bin.Key.Approach} instead of {approach.Site}/{approach.Approach}", nameof(bin));
        if (!bin.IsClosed) throw new ArgumentException($"the bin of {bin.Key.Start:O} is still open: only closed bins are released", nameof(bin));
    }

    /// <summary>Where the clock skips midnight, the first instant of the day.</summary>
    private static DateTimeOffset Midnight(ReleasedApproach approach, DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (approach.Zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        // Of two midnights the first begins the day.
        var offset = approach.Zone.IsAmbiguousTime(local) ? approach.Zone.GetAmbiguousTimeOffsets(local).Max() : approach.Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
