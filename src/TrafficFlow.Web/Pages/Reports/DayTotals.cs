using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Pages.Counts;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What traffic surveys tell of one day: its twelve hours of daytime, 7 to 19 o'clock, beside all of it. Pure.</summary>
/// <param name="Daytime">Entered from 7 to 19 o'clock; null where nothing of it was watched.</param>
/// <param name="DaytimeWatched">0 to 1.</param>
/// <param name="PeakShare">Of all that entered, the share of the peak hour (ピーク率); null where the day was not watched whole.</param>
/// <param name="DayRatio">Of the whole day to its daytime (昼夜率); the same.</param>
public sealed record DayTotals(int? All, double AllWatched, int? Daytime, double DaytimeWatched, double? PeakShare, double? DayRatio)
{
    private const double Whole = 0.99;

    /// <param name="hours">One day by its hours.</param>
    public static DayTotals Of(CountSeries hours, PeakHour? peak, TimeZoneInfo zone)
    {
        int[] all = [.. Enumerable.Range(0, hours.Steps.Count)];
        int[] daytime = [.. all.Where(i => TimeZoneInfo.ConvertTime(hours.Steps[i].From, zone).Hour is >= 7 and < 19)];
        var (day, dayWatched, light, lightWatched) = (Sum(all), Watched(all), Sum(daytime), Watched(daytime));
        var isWhole = dayWatched >= Whole && day > 0;
        return new DayTotals(day, dayWatched, light, lightWatched, isWhole && peak is not null ? peak.Volume / (double)day! : null, isWhole && light > 0 ? day / (double)light : null);

        int? Sum(int[] steps) => steps.SelectMany(i => hours.Lines.Select(l => l.Counts[i])).Where(c => c is not null).DefaultIfEmpty(null).Aggregate((sum, c) => sum + c);
        double Watched(int[] steps) => steps.Select(i => hours.Watched[i]).DefaultIfEmpty(0).Average();
    }
}
