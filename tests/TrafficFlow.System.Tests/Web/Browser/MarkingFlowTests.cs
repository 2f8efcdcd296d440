using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Vault.Audit;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>A clip of a node from the page of accuracy to a report, in a real browser before a whole node.</summary>
public sealed class MarkingFlowTests(EditorNode node) : IClassFixture<EditorNode>
{
    private const string Header = "gate,direction,time_s,class,size,optional\n";

    /// <summary>Where pictures of the pages are laid, if they are wanted.</summary>
    private static readonly string? s_pictures = Environment.GetEnvironmentVariable("TRAFFICFLOW_PICTURES");

    private string Clips => Directory.CreateDirectory(Path.Combine(node.Data, "clips", "street")).FullName;

    private string Truth => Path.Combine(Clips, "crossing.mp4.truth.csv");

    [Fact]
    public async Task A_clip_is_opened_marked_by_keys_and_clicks_finished_counted_and_compared()
    {
        await using var open = await node.OpenAsync("anna");
        await Tools.RunAsync("ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=2:d=8", "-pix_fmt", "yuv420p", Path.Combine(Clips, "crossing.mp4"));
        await File.WriteAllTextAsync(Path.Combine(Clips, "bad.mp4"), "no video", TestContext.Current.CancellationToken);
        var accuracy = open.Page;
        await accuracy.GotoAsync("/sites/street/accuracy");
        await OpenClipAsync(accuracy, "bad.mp4");
        await Expect(accuracy.Locator("#marking-now [role=alert]")).ToContainTextAsync("bad.mp4");
        await KeepAsync(accuracy, "accuracy-failed");
        await OpenClipAsync(accuracy, "crossing.mp4");
        await Expect(accuracy.Locator("#marking-page")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 120_000 });
        Assert.Contains(node.Audit(AuditKind.View), r => r.Event is { By: "anna", Action: "open clip", Target: "street/cam-north", Details: "crossing.mp4" });
        await AssertAccessibleAsync(accuracy);
        await KeepAsync(accuracy, "accuracy-open");

        var page = await open.Context.RunAndWaitForPageAsync(() => accuracy.Locator("#marking-page").ClickAsync());
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        await Expect(page.Locator("#time")).ToHaveTextAsync("0.00 s");
        await Expect(page.Locator("#gates button").First).ToBeVisibleAsync();
        await TypeAsync(page, "ArrowRight", "ArrowRight", "1", "Enter");
        await Expect(page.Locator("#state")).ToHaveTextAsync("1 mark saved in crossing.mp4.truth.csv");
        await TypeAsync(page, "Escape", "4", "d", "Tab");
        var scan = (await page.Locator("#scan").BoundingBoxAsync())!;
        // Five frames after the one that is in the middle.
        await page.Mouse.ClickAsync(scan.X + (scan.Width / 2) + (4 * 5), scan.Y + 40);
        await Expect(page.Locator("#state")).ToHaveTextAsync("2 marks saved in crossing.mp4.truth.csv");
        await Expect(page.Locator("#list tr")).ToHaveCountAsync(2);
        await AssertAccessibleAsync(page);
        await KeepAsync(page, "marking");
        await page.SetViewportSizeAsync(390, 844);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await KeepAsync(page, "marking-phone");
        await page.SetViewportSizeAsync(1440, 900);

        await LookOnAsync(page.Url);

        await page.Keyboard.PressAsync("F6");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#state")).ToContainTextAsync("Done: 2 marks in crossing.mp4.truth.csv");
        Assert.Empty(complaints);
        var gates = node.Site.Cameras[0].Gates;
        Assert.Equal(
            $"{Header}{gates[0].Id},forward,1.00,passenger-car,small,\n{gates[1].Id},backward,3.50,bus,large,\n", await File.ReadAllTextAsync(Truth, TestContext.Current.CancellationToken));
        Assert.Contains(node.Audit(AuditKind.Change), r => r.Event is { By: "anna", Action: "mark clip", Details: "crossing.mp4" });

        await Expect(accuracy.Locator("#marking-now")).ToContainTextAsync("2 marks are in");
        await accuracy.Locator("#marking-clip").SelectOptionAsync("crossing.mp4");
        await accuracy.Locator("#marking-score").ClickAsync();
        await Expect(accuracy.Locator("#marking-now")).ToContainTextAsync("was counted and compared", new LocatorAssertionsToContainTextOptions { Timeout = 120_000 });
        await Expect(accuracy.Locator("#report")).ToContainTextAsync("crossing");
        Assert.Equal("2", await accuracy.Locator("section table.figures tbody tr td.number").First.TextContentAsync());
        await KeepAsync(accuracy, "accuracy-scored");
        Assert.Empty(open.Complaints);
    }

    /// <summary>Somebody else comes to the same clip.</summary>
    private async Task LookOnAsync(string address)
    {
        foreach (var (colours, locale) in new[] { (ColorScheme.Light, "ja-JP"), (ColorScheme.Dark, "en-GB"), (ColorScheme.Dark, "ja-JP") })
        {
            await using var other = await node.OpenAsync("bert", colours: colours, locale: locale);
            await other.Page.GotoAsync(address);
            await Expect(other.Page.Locator("#state")).ToContainTextAsync(locale == "ja-JP" ? "anna さんが記録中です" : "anna marks this clip");
            await Expect(other.Page.Locator("#take")).ToBeVisibleAsync();
            await Expect(other.Page.Locator("#done")).ToBeHiddenAsync();
            await TypeAsync(other.Page, "Enter");
            await Expect(other.Page.Locator("#list tr")).ToHaveCountAsync(2);
            await AssertAccessibleAsync(other.Page);
            await KeepAsync(other.Page, $"marking-{colours}-{locale}");
            if (s_pictures is null) continue;
            await other.Page.GotoAsync("/sites/street/accuracy");
            await Expect(other.Page.Locator("#marking-page")).ToBeVisibleAsync();
            await KeepAsync(other.Page, $"accuracy-{colours}-{locale}");
        }
    }

    private static async Task OpenClipAsync(IPage page, string clip)
    {
        // Once the circuit is there.
        await Expect(page.Locator("#marking-clip option", new PageLocatorOptions { HasTextRegex = new Regex($"^{Regex.Escape(clip)}") })).ToHaveCountAsync(1);
        await page.Locator("#marking-clip").SelectOptionAsync(clip);
        await page.Locator("#marking-camera").SelectOptionAsync("cam-north");
        await page.Locator("#marking-open").ClickAsync();
    }

    private static async Task TypeAsync(IPage page, params string[] keys)
    {
        foreach (var key in keys) await page.Keyboard.PressAsync(key);
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        var found = await page.RunAxe();
        Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{v.Id}: {v.Help}: {string.Join(" ", v.Nodes.Take(3).Select(n => n.Html))}"));
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        if (s_pictures is null) return;
        Directory.CreateDirectory(s_pictures);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(s_pictures, $"{name}.png"), FullPage = true });
    }
}
