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

    /// <summary>Single vehicles are for who looks into how it counts, and for nobody outside.</summary>
    private static readonly IReadOnlyList<Role> OfJourneys = [Role.Operator, Role.Analyst];

    private static readonly IReadOnlyList<Role> Released = [Role.City, .. Staff];

    private static readonly IReadOnlyList<Role> Technicians = [Role.Custodian, Role.Operator];
    private static readonly IReadOnlyList<Role> Operators = [Role.Operator];
    private static readonly IReadOnlyList<Role> Custodians = [Role.Custodian];

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
        new("*", "/sites/{Site}/counts", RouteKind.Page, Staff),
        new("*", "/sites/{Site}/turning", RouteKind.Page, Staff),
        new("*", "/sites/{Site}/speed", RouteKind.Page, Staff),
        new("*", "/sites/{Site}/accuracy", RouteKind.Page, Staff),

        // Counts as they are, to be taken away. Programs may fetch the one of each morning.
        new("*", "/sites/{Site}/reports", RouteKind.Page, Staff),
        new("GET", "/sites/{site}/reports/{file}", RouteKind.Data, Staff) { Use = ApiUse.Export },

        // Why it is congested and what would help. When single vehicles came is in a study: pages show it to whom journeys are for, and programs of others get none.
        new("*", "/sites/{Site}/congestion", RouteKind.Page, Staff),
        new("*", "/sites/{Site}/signals", RouteKind.Page, Staff),
        new("*", "/sites/{Site}/causes", RouteKind.Page, Staff),
        new("*", "/sites/{Site}/proposals", RouteKind.Page, Staff),
        new("GET", "/sites/{site}/studies/{study}/report/{language}/{format}", RouteKind.Data, Staff) { Use = ApiUse.Export },

        // Pictures, coarsened as they are, are for those who look after cameras and those who answer for privacy.
        new("*", "/sites/{Site}/cameras", RouteKind.Page, Technicians),
        new("GET", "/sites/{site}/cameras/{camera}/picture", RouteKind.Page, Technicians),
        new("GET", "/sites/{site}/cameras/{camera}/edges/{which}", RouteKind.Page, Technicians),

        // A clip of a node, coarsened as pictures are, and its marks, are for those who look after counting.
        new("GET", "/sites/{site}/marking/{clip}/", RouteKind.Page, Operators),
        new("GET", "/sites/{site}/marking/{clip}/clip", RouteKind.Page, Operators),
        new("GET", "/sites/{site}/marking/{clip}/marks", RouteKind.Page, Operators),
        new("GET", "/sites/{site}/marking/{clip}/frame/{index}", RouteKind.Page, Operators),
        new("GET", "/sites/{site}/marking/{clip}/scan/{gate}/{from}/{count}", RouteKind.Page, Operators),
        new("PUT", "/sites/{site}/marking/{clip}/marks", RouteKind.Page, Operators),
        new("POST", "/sites/{site}/marking/{clip}/seat", RouteKind.Page, Operators),
        new("POST", "/sites/{site}/marking/{clip}/done", RouteKind.Page, Operators),

        // As `ctl site reload`: who may see the page may save on it, and the command's own table is asked again when somebody does.
        new("*", "/sites/{Site}/edit", RouteKind.Page, Operators),

        new("*", "/health", RouteKind.Page, Technicians),

        // Everybody has an account and may see to it; those of others are the custodians'.
        new("*", "/accounts", RouteKind.Page, SignedIn),
        new("*", "/accounts/{Name}", RouteKind.Page, Custodians),
        new("POST", "/accounts/add", RouteKind.Page, Custodians),
        new("POST", "/accounts/invite", RouteKind.Page, Custodians),
        new("POST", "/accounts/roles", RouteKind.Page, Custodians),
        new("POST", "/accounts/disable", RouteKind.Page, Custodians),
        new("POST", "/accounts/enable", RouteKind.Page, Custodians),
        new("POST", "/accounts/own/password", RouteKind.Page, SignedIn),
        new("POST", "/accounts/own/second-factor", RouteKind.Page, SignedIn),
        new("POST", "/accounts/own/second-factor/confirm", RouteKind.Page, SignedIn),
        new("POST", "/accounts/own/second-factor/remove", RouteKind.Page, SignedIn),
        // Of one's own account; of others the desk takes them from custodians alone.
        new("POST", "/accounts/tokens", RouteKind.Page, SignedIn),
        new("POST", "/accounts/tokens/revoke", RouteKind.Page, SignedIn),

        new("*", "/audit", RouteKind.Page, Custodians),
        new("GET", "/audit/download", RouteKind.Data, Custodians) { Use = ApiUse.Export },

        // What is published is for everybody who can log in; drafts and publication are the custodians'.
        new("*", "/notices", RouteKind.Page, SignedIn),
        new("GET", "/notices/{site}/{version}/{file}", RouteKind.Page, SignedIn),
        new("GET", "/notices/{site}/draft/{kind}/{language}", RouteKind.Page, Custodians),
        new("POST", "/notices/publish", RouteKind.Page, Custodians),

        // Who does what, what is due, who asked. Papers are pages too: no program takes them.
        new("*", "/custody", RouteKind.Page, Technicians),
        new("*", "/custody/inspections", RouteKind.Page, Technicians),
        new("*", "/custody/persons", RouteKind.Page, Custodians),
        new("*", "/custody/requests", RouteKind.Page, Custodians),
        new("*", "/custody/requests/{Id}", RouteKind.Page, Custodians),
        new("GET", "/custody/requests/{id}/contact", RouteKind.Page, Custodians),
        new("GET", "/custody/requests/{id}/letter/{language}/{format}", RouteKind.Page, Custodians),
        new("GET", "/custody/inspections/{id}/record/{format}", RouteKind.Page, Technicians),
        new("POST", "/custody/persons/appoint", RouteKind.Page, Custodians),
        new("POST", "/custody/persons/dismiss", RouteKind.Page, Custodians),
        new("POST", "/custody/persons/withdraw", RouteKind.Page, Custodians),
        new("POST", "/custody/approvals/request", RouteKind.Page, Technicians),
        new("POST", "/custody/approvals/approve", RouteKind.Page, Custodians),
        new("POST", "/custody/approvals/refuse", RouteKind.Page, Custodians),
        new("POST", "/custody/approvals/withdraw", RouteKind.Page, Technicians),
        new("POST", "/custody/inspections/record", RouteKind.Page, Technicians),
        new("POST", "/custody/inspections/follow-up/close", RouteKind.Page, Technicians),
        new("POST", "/custody/inspections/follow-up/move", RouteKind.Page, Technicians),
        new("POST", "/custody/requests/receive", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/assign", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/note", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/extend", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/receipt", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/erase", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/answer", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/close", RouteKind.Page, Custodians),
        new("POST", "/custody/requests/reopen", RouteKind.Page, Custodians),

        // Recordings. What they show, the node that has them decides once more; what is erased and held is the custodians'.
        new("*", "/custody/recordings", RouteKind.Page, Technicians),
        new("GET", "/custody/recordings/{node}/{site}/{camera}/{name}/video", RouteKind.Page, Technicians),
        new("GET", "/custody/recordings/{node}/{site}/{camera}/{name}/problem", RouteKind.Page, Technicians),
        new("POST", "/custody/recordings/erase", RouteKind.Page, Custodians),
        new("*", "/custody/holds", RouteKind.Page, Custodians),
        new("POST", "/custody/holds/set", RouteKind.Page, Custodians),
        new("POST", "/custody/holds/release", RouteKind.Page, Custodians),
        new("*", "/custody/receipts", RouteKind.Page, Custodians),
        new("GET", "/custody/receipts/{node}/{id}", RouteKind.Page, Custodians),
        new("*", "/custody/copies", RouteKind.Page, Technicians),
        new("POST", "/custody/copies/end", RouteKind.Page, Technicians),

        // How recordings are kept. Operators verify and carry, which erases nothing; what is erased or trusted by it is the custodians'.
        new("*", "/custody/vaults", RouteKind.Page, Technicians),
        new("POST", "/custody/vaults/verify", RouteKind.Page, Technicians),
        new("POST", "/custody/vaults/rotate", RouteKind.Page, Custodians),
        new("*", "/custody/carry", RouteKind.Page, Technicians),
        new("POST", "/custody/carry/export", RouteKind.Page, Technicians),
        new("POST", "/custody/carry/import", RouteKind.Page, Technicians),
        new("POST", "/custody/carry/cancel", RouteKind.Page, Custodians),
        new("POST", "/custody/carry/confirm", RouteKind.Page, Custodians),
        new("POST", "/custody/carry/trust", RouteKind.Page, Custodians),
        new("POST", "/custody/carry/distrust", RouteKind.Page, Custodians),
        new("GET", "/custody/carry/{node}/identity", RouteKind.Page, Technicians),
        new("GET", "/custody/carry/{node}/confirmation/{id}", RouteKind.Page, Technicians),
        new("*", "/custody/retention", RouteKind.Page, Technicians),
        new("POST", "/custody/retention/clock", RouteKind.Page, Custodians),
        new("GET", "/custody/retention/{node}/report/{id}", RouteKind.Page, Custodians),

        new("GET", "/v1/sites", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}/flows", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}/journeys", RouteKind.Data, OfJourneys),
        new("GET", "/v1/sites/{site}/studies", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}/studies/{study}", RouteKind.Data, OfJourneys),

        // What the city finds when it signs in.
        new("GET", "/released", RouteKind.Page, Released) { IsReleased = true },
        new("GET", "/released/{site}", RouteKind.Page, Released) { IsReleased = true },
        new("GET", "/v1/released/sites", RouteKind.Data, Released) { IsReleased = true },
        new("GET", "/v1/released/sites/{site}", RouteKind.Data, Released) { IsReleased = true },
        new("GET", "/v1/released/sites/{site}/flows", RouteKind.Data, Released) { IsReleased = true },

        new("GET", "/v1/openapi.json", RouteKind.Data, SignedIn),
        new("GET", "/api", RouteKind.Page, SignedIn),
        new("GET", "/api/scalar.js", RouteKind.Asset, Everybody),

        // Journeys are among them: never for the city.
        new("GET", "/v1/sites/{site}/topics", RouteKind.Data, Staff),
        new("GET", "/v1/sites/{site}/topics/{topic}", RouteKind.Data, Staff) { Use = ApiUse.Subscribe },
    ];

    /// <summary>Wherever single vehicles are shown beside other things.</summary>
    public static bool MaySeeJourneys(IEnumerable<Role> roles) => roles.Any(OfJourneys.Contains);

    /// <returns>Null where there is no row: nobody may use it.</returns>
    public static WebRoute? Find(string method, string? pattern) =>
        All.FirstOrDefault(r => Same(r.Pattern, pattern) && (r.Method == "*" || r.Method == method || (r.Method == "GET" && method == "HEAD")));

    private static bool Same(string written, string? mapped) => mapped is not null && written.Trim('/').Equals(mapped.Trim('/'), StringComparison.Ordinal);
}
