using System.Text.RegularExpressions;
using Microsoft.Playwright;
using TrafficFlow.Core.Custody;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using TrafficFlow.Vault.Inspections;
using TrafficFlow.Web.Pages.Custody;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Custody in real browsers: whoever is dismissed is out, and an inspection is recorded at the pole.</summary>
[Collection(MatrixCollection.Name)]
public sealed class CustodyFlowTests(MatrixBrowser browser)
{
    private const int MostStops = 90;

    [Fact]
    public async Task An_open_page_ends_in_the_moment_in_which_its_reader_is_dismissed()
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var anna = await browser.WindowAsync(Look.Desk, "anna", host);
        await using var bert = await browser.WindowAsync(Look.Phone, "bert", host);
        await bert.Page.GotoAsync("/sites/" + MatrixSites.Heavy.Id);
        await Expect(bert.Page.Locator("h1")).ToContainTextAsync(MatrixSites.Heavy.Name);

        var page = anna.Page;
        await page.GotoAsync("/custody/persons");
        foreach (var (person, duty, account) in new[] { ("管理 花子", "custodian", "anna"), ("Bert Operator", "operator", "bert") })
        {
            await page.Locator("input[name=person]").FillAsync(person);
            await page.Locator("select[name=duty]").SelectOptionAsync(duty);
            await page.Locator("input[name=account]").FillAsync(account);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Appoint", Exact = true }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Rowheader, new PageGetByRoleOptions { Name = person })).ToBeVisibleAsync();
        }

        var form = page.Locator("form[action='/custody/persons/dismiss']", new PageLocatorOptions { Has = page.Locator("input[value=a2]") });
        await Expect(form).ToBeAttachedAsync();
        await page.GetByText("a2 Bert Operator (operator)").ClickAsync();
        await form.Locator("input[name=reason]").FillAsync("left the company");
        await form.GetByRole(AriaRole.Button).ClickAsync();

        await Expect(page.Locator("tbody").First).ToContainTextAsync("left the company");
        // Without a minute's look, and without that bert does anything.
        await Expect(bert.Page).ToHaveURLAsync(new Regex("/sign-in"), new PageAssertionsToHaveURLOptions { Timeout = 20_000 });
        await bert.Page.GotoAsync("/sites/" + MatrixSites.Heavy.Id);
        await Expect(bert.Page).ToHaveURLAsync(new Regex("/sign-in"));
        Assert.Empty(anna.Complaints);
    }

    [Fact]
    public async Task An_inspection_is_recorded_on_a_phone_with_keys_alone_and_what_is_missing_is_asked_for()
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var open = await browser.WindowAsync(Look.Phone, "anna", host);
        var page = open.Page;
        await page.GotoAsync($"/custody/inspections?site={MatrixSites.Blind.Id}&kind=remote");
        await Expect(page.Locator("#record")).ToContainTextAsync("231.4 GB");

        var items = InspectionPlan.ItemsOf(InspectionKind.Remote);
        foreach (var item in items)
        {
            await TabToAsync(page, page.Locator($"input[name=result-{CustodyForm.Word(item)}]").First);
            await page.Keyboard.PressAsync("Space");
        }

        // One is not ok, and nothing is written of it.
        await page.Keyboard.PressAsync("ArrowRight");
        var save = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "署名して保存" });
        await TabToAsync(page, save);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("is not ok: write what was found");
        await page.GoBackAsync();
        await Expect(page.Locator("#record")).ToContainTextAsync("231.4 GB");
        foreach (var item in items) await page.Locator($"input[name=result-{CustodyForm.Word(item)}]").First.CheckAsync();
        await page.Locator("textarea[name=note]").FillAsync("雨天");
        await save.PressAsync("Enter");

        await Expect(page.Locator("section[aria-labelledby=records] tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("section[aria-labelledby=records] tbody")).ToContainTextAsync("指摘なし");
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "HTML" }).ClickAsync());
        Assert.Equal("inspection-i1.html", file.SuggestedFilename);
    }

    private static async Task TabToAsync(IPage page, ILocator wanted)
    {
        await Expect(wanted).ToBeVisibleAsync();
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("(e) => e === document.activeElement")) return;
        }

        Assert.Fail($"{wanted} cannot be reached");
    }
}
