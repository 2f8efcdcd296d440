using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>One hour of one day of an approach.</summary>
/// <param name="Share">Of the hour that was watched, 0 to 1; null where there is no bin: nothing is known of it.</param>
/// <param name="Quality">The worst of the bins in it; null where there is none.</param>
public sealed record CoverageHour(DateOnly Day, int Hour, double? Share, BinQuality? Quality);

/// <summary>Days by hours of the site's clock, from the observed seconds of the flow bins. Pure.</summary>
/// <param name="Hours">24 for each day, the first day first.</param>
public sealed record CoverageCalendar(DateOnly First, int Days, IReadOnlyList<CoverageHour> Hours)
{
    /// <param name="bins">Of one approach and one hour each, of the newest revision, in any order; those of other days are left out.</param>
    /// <param name="first">The first day, by the site's clock.</param>
    public static CoverageCalendar Of(IEnumerable<ClosedBin> bins, DateOnly first, int days, TimeZoneInfo zone)
    {
        var seconds = new double[days * 24];
        var lengths = new double[days * 24];
        var worst = new BinQuality?[days * 24];
        foreach (var bin in bins)
        {
            var local = TimeZoneInfo.ConvertTime(bin.Bin.Key.Start, zone);
            var at = ((DateOnly.FromDateTime(local.DateTime).DayNumber - first.DayNumber) * 24) + local.Hour;
            if (at < 0 || at >= seconds.Length) continue;
            // Where the clock was set back, an hour of the wall has two bins.
            seconds[at] += bin.Bin.ObservedSeconds;
            lengths[at] += (bin.Bin.End - bin.Bin.Key.Start).TotalSeconds;
            if (worst[at] is null || Badness(bin.Bin.Quality) > Badness(worst[at]!.Value)) worst[at] = bin.Bin.Quality;
        }

        return new CoverageCalendar(first, days, [
            .. Enumerable.Range(0, seconds.Length).Select(i => new CoverageHour(first.AddDays(i / 24), i % 24, lengths[i] > 0 ? Math.Min(1, seconds[i] / lengths[i]) : null, worst[i])),
        ]);
    }

    /// <summary>Class of the style sheet: none, blind, degraded, or covered in four steps.</summary>
    public static string Look(CoverageHour hour) => (hour.Quality, hour.Share) switch
    {
        (null, _) => "none",
        (BinQuality.Blind, _) => "blind",
        (BinQuality.Degraded, _) => "degraded",
        (_, >= 0.99) => "whole",
        (_, >= 0.5) => "most",
        _ => "some",
    };

    private static int Badness(BinQuality quality) => quality switch
    {
        BinQuality.Complete => 0,
        BinQuality.Partial => 1,
        BinQuality.Degraded => 2,
        _ => 3,
    };
}
