using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Node.Report;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

/// <summary>Reports that are made by themselves, and by the verb, over real tables.</summary>
[Collection(CountedReports.Name)]
public sealed class ReportRunnerTests(CountedReportFixture counted) : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task What_is_missing_is_made_once_by_whichever_server_and_the_day_after_again()
    {
        var clock = new CountedReportFixture.Stopped(CountedReportFixture.Now);
        var (first, second) = (Runner("here", clock), Runner("there", clock));

        // The counted 11th, and the six days before it on which nobody watched: the site had counted a week ago, so that they are missing.
        Assert.Equal(7, await first.MakeDueAsync(default));
        Assert.Equal(0, await first.MakeDueAsync(default));
        Assert.Equal(0, await second.MakeDueAsync(default));
        Assert.Equal(["demo-2026-05-11.en.html", "demo-2026-05-10.en.html"], new ReportShelf(In("here")).List(CountedReportFixture.Site.Id).Select(r => r.Name.File).Take(2));

        clock.Now = clock.Now.AddDays(1);
        Assert.Equal(1, await second.MakeDueAsync(default));
        Assert.Null(second.Problem);
    }

    [Fact]
    public async Task Without_a_renderer_there_is_html_and_it_is_told_and_the_pdf_comes_later()
    {
        var (clock, printer) = (new CountedReportFixture.Stopped(CountedReportFixture.Now), new Switched());
        var runner = Runner("p", clock, printer, "pdf-places.db", ReportFormat.Html, ReportFormat.Pdf);

        Assert.Equal(7, await runner.MakeDueAsync(default));
        Assert.Contains("without PDF: no printer here", runner.Problem);
        Assert.Equal(0, await runner.MakeDueAsync(default));

        printer.IsThere = true;
        Assert.Equal(7, await runner.MakeDueAsync(default));
        Assert.Null(runner.Problem);
        Assert.Equal(0, await runner.MakeDueAsync(default));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_and_tried_again()
    {
        var clock = new CountedReportFixture.Stopped(CountedReportFixture.Now);
        var way = _folder.Write("w", "a file where the folder should be");
        var runner = Runner("w", clock, places: "w-places.db");

        Assert.Equal(0, await runner.MakeDueAsync(default));
        Assert.Contains("cannot be written to", runner.Problem);

        File.Delete(way);
        Assert.Equal(7, await runner.MakeDueAsync(default));
        Assert.Null(runner.Problem);
    }

    [Fact]
    public async Task A_site_that_has_never_counted_has_no_reports()
    {
        var runner = Runner("early", new CountedReportFixture.Stopped(new DateTimeOffset(2026, 5, 3, 7, 0, 0, TimeSpan.FromHours(9))), places: "early-places.db");

        Assert.Equal(0, await runner.MakeDueAsync(default));
        Assert.Null(runner.Problem);
    }

    [Fact]
    public async Task A_report_that_was_made_by_hand_before_the_day_was_over_is_made_anew()
    {
        var (clock, day) = (new CountedReportFixture.Stopped(CountedReportFixture.Now), new DateOnly(2026, 5, 11));
        var runner = Runner("hand", clock, places: "hand-places.db");
        var name = new ReportName(CountedReportFixture.Site.Id, new Period(day, day), "en", ReportFormat.Html);
        new ReportShelf(In("hand")).Write(name, "half a day"u8);
        File.SetLastWriteTimeUtc(Path.Combine(In("hand"), "demo", name.File), CountedReportFixture.Now.UtcDateTime.AddHours(-12));

        Assert.Equal(7, await runner.MakeDueAsync(default));

        Assert.True(new ReportShelf(In("hand")).List(CountedReportFixture.Site.Id)[0].Bytes > 10_000);
    }

    [Fact]
    public async Task The_desk_makes_one_at_a_time()
    {
        var printer = new Held();
        var desk = counted.Desk(In("desk"), printer);
        var first = desk.TryMakeAsync(CountedReportFixture.Site, CountedReportFixture.Day, ["en"], [ReportFormat.Pdf], _ => true, default);
        await printer.Begun.Task;

        Assert.Null(await desk.TryMakeAsync(CountedReportFixture.Site, CountedReportFixture.Day, ["en"], [ReportFormat.Html], _ => true, default));

        printer.Go.SetResult("%PDF-1"u8.ToArray());
        Assert.Single((await first)!.Made);
        Assert.Single((await desk.TryMakeAsync(CountedReportFixture.Site, CountedReportFixture.Day, ["en"], [ReportFormat.Html], _ => true, default))!.Made);
    }

    [Fact]
    public async Task The_verb_writes_html_though_nothing_can_print_and_says_what_to_install()
    {
        var job = new ReportJob(counted.Config, "demo", "2026-05-11", null, null, ["en", "ja"], [ReportFormat.Html, ReportFormat.Pdf], _folder.Path, new CountedReportFixture.Stopped(CountedReportFixture.Now))
        {
            Printer = new WeasyPrinter(TimeProvider.System, "/nonexistent/weasyprint"),
        };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => job.RunAsync(default));

        Assert.Contains("apt-get install weasyprint fonts-noto-cjk", failed.Message);
        Assert.Equal(["demo-2026-05-11.en.html", "demo-2026-05-11.ja.html"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(_folder.Path), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        // And never over one that is there.
        Assert.Contains("is there already", (await Assert.ThrowsAsync<UsageException>(() => job.RunAsync(default))).Message);
        Assert.Contains("no such site", (await Assert.ThrowsAsync<UsageException>(() =>
            new ReportJob(counted.Config, "dema", null, null, null, ["en"], [ReportFormat.Html], null, TimeProvider.System).RunAsync(default))).Message);
    }

    [Fact]
    public async Task A_machine_without_letters_for_Japanese_says_so_and_what_fails_is_told()
    {
        var said = _folder.Write("no-fonts", "#!/bin/sh\nexit 0\n");
        var broken = _folder.Write("broken", "#!/bin/sh\necho out of ink >&2\nexit 3\n");
        foreach (var file in new[] { said, broken }) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var fonts = await Assert.ThrowsAsync<PdfException>(() => new WeasyPrinter(TimeProvider.System, broken, said).PrintAsync("<p>交通量", default));
        var failed = await Assert.ThrowsAsync<PdfException>(() => new WeasyPrinter(TimeProvider.System, broken, said).PrintAsync("<p>traffic", default));

        Assert.Contains("no letters for Japanese", fonts.Message);
        Assert.Contains("exit code 3: out of ink", failed.Message);
    }

    private ReportRunner Runner(string folder, CountedReportFixture.Stopped clock, IPdfPrinter? printer = null, string places = "places.db", params ReportFormat[] formats)
    {
        var settings = new ReportSettings([], new TimeOnly(6, 0), ["en"], formats.Length > 0 ? formats : [ReportFormat.Html], TimeSpan.FromDays(400), In(folder));
        var desk = new ReportDesk(
            () => ReadTables.Flows(counted.Journal), () => ReadTables.Journeys(counted.Journal), () => null, null, new ReportShelf(settings.Folder), printer ?? new Switched(), settings.Keep, "1", clock);
        return new ReportRunner(
            settings, () => [CountedReportFixture.Site], TimeSpan.FromMinutes(2), () => ReadTables.Flows(counted.Journal), new FeedPlaces(new Wire.Journals.SqliteJournal(In(places))), desk, NullLogger<ReportRunner>.Instance, clock);
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private sealed class Switched : IPdfPrinter
    {
        public bool IsThere { get; set; }

        public Task<byte[]> PrintAsync(string html, CancellationToken cancellation) => IsThere ? Task.FromResult("%PDF-1"u8.ToArray()) : throw new PdfException("no printer here");
    }

    private sealed class Held : IPdfPrinter
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<byte[]> Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<byte[]> PrintAsync(string html, CancellationToken cancellation)
        {
            Begun.TrySetResult();
            return Go.Task;
        }
    }
}
