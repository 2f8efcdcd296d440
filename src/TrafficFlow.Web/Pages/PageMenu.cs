using System.Collections.Immutable;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Routes;
using TrafficFlow.Web.Texts;

namespace TrafficFlow.Web.Pages;

/// <summary>What there is to go to, for its reader: a page that has no row in the <see cref="RouteTable"/>, or a row for others, is not offered.</summary>
public static class PageMenu
{
    private const string SitePages = "/sites/{Site}";

    private static readonly IReadOnlyList<(string Pattern, Func<MenuTexts, string> Title)> All =
    [
        (SitePages, t => t.Junction),
        (SitePages + "/counts", t => t.Counts),
        (SitePages + "/turning", t => t.Turning),
        (SitePages + "/speed", t => t.Speed),
        (SitePages + "/congestion", t => t.Congestion),
        (SitePages + "/signals", t => t.Signals),
        (SitePages + "/causes", t => t.Causes),
        (SitePages + "/proposals", t => t.Proposals),
        (SitePages + "/cameras", t => t.Cameras),
        (SitePages + "/accuracy", t => t.Accuracy),
        (SitePages + "/reports", t => t.Reports),
        (SitePages + "/edit", t => t.Editor),
        ("/released", t => t.Released),
        ("/health", t => t.Health),
        ("/custody", t => t.Custody),
        ("/notices", t => t.Notices),
        ("/accounts", t => t.Accounts),
        ("/audit", t => t.Audit),
        ("/api", t => t.Api),
    ];

    /// <param name="site">Null where no site is looked at.</param>
    public static IReadOnlyList<PageLink> OfSite(string? site, ImmutableArray<Role> roles, MenuTexts texts) => site is null ? [] :
        [.. Links(roles, texts).Where(l => l.Address.StartsWith(SitePages, StringComparison.Ordinal)).Select(l => l with { Address = l.Address.Replace("{Site}", Uri.EscapeDataString(site), StringComparison.Ordinal) })];

    public static IReadOnlyList<PageLink> OfServer(ImmutableArray<Role> roles, MenuTexts texts) =>
        [.. Links(roles, texts).Where(l => !l.Address.StartsWith(SitePages, StringComparison.Ordinal))];

    /// <summary>Where a reader begins.</summary>
    public static string HomeOf(ImmutableArray<Role> roles) => RouteTable.Find("GET", "/")!.IsOpenTo(roles.ToHashSet()) ? "/" : "/released";

    /// <param name="path">Of an address, without its query.</param>
    /// <returns>Null for a page that is of no site.</returns>
    public static string? SiteOf(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["sites", var site, ..] ? Uri.UnescapeDataString(site) : null;

    private static IEnumerable<PageLink> Links(ImmutableArray<Role> roles, MenuTexts texts) =>
        All.Where(p => RouteTable.Find("GET", p.Pattern)?.IsOpenTo(roles.ToHashSet()) ?? false).Select(p => new PageLink(p.Pattern, p.Title(texts)));
}

/// <summary>One page of the menu.</summary>
public sealed record PageLink(string Address, string Title);
