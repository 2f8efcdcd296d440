using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Browser;

/// <summary>
/// A whole node with its cameras, accounts and pages, and Debian's Chromium: one camera is live, one has a short film that it has soon counted, one is not there. It can be stopped and started anew.
/// </summary>
public sealed class EditorNode : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private const string Password = "correct horse battery staple";

    private readonly SettingsFolder _folder = new();
    private readonly int _port = FreePort();
    private string _config = "";
    private IHost? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Where drafts of the site are kept.</summary>
    internal string Drafts => Path.Combine(Data, "site-drafts", "street");

    internal string SiteFile { get; private set; } = "";

    /// <summary>As the node sees it.</summary>
    internal Site Site => _host!.Services.GetRequiredService<NodeSystems>().Sites.Single();

    private Uri Address => new($"http://127.0.0.1:{_port}");

    internal string Data => Path.Combine(_folder.Path, "data");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        SiteFile = _folder.Write("sites/street.conf", Street());
        _config = _folder.Write("node.conf", $$"""
            trafficflow.node { roles = [roadside, server], sites = ["sites/street.conf"], data-directory = "{{Data}}" }
            trafficflow.web.listen = "127.0.0.1:{{_port}}"
            """);
        await StartAsync();
        var accounts = _host!.Services.GetRequiredService<AccountStore>();
        foreach (var name in new[] { "anna", "bert" })
        {
            var invitation = await accounts.CreateAsync(name, [Role.Operator], "test");
            await accounts.AcceptAsync(invitation.Text, Password, name);
        }

        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(60_000);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Environment.UserName == "root" ? ["--no-sandbox"] : [] });
    }

    internal async Task StartAsync()
    {
        _host = NodeHost.Build(NodeDefinition.From(NodeSettings.Load(_config), TimeProvider.System));
        await _host.StartAsync();
    }

    internal async Task StopAsync()
    {
        if (_host is null) return;
        await _host.StopAsync();
        _host.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    /// <summary>A browser of somebody who has signed in, at the editor.</summary>
    internal async Task<OpenPage> OpenAsync(string account, int width = 1440, ColorScheme colours = ColorScheme.Light, string locale = "en-GB")
    {
        Assert.SkipWhen(_browser is null, $"no {Chromium}: install chromium (deploy/test.sh does)");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = colours,
            Locale = locale,
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") complaints.Add(message.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync("/sites/street/edit");
        await page.Locator("input[name=name]").FillAsync(account);
        await page.Locator("input[name=password]").FillAsync(Password);
        await page.Locator("form button[type=submit]").First.ClickAsync();
        await Assertions.Expect(page.Locator(".board[data-ready]")).ToBeVisibleAsync();
        return new OpenPage(context, page, complaints);
    }

    internal IEnumerable<AuditRecord> Audit(AuditKind kind) => AuditReader.Read(new AuditPlace(Data), new AuditFilter(Kind: kind));

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        await StopAsync();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Three cameras of the shipped junction, small.</summary>
    private static string Street()
    {
        var shipped = File.ReadAllText(Path.Combine(SharedFiles.Repository, "hocon", "sites", "demo.conf"));
        string Camera(string from, string to) => shipped[shipped.IndexOf($"    {from} {{", StringComparison.Ordinal)..shipped.IndexOf($"    {to} {{", StringComparison.Ordinal)];
        string Small(string camera, string source, int rate) => camera.Replace("width = 640, height = 360, fps = 10", $"width = 320, height = 180, fps = {rate}", StringComparison.Ordinal)
            .Replace("detector = default", "detector = motion", StringComparison.Ordinal).Replace(source, $"{source}{(rate == 10 ? "?seconds=40" : "")}", StringComparison.Ordinal);
        return $$"""
            # Of the tests.
            trafficflow.site {
              id = street, name = "Street", time-zone = "Asia/Tokyo"
              approaches { north { name = "North" }, east { name = "East" }, south { name = "South" }, west { name = "West" } }
              cameras {
            {{Small(Camera("cam-north", "cam-east"), "synthetic:north", 2)}}{{Small(Camera("cam-east", "cam-south"), "synthetic:east", 10)}}{{Camera("cam-south", "cam-west").Replace("synthetic:south", "rtsp://127.0.0.1:9/none", StringComparison.Ordinal)}}  }
            }

            """;
    }
}
