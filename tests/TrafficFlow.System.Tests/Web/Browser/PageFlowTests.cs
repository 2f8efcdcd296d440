using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using TrafficFlow.Core.Flow;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>The pages in a real browser, on real tables: what they show is what was counted, nothing of theirs is stopped by the policy, everybody can use them.</summary>
public sealed class PageFlowTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Site = "/sites/demo";

    public static TheoryData<string> Pages => new($"{Site}?day=2026-05-11", $"{Site}/counts?from=2026-05-04&to=2026-05-11", $"{Site}/turning", $"{Site}/speed", $"{Site}/reports");

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_has_no_serious_fault_of_access_nor_of_policy_and_fits_a_phone(string path)
    {
        foreach (var (width, colours, locale) in new[] { (1440, ColorScheme.Light, "en-GB"), (390, ColorScheme.Dark, "ja-JP") })
        {
            await using var open = await browser.OpenAsync(path, width, colours, locale);
            await ShownAsync(open.Page);

            var found = await open.Page.RunAxe();
            Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help} {string.Join(" ", v.Nodes.Take(3).Select(n => n.Html))}"));
            Assert.Empty(open.Complaints);
            Assert.InRange(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
        }
    }

    [Fact]
    public async Task Counts_add_up_to_what_was_counted_in_every_view_and_in_the_file()
    {
        await using var open = await browser.OpenAsync($"{Site}/counts");
        var page = open.Page;
        var truth = CountedDays.Entering(BrowserFixture.Site, BrowserFixture.SpanOf(BrowserFixture.Newest));
        await ShownAsync(page);
        Assert.Equal(truth, await TotalAsync(page));

        foreach (var by in new[] { "Class", "Movement", "Approach" })
        {
            await page.GetByLabel("Lines").SelectOptionAsync(by);
            await Expect(page).ToHaveURLAsync(new Regex($"by={by}"));
            await Expect(page.Locator(".totals tbody th").First).ToHaveTextAsync(new Regex(by switch { "Class" => "^unclassified$", "Movement" => " to ", _ => "^[^ ]+ 北$" }));
            Assert.Equal(truth, await TotalAsync(page));
        }

        var csv = await page.EvaluateAsync<string>("fetch(document.querySelector('a[download]').href).then((a) => a.text())");
        var header = csv.Split('\n')[0].Trim().Split(',').ToList();
        var counted = csv.Split('\n').Skip(1).Where(l => l.Length > 0).Select(l => l.Trim().Split(',')).Where(c => c[header.IndexOf("movement")] == "entering").Sum(c => c[header.IndexOf("count")] is { Length: > 0 } n ? int.Parse(n, CultureInfo.InvariantCulture) : 0);
        Assert.Equal(truth, counted);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task A_report_is_made_of_the_days_chosen_and_taken_away()
    {
        await using var open = await browser.OpenAsync($"{Site}/reports?from=2026-05-11&to=2026-05-11");
        var page = open.Page;
        await ShownAsync(page);
        await page.Locator("#report-language").SelectOptionAsync("ja");

        await page.Locator("#make-report").ClickAsync();

        await Expect(page.Locator("#report-status")).ToHaveTextAsync(new Regex("The report is made.*only HTML"));
        await Expect(page.Locator(".pdf-trouble")).ToHaveTextAsync(new Regex("no PDF can be made.*no printer here"));
        await Expect(page.Locator("a[download='demo-2026-05-11.ja.html']")).ToHaveTextAsync(new Regex("^HTML"));
        var html = await page.EvaluateAsync<string>("fetch(document.querySelector(\"a[download='demo-2026-05-11.ja.html']\").href).then((a) => a.text())");
        Assert.Contains("交通量報告書", html);
        Assert.Contains($"≥ {Figures.Grouped(CountedDays.Entering(BrowserFixture.Site, BrowserFixture.SpanOf(BrowserFixture.Newest)))}", html);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Who_was_dismissed_meanwhile_makes_no_report()
    {
        using var folder = new SettingsFolder();
        var (callers, shelf, recorded) = (new Dismissible(), new ReportShelf(folder.Path), new ConcurrentQueue<AuditEvent>());
        await using var host = await browser.HostAsync(callers, ports => ports with
        {
            Reports = new ReportDesk(ports.Flows, ports.Journeys, () => null, null, shelf, new NoPrinter(), TimeSpan.FromDays(1), "1", TimeProvider.System),
            Record = e =>
            {
                recorded.Enqueue(e);
                return Task.FromResult(true);
            },
        });
        await using var open = await browser.OpenAtAsync(host.Server.Address);
        await open.Page.GotoAsync($"{Site}/reports?from=2026-05-11&to=2026-05-11");
        // The list is read once there is a circuit.
        await Expect(open.Page.GetByText("No report of this site is kept here yet.")).ToBeVisibleAsync();

        callers.IsDismissed = true;
        await open.Page.Locator("#make-report").ClickAsync();

        await Expect(open.Page.Locator("main.narrow")).ToBeVisibleAsync();
        Assert.Empty(shelf.List(BrowserFixture.Site.Id));
        Assert.DoesNotContain(recorded, e => e.Action == "make report");
    }

    private sealed class Dismissible : ICallers
    {
        public volatile bool IsDismissed;

        public string SignInPath => "/sign-in";

        public ValueTask<Caller?> FindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(new Caller("anna", new HashSet<Role> { Role.Analyst }, "session"));

        public Caller? FindAgain(Caller caller) => IsDismissed ? null : caller;
    }

    [Fact]
    public async Task A_blind_noon_is_missing_in_the_table_and_days_are_chosen_and_gone_back_to()
    {
        await using var open = await browser.OpenAsync($"{Site}/counts");
        var page = open.Page;
        await ShownAsync(page);
        Assert.Equal(Period.Write(BrowserFixture.Newest), await page.GetByLabel("From").InputValueAsync());
        await page.GetByLabel("Step").SelectOptionAsync("60");
        await page.Locator("details summary").ClickAsync();
        await Expect(page.Locator("details tbody tr", new PageLocatorOptions { HasText = "2026-05-11 11:00" }).Locator("td.missing")).ToHaveTextAsync("not watched");

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "7 days" }).ClickAsync();
        await Expect(page.GetByLabel("From")).ToHaveValueAsync("2026-05-05");
        await page.GoBackAsync();
        await Expect(page.GetByLabel("From")).ToHaveValueAsync("2026-05-11");

        await page.GotoAsync($"{Site}/counts?from=2026-05-11&to=2026-05-01");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be shown");
        await page.GotoAsync($"{Site}/counts?from=2020-01-01&to=2020-01-01");
        await Expect(page.Locator(".notice")).ToContainTextAsync("Nobody watched");
    }

    [Fact]
    public async Task The_turning_table_has_what_went_each_way_and_the_slider_what_a_quarter_of_an_hour_had()
    {
        await using var open = await browser.OpenAsync($"{Site}/turning?from=2026-05-10&to=2026-05-10");
        var page = open.Page;
        var (from, to) = (BrowserFixture.Site.Approaches[0], BrowserFixture.Site.Approaches[2]);
        var day = BrowserFixture.SpanOf(new DateOnly(2026, 5, 10));
        var way = Sum(day, b => Core.Detection.VehicleClassNames.All.Where(c => c != Core.Detection.VehicleClass.Unclassified).Sum(c => CountedDays.Vehicles(BrowserFixture.Site, from.Id, to.Id, c, b.From)));
        await Expect(page.Locator(".matrix tbody tr").First.Locator("td").Nth(2)).ToHaveTextAsync(way.ToString("#,0", CultureInfo.InvariantCulture));

        await page.GotoAsync($"{Site}?day=2026-05-10");
        var slider = page.GetByRole(AriaRole.Slider);
        await slider.FocusAsync();
        await slider.FillAsync("480");
        await slider.PressAsync("ArrowRight");
        await Expect(page.Locator("output")).ToHaveTextAsync("2026-05-10 08:05");
        var entering = Sum(new Interval(day.From.AddMinutes(485), day.From.AddMinutes(500)), b => Core.Detection.VehicleClassNames.All.Where(c => c != Core.Detection.VehicleClass.Unclassified)
            .Sum(c => BrowserFixture.Site.Approaches.Where(a => a.Id != from.Id).Sum(a => CountedDays.Vehicles(BrowserFixture.Site, from.Id, a.Id, c, b.From))));
        await Expect(page.Locator(".figures tr.first td.number").First).ToHaveTextAsync(entering.ToString(CultureInfo.InvariantCulture));
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Who_uses_the_keyboard_alone_comes_to_the_content_and_the_language_is_changed()
    {
        await using var open = await browser.OpenAsync($"{Site}/turning");
        await ShownAsync(open.Page);
        var skip = open.Page.GetByText("Skip to content");
        await skip.FocusAsync();
        await Expect(skip).ToBeInViewportAsync();
        await skip.PressAsync("Enter");
        await Expect(open.Page).ToHaveURLAsync(new Regex("/turning#content$"));
        await open.Page.Keyboard.PressAsync("Tab");
        await Expect(open.Page.GetByLabel("From")).ToBeFocusedAsync();
        await open.Page.GetByText("日本語").ClickAsync();
        await Expect(open.Page.Locator("caption").First).ToHaveTextAsync("方向別交通量表");
        await Expect(open.Page.Locator("html")).ToHaveAttributeAsync("lang", "ja");
    }

    private static int Sum(Interval span, Func<Interval, int> count) => new BinAlignment(BrowserFixture.Site.TimeZone).Touching(span, BinDuration.FiveMinutes).Sum(count);

    /// <summary>All that is read is there, and every chart is drawn.</summary>
    private static async Task ShownAsync(IPage page)
    {
        await Expect(page.Locator(".figures tbody tr").First).ToBeVisibleAsync();
        foreach (var chart in await page.Locator(".chart").AllAsync()) await Expect(chart).ToHaveAttributeAsync("data-drawn", new Regex("[1-9]"));
    }

    private static async Task<int> TotalAsync(IPage page) =>
        (await page.Locator(".totals tbody td:nth-child(2)").AllInnerTextsAsync()).Sum(t => int.Parse(t, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
}
