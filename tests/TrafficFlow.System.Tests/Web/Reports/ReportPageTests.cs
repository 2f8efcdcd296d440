using System.Net;
using TrafficFlow.Node.Report;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

[Collection(CountedReports.Name)]
public sealed class ReportPageTests(CountedReportFixture counted) : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task A_kept_report_is_downloaded_recorded_first_and_never_shown()
    {
        List<AuditEvent> recorded = [];
        var desk = counted.Desk(_folder.Path, new WeasyPrinter(TimeProvider.System));
        await desk.TryMakeAsync(CountedReportFixture.Site, CountedReportFixture.Day, ["ja"], [ReportFormat.Html], _ => true, default);
        await using var host = await WebHost.StartAsync(with: ports => ports with
        {
            Reports = desk,
            Record = e =>
            {
                recorded.Add(e);
                return Task.FromResult(true);
            },
        });

        using var answer = await host.SendAsync("GET", "/sites/demo/reports/demo-2026-05-11.ja.html", Role.Analyst);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal(("attachment", "demo-2026-05-11.ja.html"), (answer.Content.Headers.ContentDisposition?.DispositionType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Contains("交通量報告書", html);
        var entry = Assert.Single(recorded);
        Assert.Equal((AuditKind.Export, "download report", "demo", "demo-2026-05-11.ja.html"), (entry.Kind, entry.Action, entry.Target, entry.Details));
        foreach (var (path, role, status) in new[]
        {
            ("demo-2026-05-12.ja.html", Role.Analyst, HttpStatusCode.NotFound),
            ("..%2F..%2Fetc%2Fpasswd", Role.Analyst, HttpStatusCode.NotFound),
            ("demo-2026-05-11.ja.html", Role.City, HttpStatusCode.Forbidden),
        })
        {
            using var other = await host.SendAsync("GET", $"/sites/demo/reports/{path}", role);
            Assert.Equal(status, other.StatusCode);
        }

        Assert.Single(recorded);
    }

    [Theory]
    [InlineData("demo-2026-05-11.newest.en.html", "demo-2026-05-11.r2.en.html")]
    [InlineData("demo-2026-05-11.newest.en.pdf", "demo-2026-05-11.en.pdf")]
    [InlineData("demo-2026-05-11.en.html", "demo-2026-05-11.en.html")]
    [InlineData("demo-2026-05-11.newest.newest.en.html", null)]
    [InlineData("demo-2026-05-11.newest.r2.en.html", null)]
    [InlineData("demo-2026-05-12.newest.en.html", null)]
    public async Task A_program_takes_the_newest_revision_without_knowing_its_number(string asked, string? given)
    {
        var desk = counted.Desk(_folder.Path, new WeasyPrinter(TimeProvider.System));
        var name = new ReportName(CountedReportFixture.Site.Id, CountedReportFixture.Day, "en", ReportFormat.Html);
        desk.Shelf.Write(name, "one"u8);
        desk.Shelf.Write(name with { Format = ReportFormat.Pdf }, "%PDF"u8);
        desk.Shelf.Write(name with { Revision = 2 }, "two"u8);
        await using var host = await WebHost.StartAsync(with: ports => ports with { Reports = desk, Record = _ => Task.FromResult(true) });

        using var answer = await host.SendAsync("GET", $"/sites/demo/reports/{asked}", Role.Analyst);

        Assert.Equal((given is null ? HttpStatusCode.NotFound : HttpStatusCode.OK, given), (answer.StatusCode, answer.Content.Headers.ContentDisposition?.FileName));
    }

    public void Dispose() => _folder.Dispose();
}
