using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Periods;

/// <summary>How pages and reports write figures and names, the same everywhere. Pure.</summary>
public static class Figures
{
    /// <summary>Whole, in groups of three.</summary>
    public static string Grouped(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <param name="share">0 to 1.</param>
    public static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    /// <summary>The same, where nearly all is not all: 99.9 % is never written as 100 %, nor a little as nothing.</summary>
    /// <param name="share">0 to 1.</param>
    public static string Watched(double share) => share switch
    {
        <= 0 or >= 1 => Percent(share),
        < 0.01 or > 0.99 => (Math.Clamp(Math.Floor(share * 1000), 1, 999) / 10).ToString("0.0", CultureInfo.InvariantCulture) + " %",
        _ => Percent(share),
    };

    /// <summary>By the site's clock: 07:15–08:15, with the day before it where it is of several.</summary>
    public static string Hour(PeakHour peak, TimeZoneInfo zone, bool withDay = true)
    {
        var (from, to) = (TimeZoneInfo.ConvertTime(peak.Start, zone), TimeZoneInfo.ConvertTime(peak.Start.AddHours(1), zone));
        return string.Create(CultureInfo.InvariantCulture, $"{(withDay ? $"{from:yyyy-MM-dd} " : "")}{from:HH:mm}–{to:HH:mm}");
    }

    /// <returns>Its id where the site file of now does not name it.</returns>
    public static string NameOf(Site? site, ApproachId id) => site?.Approaches.FirstOrDefault(a => a.Id == id)?.Name ?? id.Value;

    /// <summary>Of a line of <see cref="Counts.CountSeries"/>: a class, an approach, or `APPROACH to EXIT`.</summary>
    public static string NameOf(Site? site, string key, Counts.CountsTexts texts)
    {
        if (VehicleClassNames.TryParse(key, out var vehicleClass)) return texts.Classes[vehicleClass];
        return key.Split(' ') switch
        {
            [var from, "to", var to] => $"{Arm(from)} {texts.To} {Arm(to)}",
            _ => Arm(key),
        };

        string Arm(string id) => id == JourneyMapper.UnknownExit.Value ? texts.Unknown : NameOf(site, new ApproachId(id));
    }
}
