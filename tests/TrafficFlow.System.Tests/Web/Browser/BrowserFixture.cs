using Microsoft.Playwright;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Debian's Chromium before a web host with two counted days of the synthetic junction.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public static readonly Period Days = new(new DateOnly(2026, 5, 10), new DateOnly(2026, 5, 11));

    private const string Chromium = "/usr/bin/chromium";

    private readonly SettingsFolder _folder = new();
    private readonly LinkCallers _callers = new();
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private WebHost? _host;

    internal static Site Site => SyntheticJunction.Site;

    internal static DateOnly Newest => Days.To;

    internal static Interval SpanOf(DateOnly day) => new Period(day, day).Span(Site.TimeZone);

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        var journal = new SqliteJournal(Path.Combine(_folder.Path, "journal.db"));
        var tables = new FlowTables(journal);
        await tables.MigrateAsync(CancellationToken.None);
        await CountedDays.WriteAsync(tables, Site, Days.Span(Site.TimeZone));
        await CountedDays.WriteJourneysAsync(tables, Site, SpanOf(Newest).From.AddHours(8));
        var reports = Desk(journal);
        await reports.TryMakeAsync(Site, new Period(Days.From, Days.From), ["en"], [ReportFormat.Html], _ => true, CancellationToken.None);
        _host = await WebHost.StartAsync(_callers, ports: WebHost.Ports(tables: journal) with { Reports = reports });
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(60_000);
        // Root has no sandbox of its own to give; whoever else runs the tests keeps it.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Environment.UserName == "root" ? ["--no-sandbox"] : [] });
    }

    /// <summary>Prints with what is faster than WeasyPrint, whose work has tests of its own.</summary>
    private ReportDesk Desk(SqliteJournal journal) => new(
        () => ReadTables.Flows(journal), () => ReadTables.Journeys(journal), () => null, null, new ReportShelf(Path.Combine(_folder.Path, "reports")), new NoPrinter(), TimeSpan.FromDays(400), "1", TimeProvider.System);

    /// <summary>A page of somebody who came by the link, and all that its console complained of.</summary>
    internal async Task<OpenPage> OpenAsync(string path, int width = 1440, ColorScheme colours = ColorScheme.Light, string locale = "en-GB")
    {
        var open = await OpenAtAsync(_host?.Server.Address, width, colours, locale);
        await open.Page.GotoAsync(_callers.LinkAt(_host!.Server.Address!));
        await open.Page.GotoAsync(path);
        return open;
    }

    /// <summary>Another host on the same tables.</summary>
    internal Task<WebHost> HostAsync(ICallers callers, Func<WebPorts, WebPorts> with) => WebHost.StartAsync(callers, ports: with(WebHost.Ports(tables: new SqliteJournal(Path.Combine(_folder.Path, "journal.db")))));

    /// <summary>A page on which nothing is open yet.</summary>
    internal async Task<OpenPage> OpenAtAsync(Uri? address, int width = 1440, ColorScheme colours = ColorScheme.Light, string locale = "en-GB")
    {
        Assert.SkipWhen(_browser is null, $"no {Chromium}: install chromium (deploy/test.sh does)");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address?.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = colours,
            Locale = locale,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        return new OpenPage(context, page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}

internal sealed class NoPrinter : IPdfPrinter
{
    public Task<byte[]> PrintAsync(string html, CancellationToken cancellation) => throw new PdfException("no printer here");
}

internal sealed record OpenPage(IBrowserContext Context, IPage Page, List<string> Complaints) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await Context.DisposeAsync();
}
