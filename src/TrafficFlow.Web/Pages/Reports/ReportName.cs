using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports;

public enum ReportFormat
{
    Html = 0,
    Pdf = 1,
}

/// <summary>Names the file of a report: SITE-DAY.LANGUAGE.FORMAT, or SITE-FIRST_LAST.LANGUAGE.FORMAT. Two with the same name are of the same.</summary>
/// <param name="Language">en or ja.</param>
public sealed record ReportName(SiteId Site, Period Period, string Language, ReportFormat Format)
{
    public string File => $"{Site.Value}-{Period.Write(Period.From)}{(Period.Days > 1 ? $"_{Period.Write(Period.To)}" : "")}.{Language}.{Format.ToString().ToLowerInvariant()}";

    public string MediaType => Format == ReportFormat.Pdf ? "application/pdf" : "text/html; charset=utf-8";

    /// <returns>Null for what is no such name: nothing else is ever opened.</returns>
    public static ReportName? Parse(SiteId site, string file)
    {
        if (!file.StartsWith($"{site.Value}-", StringComparison.Ordinal) || file[(site.Value.Length + 1)..].Split('.') is not [var days, var language, var format]) return null;
        if (!ReportTexts.Languages.Contains(language) || format is not ("html" or "pdf")) return null;
        var ends = days.Split('_').Select(Day).ToList();
        if (ends.Count > 2 || ends[0] is not { } first || ends[^1] is not { } last) return null;
        var name = new ReportName(site, new Period(first, last), language, format == "pdf" ? ReportFormat.Pdf : ReportFormat.Html);
        return name.Period.Days is >= 1 and <= Period.MostDays && name.File == file ? name : null;
    }

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
