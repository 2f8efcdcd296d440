using System.Text;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Web.Browser.Matrix;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>Every page in a real browser, in the states that matter: anybody can use it, it fits the screen, and nothing of it is stopped by the policy.</summary>
[Collection(MatrixCollection.Name)]
public sealed class PageMatrixTests(MatrixBrowser browser)
{
    /// <summary>Where the whole matrix lays its pictures.</summary>
    private const string Folder = "TRAFFICFLOW_PICTURES";

    /// <summary>Only looks and pages that have one of these words in their names, with commas between them.</summary>
    private const string Only = "TRAFFICFLOW_PICTURES_ONLY";

    public static TheoryData<string> Everyday => new(
        MatrixPage.OfServer.Concat(MatrixPage.OfSite(MatrixSites.Blind)).Concat(MatrixPage.OfSite(MatrixSites.Empty).Take(1)).Concat(MatrixPage.OfSite(MatrixSites.Empty).Where(p => p.Name.EndsWith("-causes", StringComparison.Ordinal))).Concat(MatrixPage.OfSite(MatrixSites.Unsurveyed).Take(1)).Select(p => p.Name));

    [Theory]
    [MemberData(nameof(Everyday))]
    public async Task A_page_has_no_serious_fault_of_access_nor_of_policy_and_fits_every_screen(string name)
    {
        var page = All.First(p => p.Name == name);
        // Each page one way round: between them they see both.
        var look = Everyday.Select(r => r.Data).ToList().IndexOf(name) % 2 == 0 ? Look.Phone : Look.Desk;
        await using var open = await browser.OpenAsync(page, look);

        Assert.Empty(await FaultsAsync(open, page, look));
    }

    [Fact]
    [Trait("Run", "Long")]
    public async Task Every_page_in_every_state_width_theme_and_language_is_without_faults()
    {
        var folder = Environment.GetEnvironmentVariable(Folder);
        var only = Environment.GetEnvironmentVariable(Only)?.Split(',') ?? [];
        var faults = new List<string>();
        await using var pictures = new MatrixPictures();
        await using var host = await MatrixHost.StartAsync(ports => ports with { Pictures = pictures.Pictures });
        foreach (var look in Look.All.Where(l => only.Length == 0 || only.Any(o => $"{l}".Contains(o, StringComparison.Ordinal)) || !only.Any(o => Look.All.Any(a => $"{a}".Contains(o, StringComparison.Ordinal)))))
        {
            foreach (var account in All.Select(p => p.Account).Distinct())
            {
                await using var open = await browser.WindowAsync(look, account, host);
                foreach (var page in All.Where(p => p.Account == account && (only.Length == 0 || only.Any(o => p.Name.Contains(o, StringComparison.Ordinal)) || !only.Any(o => All.Any(a => a.Name.Contains(o, StringComparison.Ordinal))))))
                {
                    await page.ShowAsync(open.Page);
                    try
                    {
                        await OpenUpAsync(page, open.Page);
                    }
                    catch (Exception e) when (folder is not null)
                    {
                        faults.Add(e.Message);
                    }

                    faults.AddRange(await FaultsAsync(open, page, look));
                    if (folder is not null) await KeepAsync(folder, page, look, open.Page);
                }
            }
        }

        if (folder is not null) await File.WriteAllLinesAsync(Path.Combine(folder, "faults.txt"), faults, TestContext.Current.CancellationToken);
        Assert.Empty(faults);
    }

    private static IReadOnlyList<MatrixPage> All => [.. MatrixPage.OfServer, .. MatrixSites.All.SelectMany(MatrixPage.OfSite)];

    /// <summary>What stands behind a button, and is worth a look.</summary>
    private static async Task OpenUpAsync(MatrixPage page, IPage shown)
    {
        if (!page.Name.EndsWith("-cameras", StringComparison.Ordinal)) return;
        foreach (var button in await shown.Locator("tbody tr").First.GetByRole(AriaRole.Button).AllAsync()) await button.ClickAsync();
        if (page.Name.StartsWith(MatrixSites.Empty.Id.Value, StringComparison.Ordinal)) return;
        await MatrixPage.UntilAsync(shown, "document.querySelectorAll('.edge-pictures img[data-shown]').length === 3 && document.querySelector('.live img').naturalWidth > 0");
    }

    private static async Task KeepAsync(string folder, MatrixPage page, Look look, IPage shown)
    {
        Directory.CreateDirectory(folder);
        await shown.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{page.Name}.{look}.png"), FullPage = true });
        var text = await shown.EvaluateAsync<string>("[document.title, document.body.innerText, ...[...document.querySelectorAll('[aria-label], [alt], [title]')].map((e) => e.getAttribute('aria-label') ?? e.getAttribute('alt') ?? e.getAttribute('title'))].join('\\n')");
        await File.WriteAllTextAsync(Path.Combine(folder, $"{page.Name}.{look}.txt"), text, Encoding.UTF8);
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(OpenPage open, MatrixPage page, Look look)
    {
        var faults = new List<string>();
        // The page of the interface is another project's: that it shows is all that is asked of it.
        if (page.Name == "api") return faults;
        var found = await open.Page.RunAxe();
        faults.AddRange(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"axe: {v.Id}: {v.Help}: {string.Join(" ", v.Nodes.Take(3).Select(n => n.Html))}"));
        // That the page is not there is said by its answer too, which browsers write into the console.
        faults.AddRange(open.Complaints.Where(c => !(page.Name.StartsWith("error-", StringComparison.Ordinal) && c.StartsWith("Failed to load resource", StringComparison.Ordinal))).Select(c => $"console: {c}"));
        open.Complaints.Clear();
        foreach (var width in new[] { look.Width, 768, 390 }.Distinct())
        {
            if (width > look.Width) continue;
            if (width != look.Width) await open.Page.SetViewportSizeAsync(width, 900);
            if (await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") is var wide && wide > width) faults.Add($"scrolls sideways: {wide} in {width}");
        }

        if (open.Page.ViewportSize!.Width != look.Width) await open.Page.SetViewportSizeAsync(look.Width, look.Width > 1000 ? 900 : 844);
        if (await open.Page.EvaluateAsync<string>("document.title") is var title && (title.Length == 0 || title == "TrafficFlow")) faults.Add("the document has no title of its own");
        if (await open.Page.EvaluateAsync<int>("document.querySelectorAll('h1').length") is var headings && headings != 1) faults.Add($"{headings} first headings");
        if (await open.Page.EvaluateAsync<string>("document.documentElement.lang") != look.Language) faults.Add("the document is not in its reader's language");
        return [.. faults.Select(f => $"{page.Name} {look}: {f}")];
    }
}
