using Microsoft.Playwright;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Recordings of another node in a real browser: found by their hour, played, and told where they stop.</summary>
[Collection(MatrixCollection.Name)]
public sealed class RecordingFlowTests(MatrixBrowser browser)
{
    private static readonly string s_day = $"/custody/recordings?site={MatrixSites.Heavy.Id}&day={MatrixRecordings.Day:yyyy-MM-dd}";

    [Fact]
    public async Task A_segment_is_found_on_a_phone_with_keys_alone_plays_and_goes_on_where_its_node_was_away()
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var open = await browser.WindowAsync(Look.Phone, "anna", host);
        var page = open.Page;
        await page.GotoAsync(s_day);
        await page.Locator(".hours a[href*='camera=cam-north'][href*='hour=9']").PressAsync("Enter");
        await page.Locator("#segments tr", new PageLocatorOptions { HasText = "09:05:00" }).Nth(1).Locator("a").PressAsync("Enter");
        await MatrixPage.UntilAsync(page, "document.querySelector('video')?.readyState > 2");
        Assert.Equal(60, await page.EvaluateAsync<double>("document.querySelector('video').duration"), 1.0);
        await page.Locator("video").PressAsync("Space");
        await MatrixPage.UntilAsync(page, "document.querySelector('video').currentTime > 0.5");

        // Its node goes before the later segment is opened.
        host.Recordings.IsAway = true;
        await page.Locator("section[aria-labelledby=playing] nav a").Last.PressAsync("Enter");
        await Expect(page.Locator(".player .gone-told")).ToContainTextAsync("node roadside-1.example.jp:4053 does not answer: nothing within 10 s");
        host.Recordings.IsAway = false;
        await page.Locator(".player .again").PressAsync("Enter");
        await MatrixPage.UntilAsync(page, "document.querySelector('video')?.readyState > 2 && !document.querySelector('.player.gone')");
        await Expect(page.Locator("#playing")).ToContainTextAsync("09:06");
    }

    [Fact]
    public async Task An_erasure_that_waits_for_a_second_person_is_shown_as_such()
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var open = await browser.WindowAsync(Look.Desk, "anna", host);
        var page = open.Page;
        await page.GotoAsync(s_day);
        await page.Locator("summary", new PageLocatorOptions { HasText = "Erase a time" }).ClickAsync();
        await page.Locator("select[name=node]").SelectOptionAsync("roadside-1.example.jp:4053");
        await page.Locator("input[name=from]").FillAsync($"{MatrixRecordings.Day:yyyy-MM-dd}T09:00");
        await page.Locator("input[name=to]").FillAsync($"{MatrixRecordings.Day:yyyy-MM-dd}T09:30");
        await page.Locator("input[name=reason]").FillAsync("request 12");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Erase a time" }).ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("It waits for a second person");
        await Expect(page.Locator(".notice")).ToContainTextAsync("this takes two persons here");
        Assert.DoesNotContain(open.Complaints, c => !c.Contains("400", StringComparison.Ordinal));
    }
}
