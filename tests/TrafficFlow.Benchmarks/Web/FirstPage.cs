using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>How long somebody waits for a page in Debian's Chromium: from the address to the chart that is drawn.</summary>
internal static class FirstPage
{
    private const string Chromium = "/usr/bin/chromium";

    /// <param name="cookies">Of somebody who is signed in.</param>
    /// <returns>Seconds for each address, the median of the tries; nothing where there is no browser.</returns>
    public static async Task<IReadOnlyList<double>> MeasureAsync(Uri host, CookieContainer cookies, IReadOnlyList<string> paths, int tries)
    {
        if (!File.Exists(Chromium)) return [];
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [] });
        var medians = new List<double>();
        foreach (var path in paths)
        {
            var seconds = new List<double>();
            for (var i = 0; i < tries; i++)
            {
                // A context of its own has nothing in its cache.
                await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = host.ToString(), ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
                await context.AddCookiesAsync(cookies.GetCookies(host).Select(c => new Microsoft.Playwright.Cookie { Name = c.Name, Value = c.Value, Url = host.ToString() }));
                var page = await context.NewPageAsync();
                var watch = Stopwatch.StartNew();
                await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
                await page.Locator(".chart[data-drawn]").First.WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
                seconds.Add(watch.Elapsed.TotalSeconds);
            }

            medians.Add(seconds.Median());
        }

        return medians;
    }
}
