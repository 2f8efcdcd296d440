using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>The site editor in a real browser, before a whole node: drawing with a real mouse, what is in force afterwards, two people, a camera without a picture, a node that restarts.</summary>
public sealed class EditorFlowTests(EditorNode node) : IClassFixture<EditorNode>
{
    [Fact]
    public async Task Who_drags_a_gate_sees_what_is_wrong_takes_it_back_and_puts_a_version_in_force()
    {
        await using var open = await node.OpenAsync("anna");
        var page = open.Page;
        await Expect(page.Locator(".board img")).ToHaveJSPropertyAsync("complete", true);
        await Expect(page.Locator(".board")).Not.ToHaveClassAsync(new Regex("gone"));
        Assert.Contains(node.Audit(AuditKind.View), r => r.Event is { By: "anna", Action: "camera picture", Target: "street/cam-north" });
        var before = GateOf("through");

        // Onto its other end: no gate any more.
        await DragAsync(page, Point(page, "through", 0), Point(page, "through", 1));
        await Expect(page.Locator(".ed-item .ed-fault").First).ToContainTextAsync("is where the gate begins");
        await Expect(page.Locator(".ed-save button[type=submit]")).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator(".ed-fault")).ToHaveCountAsync(0);

        await DragAsync(page, Point(page, "through", 0), null, dx: 30, dy: 20);
        await Expect(page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator(".ed-changes tbody tr")).ToContainTextAsync("cam-north: Gate through");
        await page.GetByLabel("Why (one line").FillAsync("the stop line was painted anew");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save and put in force" }).ClickAsync();
        await Expect(page.Locator(".notice", new PageLocatorOptions { HasText = "is in force" })).ToBeVisibleAsync();

