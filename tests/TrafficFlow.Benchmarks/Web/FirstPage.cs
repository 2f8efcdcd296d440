using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>How long somebody waits for a page in Debian's Chromium: from the address to the chart that is drawn.</summary>
internal static class FirstPage
{
    private const string Chromium = "/usr/bin/chromium";

    /// <param name="cookies">Of somebody who is signed in.</param>
    /// <returns>Seconds of the very first visit, and of each address the median of the tries after it; nothing where there is no browser.</returns>
    public static async Task<(double Visit, IReadOnlyList<double> Medians)> MeasureAsync(Uri host, CookieContainer cookies, IReadOnlyList<string> paths, int tries)
    {
        if (!File.Exists(Chromium)) return (double.NaN, []);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [] });
        var (visit, medians) = (double.NaN, new List<double>());
        foreach (var path in paths)
        {
            var seconds = new List<double>();
            for (var i = double.IsNaN(visit) ? -1 : 0; i < tries; i++)
            {
                // A context of its own has nothing in its cache.
                await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = host.ToString(), ViewportSize = new ViewportSize { Width = 1440, Height = 900 } });
                await context.AddCookiesAsync(cookies.GetCookies(host).Select(c => new Microsoft.Playwright.Cookie { Name = c.Name, Value = c.Value, Url = host.ToString() }));
                var page = await context.NewPageAsync();
                var watch = Stopwatch.StartNew();
                await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
                await page.Locator(".chart[data-drawn]").First.WaitForAsync(new LocatorWaitForOptions { Timeout = 120_000 });
                if (i < 0) visit = watch.Elapsed.TotalSeconds;
                else seconds.Add(watch.Elapsed.TotalSeconds);
            }

            medians.Add(seconds.Median());
            Console.Error.WriteLine($"{path}: {string.Join(" ", seconds.Select(s => s.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)))} s");
        }

        return (visit, medians);
    }
}
