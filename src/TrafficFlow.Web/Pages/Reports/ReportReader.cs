using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Speed;
using TrafficFlow.Web.Pages.Turning;
using TrafficFlow.Web.Rest;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>Where the figures of a report come from.</summary>
/// <param name="Scores">Null where nobody lays any down.</param>
/// <param name="Health">Null where there is no running node to ask.</param>
/// <param name="Version">Of the program.</param>
public sealed record ReportSources(IFlowQuery Flows, IJourneyQuery Journeys, ScoreFolder? Scores, IHealthQuery? Health, string Version);

/// <summary>Reads what a report is made of. Bins are read once, so that all of its figures agree.</summary>
public static class ReportReader
{
    /// <exception cref="QueryException">The database cannot be read.</exception>
    public static async Task<ReportFigures> ReadAsync(ReportSources sources, ReportQuestion question, DateTimeOffset now, CancellationToken cancellation)
    {
        var (site, period, zone) = (question.Site, question.Period, question.Site.TimeZone);
        var duration = question.IsByHour ? BinDuration.QuarterHour : BinDuration.Hour;
        var whole = period.Span(zone);
        var span = whole.Clip(new Interval(whole.From, new BinAlignment(zone).Containing(now, duration).From));
        var bins = await BinsAsync(sources.Flows, new FlowFilter(site.Id, duration, span), cancellation);
        var quarters = question.IsByHour ? bins : await BinsAsync(sources.Flows, new FlowFilter(site.Id, BinDuration.QuarterHour, span) { Movement = Movement.Entering }, cancellation);
        var earlier = period.Before(WeekComparison.ShiftOf(period));
        var before = await BinsAsync(sources.Flows, new FlowFilter(site.Id, duration, earlier.Span(zone)) { Movement = Movement.Entering }, cancellation);
        var figures = Of(question, span, now, bins, quarters, earlier, before) with
        {
            Ways = period.Days == 1 ? await WaysAsync(sources.Journeys, new JourneyFilter(site.Id, span), cancellation) : null,
            Scores = sources.Scores is { } scores ? scores.Newest(site.Id) is { } score ? [score] : [] : null,
            Cameras = await CamerasAsync(sources.Health, site, cancellation),
            Version = sources.Version,
        };
        return figures;
    }

    /// <summary>The same from bins that are there already. Pure.</summary>
    /// <param name="span">The days as far as their bins have ended.</param>
    /// <param name="bins">Of one length, sorted by approach and start, with all movements.</param>
    /// <param name="quarters">Quarter hours with what entered.</param>
    /// <param name="before">Of <paramref name="earlier"/>, sorted as <paramref name="bins"/>, with what entered.</param>
    public static ReportFigures Of(
        ReportQuestion question, Interval span, DateTimeOffset now, IReadOnlyList<FlowBin> bins, IReadOnlyList<FlowBin> quarters, Period earlier, IReadOnlyList<FlowBin> before)
    {
        var (site, zone) = (question.Site, question.Site.TimeZone);
        IReadOnlyList<ApproachId> arms = [.. site.Approaches.Select(a => a.Id)];
        var duration = question.IsByHour ? BinDuration.QuarterHour : BinDuration.Hour;
        var steps = Steps(question.IsByHour, question.Period, span, zone);
        var byApproach = Series(site, arms, steps, bins);
        var turning = TurningSummary.Of(site, span, bins, quarters, vehicleClass: null);
        IReadOnlyList<Interval> strip = question.Period.Days == 1 ? [.. new BinAlignment(zone).Touching(span, BinDuration.QuarterHour)] : steps;
        return new ReportFigures(
            question, span, span.To >= question.Period.Span(zone).To, now, byApproach, EnteringOf(steps, bins), turning, VehicleClassNames.All.ToDictionary(c => c, c => TurningMatrix.Of(arms, bins, c)),
            HalfDayPeaks.Of(site, span, quarters),
            question.Period.Days == 1 ? DayTotals.Of(byApproach, turning.Peak, zone) : null,
            SpeedSummary.Of(site, steps, bins), Ways: null,
            Week(question, span, byApproach, bins, earlier, before),
            CoverageFigures.Of(arms, [.. new BinAlignment(zone).Touching(span, duration)], bins, strip),
            SourceSpan.Of(bins), Scores: null, Cameras: null, Version: "");
    }

