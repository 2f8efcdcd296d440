using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>The peak hours before and after noon by the site's clock, of one approach or of all together. Over several days those of the busiest morning and afternoon.</summary>
/// <param name="Approach">Null for the whole junction.</param>
/// <param name="Morning">Null where no hour of any morning was watched in all its quarters.</param>
public sealed record HalfDayPeaks(ApproachId? Approach, PeakHour? Morning, PeakHour? Afternoon)
{
    /// <param name="quarters">Quarter hours with what entered, in any order, none twice.</param>
    /// <returns>The junction first, then its approaches in their order.</returns>
    public static IReadOnlyList<HalfDayPeaks> Of(Site site, Interval span, IEnumerable<FlowBin> quarters)
    {
        IReadOnlyList<ApproachId> arms = [.. site.Approaches.Select(a => a.Id)];
        var counted = quarters.Where(b => b.Quality is BinQuality.Complete or BinQuality.Degraded).ToDictionary(b => (b.Key.Approach, b.Key.Start), b => b.Count(Movement.Entering));
        // An hour lies in one half of one day: days are not joined over night, nor morning and afternoon at noon.
        var halves = new BinAlignment(site.TimeZone).Touching(span, BinDuration.QuarterHour).Select(b => b.From)
            .GroupBy(start => TimeZoneInfo.ConvertTime(start, site.TimeZone) is var local && local.Hour < 12 ? (local.Date, IsMorning: true) : (local.Date, IsMorning: false)).ToList();
        return
        [
            Row(null, start => arms.Select(a => counted.GetValueOrDefault((a, start))).Aggregate((int?)0, (sum, c) => sum + c)),
            .. arms.Select(a => Row(a, start => counted.GetValueOrDefault((a, start)))),
        ];

        HalfDayPeaks Row(ApproachId? approach, Func<DateTimeOffset, int?> count) => new(approach, Busiest(isMorning: true, count), Busiest(isMorning: false, count));

        PeakHour? Busiest(bool isMorning, Func<DateTimeOffset, int?> count) => halves.Where(h => h.Key.IsMorning == isMorning)
            .Select(h => PeakHour.Find([.. h.Select(start => (start, count(start)))])).OfType<PeakHour>().OrderByDescending(p => p.Volume).ThenBy(p => p.Start).FirstOrDefault();
    }
}
