using Microsoft.Playwright;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Policies;
using TrafficFlow.Wire.Recordings;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Vaults, hand-carry and retention in a real browser.</summary>
[Collection(MatrixCollection.Name)]
public sealed class KeepingFlowTests(MatrixBrowser browser)
{
    private const string Roadside = "roadside-1.example.jp:4053";

    [Fact]
    public async Task A_confirmation_that_comes_back_by_browser_is_refused_in_the_language_of_its_reader()
    {
        await using var host = await MatrixHost.StartAsync(isFilled: false);
        await using var open = await browser.WindowAsync(Look.All.First(l => l.Language == "ja"), "anna", host);
        var page = open.Page;
        await page.GotoAsync("/custody/carry");
        await page.Locator("summary", new PageLocatorOptions { HasText = "受領確認を登録する" }).ClickAsync();
        var form = page.Locator("form[action='/custody/carry/confirm']");
        await form.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "CONFIRMATION", MimeType = "application/octet-stream", Buffer = [.. Enumerable.Repeat((byte)7, 1_500_000)] });
        await form.Locator("button").ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("実行されませんでした");
        await Expect(page.Locator(".notice")).ToHaveTextAsync("受領確認の発行元 server（52da-0011）は、この保管庫では信頼登録されていません。");
        await Expect(page.Locator("p[lang=en]")).ToContainTextAsync("which is not trusted here");
        Assert.Equal((VaultTask.Confirm, 1_500_000, "anna"), (host.Recordings.Begun!.Task, host.Recordings.Begun.File.Length, host.Recordings.Begun.By.Name));
    }

    [Fact]
    public async Task The_page_of_retention_shows_all_that_a_policy_says_and_what_is_still_looser_alone()
    {
        var ja = Look.All.First(l => l.Language == "ja");
        await using var host = await MatrixHost.StartAsync();
        await using var open = await browser.WindowAsync(ja, "anna", host);
        await open.Page.GotoAsync("/custody/retention");

        var policies = open.Page.Locator("section[aria-labelledby=policies]");
        await Expect(policies.Locator("tbody tr")).ToHaveCountAsync(KeptPolicy.Of(MatrixSites.Heavy).FieldTexts().Count + 1);
        await Expect(policies.Locator("tbody tr", new LocatorLocatorOptions { HasText = "操作の記録の保存期間" })).ToHaveCountAsync(1);
        await Expect(policies.Locator(".notice")).ToHaveCountAsync(1);
        await Expect(policies.Locator(".notice")).ToContainTextAsync("二者承認: 持ち出しと消去 → 持ち出し");
    }

    [Fact]
    public async Task A_bundle_is_begun_from_its_form_and_a_verification_shows_what_it_has_found()
    {
        var recorded = new System.Collections.Concurrent.ConcurrentQueue<AuditEvent>();
        await using var host = await MatrixHost.StartAsync(
            ports => ports with
            {
                Record = e =>
                {
                    recorded.Enqueue(e);
                    return Task.FromResult(true);
                },
            },
            isFilled: false);
        await using var open = await browser.WindowAsync(Look.Phone, "anna", host);
        var page = open.Page;
        await page.GotoAsync("/custody/carry");
        await page.Locator("section[aria-labelledby=export] summary").ClickAsync();
        var form = page.Locator("section[aria-labelledby=export] form");
        await form.Locator("select[name=site]").SelectOptionAsync(MatrixSites.Heavy.Id.Value);
        await form.Locator("input[name=path]").FillAsync("/mnt/trafficflow");
        await form.Locator("input[name=gigabytes]").FillAsync("64");
        await form.Locator("input[name=until]").FillAsync("2199-03-31");
        await form.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync(Look.Phone.Language == "ja" ? "開始しました（t9）" : "it has begun (t9)");
        var begun = host.Recordings.Begun!;
        Assert.Equal((VaultTask.Export, MatrixSites.Heavy.Id, "/mnt/trafficflow", 64_000_000_000L, "52da-0011-4e5f-6071-8293-a4b5-c6d7-e8f9"), (begun.Task, begun.Scope.Site!.Value, begun.Path, begun.VolumeBytes, begun.Other));
        // To the end of that day, by the clock of the site.
        Assert.Equal(new DateTimeOffset(2199, 4, 1, 0, 0, 0, MatrixSites.Heavy.TimeZone.BaseUtcOffset), begun.Until);

        // What has only begun is not told as done.
        await Expect(page.Locator("h1")).ToHaveTextAsync(Look.Phone.Language == "ja" ? "開始しました" : "It has begun");
        Assert.Equal(["begun", "begun there (t9)"], recorded.Where(e => e.Action == "carry export").Select(e => e.Outcome));

        await page.GotoAsync("/custody/vaults");
        await Expect(page.Locator($"section[aria-label='{Roadside}'] .secrets")).ToContainTextAsync("trafficflow vault prove --shares 2 --config FILE");
        await page.Locator($"section[aria-label='{Roadside}'] summary").First.ClickAsync();
        await page.Locator("form[action='/custody/vaults/verify'] button").First.ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("chunk 3 was changed");
        await Expect(page.Locator("main")).ToContainTextAsync(Look.Phone.Language == "ja" ? "異常あり" : "NOT WHOLE: 1 findings");
    }
}
