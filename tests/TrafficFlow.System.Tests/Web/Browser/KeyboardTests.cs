using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Without a mouse, from the first page to a file.</summary>
[Collection(MatrixCollection.Name)]
public sealed class KeyboardTests(MatrixBrowser browser)
{
    private const int MostStops = 60;

    [Fact]
    public async Task Who_has_keys_alone_signs_in_chooses_days_opens_the_table_and_takes_a_file_away()
    {
        await using var open = await browser.WindowAsync(Look.Desk, account: null);
        var page = open.Page;
        await page.GotoAsync("/");
        await Expect(page.GetByLabel("Account")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("anna");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(MatrixHost.Password);
        await page.Keyboard.PressAsync("Enter");

        await TabToAsync(page, page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = MatrixSites.Heavy.Name }));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToContainTextAsync(MatrixSites.Heavy.Name);
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Counts", Exact = true }), backwards: true);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("p.status")).ToBeEmptyAsync();

        await TabToAsync(page, page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "7 days" }));
        await page.Keyboard.PressAsync("Space");
        await Expect(page).ToHaveURLAsync(new Regex("from=20"));
        await Expect(page.Locator("p.status")).ToBeEmptyAsync();
        await TabToAsync(page, page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "CSV", Exact = true }));
        var file = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        using var reader = new StreamReader(await file.CreateReadStreamAsync());
        Assert.Contains("observed_s", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await TabToAsync(page, page.Locator("details summary"));
        await page.Keyboard.PressAsync("Enter");
        // Beside the rows a long table has hidden ones, as high as what is not in sight.
        await Expect(page.Locator("details tbody tr:not([aria-hidden])").First).ToBeVisibleAsync();
        Assert.Empty(open.Complaints);
    }

    /// <summary>Every stop on the way can be seen.</summary>
    private static async Task TabToAsync(IPage page, ILocator wanted, bool backwards = false)
    {
        await Expect(wanted).ToBeVisibleAsync();
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
            // A page that has come later than the key puts the focus on its heading, which is no stop.
            var ring = await page.EvaluateAsync<string>("document.activeElement === document.body || document.activeElement.tabIndex < 0 ? 'body' : getComputedStyle(document.activeElement).outlineStyle");
            Assert.True(ring != "none", $"no ring around {await page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 200)")}");
            if (await wanted.EvaluateAsync<bool>("(e) => e === document.activeElement")) return;
        }

        Assert.Fail($"{wanted} cannot be reached");
    }
}
