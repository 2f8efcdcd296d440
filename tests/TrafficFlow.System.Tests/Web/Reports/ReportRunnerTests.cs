using Microsoft.Extensions.Logging;
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
        clock.Now = clock.Now.AddHours(1);
        Assert.Equal(7, await runner.MakeDueAsync(default));
        Assert.Null(runner.Problem);
        Assert.Equal(0, await runner.MakeDueAsync(default));
        // Each from the HTML of its time: nothing was made anew.
        Assert.All(new ReportShelf(In("p")).List(CountedReportFixture.Site.Id), r => Assert.Equal(1, r.Name.Revision));
        Assert.Contains(await File.ReadAllTextAsync(Path.Combine(In("p"), "demo", "demo-2026-05-11.en.html"), TestContext.Current.CancellationToken), printer.Printed);
    }

    [Fact]
    public async Task A_printer_that_always_fails_is_tried_more_and_more_seldom_and_told_once()
    {
        var (clock, printer, log) = (new CountedReportFixture.Stopped(CountedReportFixture.Now), new Switched(), new CollectedLog());
        var runner = Runner("f", clock, printer, "f-places.db", log, ReportFormat.Html, ReportFormat.Pdf);
        var begun = clock.Now;

        List<double> tried = [];
        for (var i = 0; i < 4 * 72; i++)
        {
            var before = printer.Tries;
            await runner.MakeDueAsync(default);
            if (printer.Tries > before) tried.Add((clock.Now - begun).TotalHours);
            clock.Now = clock.Now.AddMinutes(15);
        }

        // Once at a time, though seven days want theirs.
        Assert.Equal([0.0, 1, 3, 7, 15, 31, 55], tried);
        Assert.Equal(7, printer.Tries);
        Assert.Single(log.Lines, l => l.Contains("without PDF", StringComparison.Ordinal));
        // HTML comes each morning all the same.
        Assert.Equal(["demo-2026-05-13.en.html", "demo-2026-05-12.en.html"], new ReportShelf(In("f")).List(CountedReportFixture.Site.Id).Where(r => r.Name.Period.From > new DateOnly(2026, 5, 11)).Select(r => r.Name.File).Take(2));
    }

    [Fact]
    public void Who_tries_by_hand_does_not_put_the_next_attempt_off_and_a_printed_page_ends_the_trouble()
    {
        var clock = new CountedReportFixture.Stopped(CountedReportFixture.Now);
        var printing = new PdfPrinting(clock);
        Assert.True(printing.IsDue("ja"));

        printing.Failed("ja", "no letters");
        printing.Failed("ja", "no letters at all");
        Assert.Equal([new PdfTrouble("ja", "no letters at all", clock.GetUtcNow(), clock.GetUtcNow().AddHours(1))], printing.Troubles);
        Assert.Equal((false, true), (printing.IsDue("ja"), printing.IsDue("en")));
        clock.Now = clock.Now.AddHours(1);
        Assert.True(printing.IsDue("ja"));

        printing.Printed("ja");
        Assert.Empty(printing.Troubles);
        printing.Failed("ja", "again");
        Assert.Equal(clock.GetUtcNow().AddHours(1), Assert.Single(printing.Troubles).AgainAt);
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

        var kept = new ReportShelf(In("hand")).List(CountedReportFixture.Site.Id);
        Assert.Equal(["demo-2026-05-11.r2.en.html", "demo-2026-05-11.en.html"], kept.Take(2).Select(r => r.Name.File));
        // What somebody has perhaps handed on already is as it was.
        Assert.Equal("half a day", await File.ReadAllTextAsync(Path.Combine(In("hand"), "demo", name.File), TestContext.Current.CancellationToken));
        Assert.Contains("Revision 2 of this report", await File.ReadAllTextAsync(Path.Combine(In("hand"), "demo", kept[0].Name.File), TestContext.Current.CancellationToken));
        Assert.Equal(0, await runner.MakeDueAsync(default));
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

    private ReportRunner Runner(string folder, CountedReportFixture.Stopped clock, IPdfPrinter? printer = null, string places = "places.db", params ReportFormat[] formats) =>
        Runner(folder, clock, printer, places, NullLogger<ReportRunner>.Instance, formats);

    private ReportRunner Runner(string folder, CountedReportFixture.Stopped clock, IPdfPrinter? printer, string places, ILogger<ReportRunner> log, params ReportFormat[] formats)
    {
        var settings = new ReportSettings([], new TimeOnly(6, 0), ["en"], formats.Length > 0 ? formats : [ReportFormat.Html], TimeSpan.FromDays(400), In(folder));
        var desk = new ReportDesk(
            () => ReadTables.Flows(counted.Journal), () => ReadTables.Journeys(counted.Journal), () => null, null, new ReportShelf(settings.Folder), printer ?? new Switched(), settings.Keep, "1", clock);
        return new ReportRunner(
            settings, () => [CountedReportFixture.Site], TimeSpan.FromMinutes(2), () => ReadTables.Flows(counted.Journal), new FeedPlaces(new Wire.Journals.SqliteJournal(In(places))), desk, log, clock);
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

        public int Tries { get; private set; }

        public List<string> Printed { get; } = [];

        public Task<byte[]> PrintAsync(string html, CancellationToken cancellation)
        {
            Tries++;
            if (!IsThere) throw new PdfException("no printer here");
            Printed.Add(html);
            return Task.FromResult("%PDF-1"u8.ToArray());
        }
    }

    private sealed class CollectedLog : ILogger<ReportRunner>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
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
