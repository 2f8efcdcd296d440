using Microsoft.Playwright;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>How a page is looked at.</summary>
public readonly record struct Look(int Width, ColorScheme Colours, string Language)
{
    public static readonly Look Desk = new(1440, ColorScheme.Light, "en");

    public static readonly Look Phone = new(390, ColorScheme.Dark, "ja");

    public static IEnumerable<Look> All =>
        from width in new[] { 1440, 768, 390 }
        from colours in new[] { ColorScheme.Light, ColorScheme.Dark }
        from language in new[] { "en", "ja" }
        select new Look(width, colours, language);

    public override string ToString() => $"{Width}-{Colours}-{Language}".ToLowerInvariant();
}

/// <summary>One browser and one host for all tests that look at the matrix, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class MatrixCollection : ICollectionFixture<MatrixBrowser>
{
    public const string Name = "matrix of pages";
}

/// <summary>Debian's Chromium before a host of the matrix.</summary>
public sealed class MatrixBrowser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private readonly Dictionary<string, string> _sessions = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private MatrixHost? _host;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(60_000);
        // Root has no sandbox of its own to give; whoever else runs the tests keeps it.
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Environment.UserName == "root" ? ["--no-sandbox"] : [] });
    }

    /// <summary>A window without a page in it, and all that the consoles of its pages complain of.</summary>
    /// <param name="account">Who is signed in; null for nobody.</param>
    internal async Task<OpenPage> WindowAsync(Look look, string? account = "anna", MatrixHost? host = null)
    {
        Assert.SkipWhen(_browser is null, $"no {Chromium}: install chromium (deploy/test.sh does)");
        host ??= _host ??= await MatrixHost.StartAsync();
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = host.Address.ToString(),
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Width > 1000 ? 900 : 844 },
            ColorScheme = look.Colours,
            Locale = look.Language == "ja" ? "ja-JP" : "en-GB",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(60_000);
        if (account is not null)
        {
            var key = $"{host.Address} {account}";
            if (!_sessions.TryGetValue(key, out var session)) _sessions[key] = session = await host.SignInAsync(account);
            await context.AddCookiesAsync([new Cookie { Name = "trafficflow-session", Value = session, Url = host.Address.ToString() }]);
        }

        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            // The page of the interface is another project's, and may still complain when the next one is shown.
            if (message.Type is "error" or "warning" && !message.Location.Contains("/api", StringComparison.Ordinal)) complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        return new OpenPage(context, page, complaints);
    }

    internal async Task<OpenPage> OpenAsync(MatrixPage page, Look look)
    {
        var open = await WindowAsync(look, page.Account);
        await page.ShowAsync(open.Page);
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }
}
