using Microsoft.Playwright;

namespace TrafficFlow.SystemTests.Experiment;

/// <summary>Pictures of pages and papers of an experiment for somebody who looks at them: written where TRAFFICFLOW_PICTURES names a folder, and not at all without it.</summary>
internal sealed class ExperimentPictures : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly string? _folder = Environment.GetEnvironmentVariable("TRAFFICFLOW_PICTURES");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <param name="seen">What is there once the page is whole.</param>
    public async Task TakeAsync(string name, Uri address, PageSession session, string path, string language = "ja", string seen = "main h1")
    {
        if (_folder is null) return;
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Environment.UserName == "root" ? ["--no-sandbox"] : [] });
        await using var context = await _browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = address.ToString(), ViewportSize = new ViewportSize { Width = 1280, Height = 900 }, Locale = language == "ja" ? "ja-JP" : "en-GB" });
        await context.AddCookiesAsync([new Cookie { Name = "trafficflow-session", Value = session.Session, Url = address.ToString() }]);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        await page.Locator(seen).First.WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
        // Nobody asserts by it: pictures come and circuits begin.
        await page.WaitForTimeoutAsync(2_500);
        Directory.CreateDirectory(_folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_folder, $"{name}.png"), FullPage = true });
    }

    /// <summary>A paper as it is handed out.</summary>
    public async Task KeepAsync(string name, string html)
    {
        if (_folder is null) return;
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, name), html);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
