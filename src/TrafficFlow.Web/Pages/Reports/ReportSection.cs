using System.Globalization;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>A part of a report: how it writes names, times and figures that are not known.</summary>
public abstract class ReportSection : ComponentBase
{
    protected const string Dash = "–";

    [Parameter]
    public ReportFigures Report { get; set; } = null!;

    [Parameter]
    public ReportTexts Words { get; set; } = null!;

    protected Site Site => Report.Site;

    protected TimeZoneInfo Zone => Report.Site.TimeZone;

    protected string Name(ApproachId id) => Figures.NameOf(Site, id);

    /// <summary>By the site's clock.</summary>
    protected string Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A stretch by the site's clock; the end of a day is its 24:00.</summary>
    protected string Local(Interval span)
    {
        var (from, to) = (TimeZoneInfo.ConvertTime(span.From, Zone), TimeZoneInfo.ConvertTime(span.To, Zone));
        if (from.Date == to.Date) return string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd HH:mm}–{to:HH:mm}");
        if (to.TimeOfDay == TimeSpan.Zero) return from.Date == to.Date.AddDays(-1)
            ? string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd HH:mm}–24:00")
            : string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd HH:mm} – {to.AddDays(-1):yyyy-MM-dd} 24:00");
        return string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd HH:mm} – {to:yyyy-MM-dd HH:mm}");
    }

    /// <summary>A count, marked as a lower bound where not all was watched.</summary>
    /// <param name="count">Null where nobody watched.</param>
    protected static string Bound(int? count, double watched) => count is not { } c ? Dash : watched >= 0.99 ? Figures.Grouped(c) : $"≥ {Figures.Grouped(c)}";

    protected static string Share(double? share) => share is { } s ? Figures.Percent(s) : Dash;

    protected static string Hours(TimeSpan time) => time.TotalHours.ToString("0.0", CultureInfo.InvariantCulture);

    protected static string Number(double? value, string format = "0.0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? Dash;

    protected static string Changed(double? change) => change is { } c ? (c * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %" : Dash;

    protected static string With(string text, params object[] values) => ReportTexts.With(text, values);
}