        var after = GateOf("through");
        Assert.Equal(before.To, after.To);
        Assert.InRange(after.From.X - before.From.X, 0.01, 0.1);
        Assert.Contains("# Of the tests.", await File.ReadAllTextAsync(node.SiteFile, TestContext.Current.CancellationToken));
        await Expect(page.Locator("#ed-versions ~ .scrolls tbody tr").First).ToContainTextAsync("anna");
        await Expect(page.Locator("#ed-versions ~ .scrolls tbody tr").First).ToContainTextAsync("the stop line was painted anew");
        var change = Assert.Single(node.Audit(AuditKind.Change), r => r.Event.Action == "site edit" && r.Event.Details!.Contains("painted anew"));
        Assert.Equal(("anna", "account[operator]:anna", "site street", "done"), (change.Event.By, change.Event.Account, change.Event.Target, change.Event.Outcome));
        Assert.Contains(node.Audit(AuditKind.Command), r => r.Event is { By: "anna", Action: "site reload" });
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task What_would_have_been_counted_is_shown_before_anything_is_saved()
    {
        await using var open = await node.OpenAsync("anna");
        var page = open.Page;
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "cam-east" }).ClickAsync();
        var row = page.Locator("#ed-recount ~ .scrolls table").First.Locator("tbody tr", new LocatorLocatorOptions { HasText = "exits to South" });
        // A film is read as fast as the machine can.
        await Expect(row.Locator("td.number").First).ToHaveTextAsync(new Regex("^[1-9]"), new LocatorAssertionsToHaveTextOptions { Timeout = 180_000 });

        // Far from any traffic, by numbers; behind other pages nothing is counted until this one is in front again.
        await ShowAsync(page, isHidden: true);
        var item = page.Locator(".ed-item", new PageLocatorOptions { Has = page.GetByLabel("left Forward") });
        await item.Locator("summary").ClickAsync();
        foreach (var (label, value) in new[] { ("left from x", "0.01"), ("left from y", "0.02"), ("left to x", "0.05"), ("left to y", "0.02") })
        {
            await page.GetByLabel(label, new PageGetByLabelOptions { Exact = true }).FillAsync(value);
            await page.GetByLabel(label, new PageGetByLabelOptions { Exact = true }).PressAsync("Tab");
        }

        await Expect(page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);
        Assert.NotEqual("0", await row.Locator("td.number").Nth(1).TextContentAsync());
        await ShowAsync(page, isHidden: false);
        await Expect(row.Locator("td.number").Nth(1)).ToHaveTextAsync("0");
        await Expect(row.Locator("td.number").First).ToHaveTextAsync(new Regex("^[1-9]"));
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Discard the draft" }).ClickAsync();
        await Expect(row.Locator("td.number").Nth(1)).ToHaveTextAsync(new Regex("^[1-9]"));
    }

    [Fact]
    public async Task Where_a_camera_gives_no_picture_its_ground_is_drawn_on_and_the_page_says_why()
    {
        await using var open = await node.OpenAsync("anna");
        var page = open.Page;
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "cam-south" }).ClickAsync();

        await Expect(page.Locator(".board.gone .gone-told")).ToContainTextAsync("nothing listens there");
        await Expect(page.Locator(".ed-grid").First).ToBeAttachedAsync();
        await DragAsync(page, Point(page, "in", 0), null, dx: -25, dy: 15);
        await Expect(page.Locator(".ed-changes tbody tr")).ToContainTextAsync("cam-south: Gate in");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Discard the draft" }).ClickAsync();
        await Expect(page.Locator(".ed-changes")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Of_two_people_the_second_is_told_what_the_first_changed_and_nothing_is_lost()
    {
        await using var anna = await node.OpenAsync("anna");
        await using var bert = await node.OpenAsync("bert");
        var (left, right) = (GateOf("left"), GateOf("right"));
        // By keyboard: ten pixels to the left, of a picture of 320.
        await Point(anna.Page, "left", 0).FocusAsync();
        await anna.Page.Keyboard.PressAsync("Shift+ArrowLeft");
        await Expect(anna.Page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);

        await Point(bert.Page, "right", 1).FocusAsync();
        await bert.Page.Keyboard.PressAsync("ArrowRight");
        await bert.Page.GetByLabel("Why (one line").FillAsync("bert was first");
        await bert.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save and put in force" }).ClickAsync();
        await Expect(bert.Page.Locator(".notice", new PageLocatorOptions { HasText = "is in force" })).ToBeVisibleAsync();

        await anna.Page.GetByLabel("Why (one line").FillAsync("anna was second");
        await anna.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save and put in force" }).ClickAsync();
        var told = anna.Page.Locator(".ed-others");
        await Expect(told).ToContainTextAsync("bert was first");
        await Expect(told.Locator("tbody tr")).ToContainTextAsync("Gate right");
        Assert.Equal(left, GateOf("left"));
        await told.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Put my changes on top of it" }).ClickAsync();
        await anna.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save and put in force" }).ClickAsync();
        await Expect(anna.Page.Locator(".notice", new PageLocatorOptions { HasText = "is in force" })).ToBeVisibleAsync();

        Assert.Equal(left.From.X - (10 / 320.0), GateOf("left").From.X, 1e-3);
        Assert.Equal(right.To.X + (1 / 320.0), GateOf("right").To.X, 1e-3);
        Assert.Empty(anna.Complaints.Concat(bert.Complaints));
    }

    [Fact]
    public async Task A_draft_is_there_again_when_the_node_was_started_anew()
    {
        await using var open = await node.OpenAsync("bert");
        var page = open.Page;
        await page.Locator("[data-flip]").First.ClickAsync();
        await Expect(page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);

        await node.StopAsync();
        await Expect(page.Locator("#away")).ToBeVisibleAsync();
        await node.StartAsync();

        await Expect(page.Locator(".notice", new PageLocatorOptions { HasText = "is here again" })).ToBeVisibleAsync();
        await Expect(page.Locator(".board[data-ready]")).ToBeVisibleAsync();
        await Expect(page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator(".ed-changes")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Of_two_pages_of_one_account_none_overwrites_the_draft_of_the_other()
    {
        await using var first = await node.OpenAsync("bert");
        await using var second = await node.OpenAsync("bert");
        await Point(first.Page, "through", 0).FocusAsync();
        await first.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(first.Page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);
        await UntilKeptAsync(1);

        await Point(second.Page, "left", 0).FocusAsync();
        await second.Page.Keyboard.PressAsync("ArrowLeft");
        var told = second.Page.Locator(".ed-others");
        await Expect(told).ToContainTextAsync("Another page of yours");
        await Expect(told.Locator("tbody tr")).ToContainTextAsync("Gate through");
        await told.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Put my changes on top of it" }).ClickAsync();
        await Expect(second.Page.Locator(".editor .ed-changes tbody tr")).ToHaveCountAsync(2);

        await second.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Discard the draft" }).ClickAsync();
        await Expect(second.Page.Locator(".ed-changes")).ToHaveCountAsync(0);
        await UntilKeptAsync(0);
        await first.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(first.Page.Locator(".ed-others")).ToContainTextAsync("saved or discarded");
        await first.Page.Locator(".ed-others .danger").ClickAsync();
        await Expect(first.Page.Locator(".ed-changes")).ToHaveCountAsync(0);
        Assert.Empty(first.Complaints.Concat(second.Complaints));
    }

    [Fact]
    public async Task A_draft_that_cannot_be_kept_is_told_on_the_page()
    {
        await using var open = await node.OpenAsync("anna");
        // A file in the folder's place stands in the way of anybody, of root too.
        if (Directory.Exists(node.Drafts)) Directory.Delete(node.Drafts, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(node.Drafts)!);
        await File.WriteAllTextAsync(node.Drafts, "", TestContext.Current.CancellationToken);

        await open.Page.Locator("[data-flip]").First.ClickAsync();
        await Expect(open.Page.Locator("[data-not-kept]")).ToContainTextAsync("could not be kept");

        File.Delete(node.Drafts);
        await open.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Discard the draft" }).ClickAsync();
        await Expect(open.Page.Locator("[data-not-kept]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Faults_are_told_in_the_language_of_the_page()
    {
        await using var open = await node.OpenAsync("anna", locale: "ja-JP");
        await DragAsync(open.Page, Point(open.Page, "through", 0), Point(open.Page, "through", 1));
        var fault = open.Page.Locator(".ed-item .ed-fault").First;
        await Expect(fault).ToContainTextAsync("始点と終点が同じ位置です");
        await Expect(fault.Locator("[lang=en]")).ToHaveCountAsync(0);
        await open.Page.Locator(".ed-save button.danger").ClickAsync();
        await Expect(open.Page.Locator(".ed-changes")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_page_has_no_serious_fault_of_access_nor_of_policy_and_fits_a_phone()
    {
        foreach (var (width, colours, locale) in new[] { (1440, ColorScheme.Light, "en-GB"), (390, ColorScheme.Dark, "ja-JP") })
        {
            await using var open = await node.OpenAsync("anna", width, colours, locale);
            await open.Page.Locator("[data-flip]").First.FocusAsync();
            await open.Page.Keyboard.PressAsync("Enter");
            await Expect(open.Page.Locator(".ed-changes tbody tr")).ToHaveCountAsync(1);
            foreach (var summary in await open.Page.Locator("details > summary").AllAsync()) await summary.ClickAsync();

            var found = await open.Page.RunAxe();
            Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help} {string.Join(" ", v.Nodes.Take(3).Select(n => n.Html))}"));
            Assert.InRange(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
            await open.Page.Locator(".ed-save button.danger").ClickAsync();
            await Expect(open.Page.Locator(".ed-changes")).ToHaveCountAsync(0);
            Assert.Empty(open.Complaints);
        }
    }

    private static Task ShowAsync(IPage page, bool isHidden) => page.EvaluateAsync(
        "isHidden => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }", isHidden);

    /// <summary>Pages keep drafts behind their backs.</summary>
    private async Task UntilKeptAsync(int drafts)
    {
        while ((Directory.Exists(node.Drafts) ? Directory.GetFiles(node.Drafts, "*.json").Length : 0) != drafts) await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private Gate GateOf(string id) => node.Site.Cameras[0].Gates.Single(g => g.Id.Value == id);

    private static ILocator Point(IPage page, string gate, int end) => page.Locator(
        $"circle[aria-label^='Gate {gate}, {(end == 0 ? "from" : "to")}'], circle[aria-label^='ゲート {gate}, {(end == 0 ? "始点" : "終点")}']");

    private static async Task DragAsync(IPage page, ILocator what, ILocator? onto, float dx = 0, float dy = 0)
    {
        await what.ScrollIntoViewIfNeededAsync();
        var from = (await what.BoundingBoxAsync())!;
        var to = onto is null ? null : await onto.BoundingBoxAsync();
        var (x, y) = (from.X + (from.Width / 2), from.Y + (from.Height / 2));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(to is null ? x + dx : to.X + (to.Width / 2), to is null ? y + dy : to.Y + (to.Height / 2), new MouseMoveOptions { Steps = 8 });
        await page.Mouse.UpAsync();
    }
}
