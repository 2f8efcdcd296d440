using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Report;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

public sealed class ReportOptionsTests : IDisposable
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    // Of the 12th at the site.
    private static readonly DateTimeOffset s_now = new(2026, 5, 11, 20, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();

    [Theory]
    [InlineData(null, null, null, "2026-05-11", "2026-05-11")]
    [InlineData("2026-05-12", null, null, "2026-05-12", "2026-05-12")]
    [InlineData(null, "2026-05-01", "2026-05-03", "2026-05-01", "2026-05-03")]
    [InlineData(null, "2026-05-01", null, "2026-05-01", "2026-05-11")]
    [InlineData(null, "2026-05-12", null, "2026-05-12", "2026-05-12")]
    public void Days_are_those_of_the_sites_clock(string? day, string? from, string? to, string first, string last) =>
        Assert.Equal((first, last), Written(ReportOptions.Days(day, from, to, s_tokyo, s_now)));

    [Theory]
    [InlineData("2026-05-11", "2026-05-10", null, "--day is one day")]
    [InlineData(null, null, "2026-05-10", "--to without --from")]
    [InlineData(null, "2026-05-10", "2026-05-09", "is after --to")]
    [InlineData(null, "2025-05-10", "2026-05-11", "367 days, and 366 are the most")]
    [InlineData("2026-05-13", null, null, "lies in the future")]
    [InlineData("yesterday", null, null, "is no day")]
    [InlineData("2026-02-30", null, null, "is no day")]
    public void Days_that_cannot_be_are_refused(string? day, string? from, string? to, string why) =>
        Assert.Contains(why, Assert.Throws<UsageException>(() => ReportOptions.Days(day, from, to, s_tokyo, s_now)).Message);

    [Fact]
    public void Languages_and_formats_are_known_ones()
    {
        Assert.Equal(["en", "ja"], ReportOptions.Languages("en, JA"));
        Assert.Equal([ReportFormat.Pdf], ReportOptions.Formats("pdf,pdf"));
        Assert.Contains("expected en, ja", Assert.Throws<UsageException>(() => ReportOptions.Languages("fr")).Message);
        Assert.Contains("expected html, pdf", Assert.Throws<UsageException>(() => ReportOptions.Formats("")).Message);
    }

    [Fact]
    public void What_is_there_is_not_written_over_and_a_file_is_for_one_report()
    {
        var day = new Period(new DateOnly(2026, 5, 11), new DateOnly(2026, 5, 11));
        ReportName html = new(new SiteId("a"), day, "en", ReportFormat.Html), pdf = html with { Format = ReportFormat.Pdf };
        var there = _folder.Write("a-2026-05-11.en.pdf", "x");

        Assert.Equal(Path.Combine(_folder.Path, "a-2026-05-11.en.html"), ReportOptions.Places([html], _folder.Path)[html]);
        Assert.Equal(Path.Combine(_folder.Path, "mine.pdf"), ReportOptions.Places([pdf], Path.Combine(_folder.Path, "mine.pdf"))[pdf]);
        Refused("is there already", [html, pdf], _folder.Path);
        Refused("is there already", [pdf], there);
        Refused("is no folder, and 2 files", [html, pdf], Path.Combine(_folder.Path, "mine.pdf"));
        Refused("is no folder that is there", [html], Path.Combine(_folder.Path, "nowhere"));
        Refused("is no folder that is there", [html], Path.Combine(_folder.Path, "mine.pdf"));
    }

    public void Dispose() => _folder.Dispose();

    private static (string, string) Written(Period period) => (Period.Write(period.From), Period.Write(period.To));

    private static void Refused(string why, IReadOnlyList<ReportName> names, string place) =>
        Assert.Contains(why, Assert.Throws<UsageException>(() => ReportOptions.Places(names, place)).Message);
}
