using System.Reflection;
using Microsoft.AspNetCore.Components;
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
}
