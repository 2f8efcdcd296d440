using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports;

public enum ReportFormat
{
    Html = 0,
    Pdf = 1,
}

/// <summary>Names the file of a report: SITE-DAY.LANGUAGE.FORMAT, or SITE-FIRST_LAST.LANGUAGE.FORMAT; one that was made anew SITE-DAY.rNUMBER.LANGUAGE.FORMAT.</summary>
/// <param name="Language">en or ja.</param>
/// <param name="Revision">From 1. HTML and PDF of the same number hold the same figures.</param>
public sealed record ReportName(SiteId Site, Period Period, string Language, ReportFormat Format, int Revision = 1)
{
    public string File => $"{Stem}{(Revision > 1 ? $".r{Revision}" : "")}.{Language}.{Format.ToString().ToLowerInvariant()}";

    /// <summary>What the names of all reports of these days begin with, up to a dot.</summary>
    internal string Stem => $"{Site.Value}-{Period.Write(Period.From)}{(Period.Days > 1 ? $"_{Period.Write(Period.To)}" : "")}";

    public string MediaType => Format == ReportFormat.Pdf ? "application/pdf" : "text/html; charset=utf-8";

    /// <returns>Null for what is no such name: nothing else is ever opened.</returns>
    public static ReportName? Parse(SiteId site, string file)
    {
        if (!file.StartsWith($"{site.Value}-", StringComparison.Ordinal) || file[(site.Value.Length + 1)..].Split('.') is not [var days, .. var numbers, var language, var format]) return null;
        if (!ReportTexts.Languages.Contains(language) || format is not ("html" or "pdf")) return null;
        var ends = days.Split('_').Select(Day).ToList();
        if (RevisionOf(numbers) is not { } revision || ends.Count > 2 || ends[0] is not { } first || ends[^1] is not { } last) return null;
        var name = new ReportName(site, new Period(first, last), language, format == "pdf" ? ReportFormat.Pdf : ReportFormat.Html, revision);
        return name.Period.Days is >= 1 and <= Period.MostDays && name.File == file ? name : null;
    }

    private static int? RevisionOf(string[] parts) => parts switch
    {
        [] => 1,
        [['r', .. var number]] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 1 => revision,
        _ => null,
    };

    private static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
