using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Services;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Pages;
using TrafficFlow.Web.Texts;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

public sealed class PageMenuTests
{
    [Fact]
    public void Every_page_of_a_site_is_offered_to_who_may_see_it_and_nothing_to_the_city()
    {
        var offered = PageMenu.OfSite("s", [Role.Custodian, Role.Operator, Role.Analyst], MenuTexts.For("en")).Select(l => l.Address).ToHashSet();
        var pages = typeof(PageMenu).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template).Where(t => t.StartsWith("/sites/", StringComparison.Ordinal));

        Assert.Equal(pages.Select(p => p.Replace("{Site}", "s", StringComparison.Ordinal)).Order(), offered.Order());
        Assert.Empty(PageMenu.OfSite("s", [Role.City], MenuTexts.For("en")));
        Assert.Empty(PageMenu.OfSite(null, [Role.Custodian], MenuTexts.For("en")));
    }

    [Theory]
    [InlineData("/sites/a%20b/counts", "a b")]
    [InlineData("/sites/a", "a")]
    [InlineData("/", null)]
    [InlineData("/health", null)]
    public void The_site_is_read_from_the_address(string path, string? site) => Assert.Equal(site, PageMenu.SiteOf(path));

    [Fact]
    public async Task The_served_theme_sets_every_variable_that_the_controls_of_the_installed_MudBlazor_use()
    {
        await using var services = new ServiceCollection().AddLogging().AddMudServices().AddSingleton<IJSRuntime, NoScript>().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var written = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>()).ToHtmlString());
        using var served = new StreamReader(typeof(PageMenu).Assembly.GetManifestResourceStream("web/_content/trafficflow/mud-theme.css")!);

        var wanted = Variables(written);
        Assert.True(wanted.Count > 150, $"only {wanted.Count} variables are written: MudThemeProvider has changed");
        Assert.Empty(wanted.Except(Variables(await served.ReadToEndAsync(TestContext.Current.CancellationToken))));
    }

    private static HashSet<string> Variables(string css) => [.. Regex.Matches(css, @"(--mud-[\w-]+):").Select(m => m.Groups[1].Value)];

    private sealed class NoScript : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => default;

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => default;
    }
}
