using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>A page that stays open while its node restarts, and one whose session ends.</summary>
[Collection(MatrixCollection.Name)]
public sealed class ComingBackTests(MatrixBrowser browser)
{
    private const string Path = "/sites/minato/counts?from=2026-05-01&to=2026-05-02";

    private const string Read = "document.querySelector('p.status')?.textContent.trim() === ''";

    [Theory]
    [InlineData("en", "The server does not answer. This page comes back by itself.")]
    [InlineData("ja", "サーバーが応答していません。復旧すると自動的に再表示します。")]
    public async Task A_page_says_that_its_node_is_away_and_comes_back_without_a_click(string language, string told)
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var open = await browser.WindowAsync(Look.Desk with { Language = language }, host: host);
        var page = open.Page;
        await page.GotoAsync(Path);
        await MatrixPage.UntilAsync(page, Read);
        await page.EvaluateAsync("window.before = true");

        await host.StopAsync();
        await Expect(page.Locator("#away")).ToBeVisibleAsync();
        await Expect(page.Locator("#away")).ToHaveTextAsync(told);
        await host.StartAgainAsync();

        await Expect(page.Locator("#away")).ToBeHiddenAsync();
        await MatrixPage.UntilAsync(page, $"!window.before && {Read}");
        Assert.EndsWith(Path, page.Url);
        await Expect(page.GetByLabel(language == "ja" ? "終了日" : "To", new PageGetByLabelOptions { Exact = true })).ToHaveValueAsync("2026-05-02");
    }

    [Fact]
    public async Task Whose_session_has_ended_signs_in_and_is_where_he_was()
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var open = await browser.WindowAsync(Look.Desk, host: host);
        var page = open.Page;
        await page.GotoAsync(Path);
        await MatrixPage.UntilAsync(page, Read);

        // Meanwhile, and the node restarts too: the page comes back, to a reader whom nobody knows any more.
        host.Sessions.EndAllOf("anna");
        await host.StopAsync();
        await Expect(page.Locator("#away")).ToBeVisibleAsync();
        await host.StartAgainAsync();
        await SignInAsync(page);
        Assert.EndsWith(Path, page.Url);
        await MatrixPage.UntilAsync(page, Read);

        // Inside the circuit, which passes no gatekeeper.
        host.Sessions.EndAllOf("anna");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Turning table" }).ClickAsync();
        await SignInAsync(page);
        Assert.EndsWith("/sites/minato/turning", page.Url);
        await Expect(page.Locator("h1")).ToContainTextAsync("Turning table");
    }

    private static async Task SignInAsync(IPage page)
    {
        await Expect(page).ToHaveURLAsync(new Regex("/sign-in\\?from="));
        await page.GetByLabel("Account").FillAsync("anna");
        await page.GetByLabel("Password").FillAsync(MatrixHost.Password);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("^[^?]*/sites/"));
    }
}