    /// <summary>Hours, or days; the last one may have only begun.</summary>
    private static IReadOnlyList<Interval> Steps(bool byHour, Period period, Interval span, TimeZoneInfo zone) => byHour
        ? [.. new BinAlignment(zone).Touching(span, BinDuration.Hour)]
        : [.. CountSteps.All.Single(s => s.IsDays).Of(period, zone).Where(d => d.From < span.To)];

    private static CountSeries Series(Site site, IReadOnlyList<ApproachId> arms, IReadOnlyList<Interval> steps, IEnumerable<FlowBin> bins)
    {
        var grid = new CountGrid(new CountQuestion(site, arms, CountedBy.Approach), steps);
        foreach (var bin in bins) grid.Add(bin);
        return grid.ToSeries();
    }

    private static WeekComparison Week(ReportQuestion question, Interval span, CountSeries byApproach, IReadOnlyList<FlowBin> bins, Period earlier, IReadOnlyList<FlowBin> before)
    {
        var (site, zone) = (question.Site, question.Site.TimeZone);
        IReadOnlyList<ApproachId> arms = [.. site.Approaches.Select(a => a.Id)];
        // By the hour in any case: one blind hour of a day does not keep its others from being compared.
        var (hours, shift) = (Steps(byHour: true, question.Period, span, zone), WeekComparison.ShiftOf(question.Period));
        // Of a period that is not over, up to the same time of the clock.
        var end = Local(span.To).AddDays(-shift);
        IReadOnlyList<Interval> hoursBefore = [.. Steps(byHour: true, earlier, earlier.Span(zone), zone).Where(h => Local(h.From) < end)];
        var (now, then, beside) = (question.IsByHour ? byApproach : Series(site, arms, hours, bins), Series(site, arms, hoursBefore, before), EarlierSteps.Of(hours, hoursBefore, shift, zone));
        var chart = question.IsByHour ? WeekComparison.Beside(then, hours, beside) : Series(site, arms, [.. Steps(byHour: false, earlier, earlier.Span(zone), zone).Take(byApproach.Steps.Count)], before);
        return WeekComparison.Of(earlier, chart, now, then, beside);

        DateTime Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).DateTime;
    }

    private static FlowSums[] EnteringOf(IReadOnlyList<Interval> steps, IEnumerable<FlowBin> bins)
    {
        var sums = new FlowSums[steps.Count];
        foreach (var bin in bins)
        {
            if (CountSteps.Find(steps, bin.Key.Start) is not { } step) continue;
            foreach (var row in bin.Rows.Where(r => r.Movement == Movement.Entering)) sums[step] += row.Sums;
        }

        return sums;
    }

    private static async Task<List<FlowBin>> BinsAsync(IFlowQuery flows, FlowFilter filter, CancellationToken cancellation)
    {
        List<FlowBin> bins = [];
        await foreach (var closed in flows.ReadAllAsync(filter, cancellation)) bins.Add(closed.Bin);
        return bins;
    }

    /// <summary>Of all of them, however many: none is kept.</summary>
    private static async Task<IReadOnlyList<WayFigures>> WaysAsync(IJourneyQuery query, JourneyFilter filter, CancellationToken cancellation)
    {
        var ways = new WaySums();
        await foreach (var stored in query.ReadAllAsync(filter, cancellation)) ways.Add(stored.Journey);
        return ways.ToFigures();
    }

    private static async Task<IReadOnlyList<CameraStatus>?> CamerasAsync(IHealthQuery? health, Site site, CancellationToken cancellation)
    {
        if (health is null || await health.ReadAsync(site.Id, cancellation) is not { } overview) return null;
        return [.. overview.Nodes.Where(n => !overview.IsSilent(n)).SelectMany(n => n.Report.Cameras).Select(c => c.Status).Where(s => s.Site == site.Id && site.FindCamera(s.Camera) is not null).OrderBy(s => s.Camera.Value, StringComparer.Ordinal)];
    }
}
