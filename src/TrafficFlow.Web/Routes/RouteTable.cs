using TrafficFlow.Vault.Accounts;

namespace TrafficFlow.Web.Routes;

/// <summary>
/// Every route that there is, and who may use it. What is not written here is not answered, whatever was mapped: a new route is a decision about who may see it.
/// </summary>
public static class RouteTable
{
    private static readonly IReadOnlyList<Role>? Everybody = null;
    private static readonly IReadOnlyList<Role> SignedIn = [];

    /// <summary>Who reads counts as they are. The city reads what is released, by routes of its own.</summary>
    private static readonly IReadOnlyList<Role> Staff = [Role.Custodian, Role.Operator, Role.Analyst];

    public static readonly IReadOnlyList<WebRoute> All =
    [
        new("GET", "/_content/{**file}", RouteKind.Asset, Everybody),
        new("GET", "/_framework/{**file}", RouteKind.Asset, Everybody),
        new("GET", "/_framework/opaque-redirect", RouteKind.Data, SignedIn),
        new("GET", "/enter", RouteKind.Page, Everybody),

        new("GET", "/sign-in", RouteKind.Page, Everybody),
        new("POST", "/sign-in", RouteKind.Page, Everybody),
        new("POST", "/sign-out", RouteKind.Page, Everybody),
        new("GET", "/invitation", RouteKind.Page, Everybody),
        new("POST", "/invitation", RouteKind.Page, Everybody),

        // The circuit of a page: as who opened it, each page again asks for its own row.
        new("*", "/_blazor/negotiate", RouteKind.Data, SignedIn),
        new("*", "/_blazor", RouteKind.Data, SignedIn),
        new("*", "/_blazor/disconnect/", RouteKind.Data, SignedIn),
        new("*", "/_blazor/initializers/", RouteKind.Data, SignedIn),

        new("*", "/", RouteKind.Page, Staff),
        new("*", "/sites/{Site}", RouteKind.Page, Staff),

        new("GET", "/v1/sites", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}/flows", RouteKind.Data, Staff),
        // Journeys are among them: never for the city.
        new("GET", "/v1/sites/{site}/topics", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}/topics/{topic}", RouteKind.Data, Staff) { Use = ApiUse.Subscribe },
    ];

    /// <returns>Null where there is no row: nobody may use it.</returns>
    public static WebRoute? Find(string method, string? pattern) =>
        All.FirstOrDefault(r => Same(r.Pattern, pattern) && (r.Method == "*" || r.Method == method || (r.Method == "GET" && method == "HEAD")));

    private static bool Same(string written, string? mapped) => mapped is not null && written.Trim('/').Equals(mapped.Trim('/'), StringComparison.Ordinal);
}
