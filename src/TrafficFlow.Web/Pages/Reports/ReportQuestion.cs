using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What a report is to be about.</summary>
/// <param name="Period">Whole days by the site's clock, at most <see cref="Period.MostDays"/>.</param>
public sealed record ReportQuestion(Site Site, Period Period)
{
    /// <summary>Up to here hours are shown, day after day; beyond, days.</summary>
    public const int MostDaysByHour = 10;

    public bool IsByHour => Period.Days <= MostDaysByHour;

    /// <summary>Whether anything of it can have been counted by now.</summary>
    public bool HasBegun(DateTimeOffset now) => Period.Span(Site.TimeZone).From < now;
}
