using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Access;

/// <summary>Stands before every route: finds its row in the <see cref="RouteTable"/> and who asks, and lets pass or refuses.</summary>
/// <param name="isReleasePublic">What is released is for everybody.</param>
internal sealed class Gatekeeper(ICallers callers, bool isReleasePublic = false)
{
    /// <summary>Where who may not see counts as they are begins.</summary>
    private const string OfCity = "/released";

    private const string Circuit = "/_blazor";

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(30);

    private readonly OpenPages _open = new();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Pages would make addresses of it.
        if (!HasHost(context.Request))
        {
            await new Problem(StatusCodes.Status400BadRequest, "No host", "what stands in Host is no name and no address", "write the host that is asked").WriteAsync(context);
            return;
        }

        // Nothing of a page is said about paths that there are not, to nobody.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || RouteTable.Find(context.Request.Method, endpoint.RoutePattern.RawText) is not { } route)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such page", "there is nothing at this address", "begin at /, or for programs at /v1/sites").WriteAsync(context);
            return;
        }

        if (IsFromElsewhere(context.Request))
        {
            await new Problem(StatusCodes.Status403Forbidden, "From another site", "the request was made by a page of another site", "use the pages of this one").WriteAsync(context);
            return;
        }

        Caller? caller;
        try
        {
            caller = route.Roles is null ? null : await callers.FindAsync(context);
        }
        catch (VaultFileException)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "Nobody can be let in now", "the accounts of this server cannot be read", "whoever runs the server finds the reason in its log") { RetryAfter = ComeAgain }
                .WriteAsync(context);
            return;
        }

        if (caller is not null)
        {
            context.Features.Set(caller);
            context.User = new CallerPrincipal(caller);
        }

        if (caller is { IsProgram: true } && !MayUse(caller, context, route))
        {
            await new Problem(
                StatusCodes.Status403Forbidden, "Not in the token's scope", $"this token is for {caller.Scope}", "ask a custodian for a token with a scope that covers it").WriteAsync(context);
        }
        else if (route.IsOpenTo(caller?.Roles) || (isReleasePublic && route.IsReleased))
        {
            if (route.Pattern == Circuit) await OpenAsync(context, caller!, next);
            else await next(context);
        }
        else if (caller is null && context.Features.Get<TriesTooOften>() is { RetryAfter: var wait })
        {
            await new Problem(StatusCodes.Status429TooManyRequests, "Too many tries", "this address has shown too much that is no good token", "come again later, with a good one") { RetryAfter = wait }.WriteAsync(context);
        }
        else if (caller is null && route.Kind == RouteKind.Page && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Redirect(context.Request.Path == "/" ? callers.SignInPath : $"{callers.SignInPath}?from={Uri.EscapeDataString($"{context.Request.Path}{context.Request.QueryString}")}");
        }
        else if (caller is not null && context.Request.Path == "/" && RouteTable.Find("GET", OfCity)!.IsOpenTo(caller.Roles))
        {
            context.Response.Redirect(OfCity);
        }
        else
        {
            await Refusal(caller, route).WriteAsync(context);
        }
    }

    /// <summary>A page's circuit, as long as it is open. Its other transports would be one request after another, which nothing could bound.</summary>
    private async Task OpenAsync(HttpContext context, Caller caller, RequestDelegate next)
    {
        var isSocket = context.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase) || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };
        if (!isSocket)
        {
            await new Problem(StatusCodes.Status400BadRequest, "Not a WebSocket", "pages speak with this server by WebSocket alone", "open a page in a browser; a proxy between must let WebSockets through").WriteAsync(context);
            return;
        }

        using var page = _open.TryOpen(caller.Name);
        if (page is not null) await next(context);
        else await new Problem(StatusCodes.Status429TooManyRequests, "Too many pages", $"{caller.Name} has {OpenPages.MostOfAccount} pages open", "close some of them") { RetryAfter = ComeAgain }.WriteAsync(context);
    }

    private static bool HasHost(HttpRequest request)
    {
        try
        {
            return Uri.TryCreate($"{request.Scheme}://{request.Host.Value}/", UriKind.Absolute, out _);
        }
        catch (ArgumentException)
        {
            // Of a name that begins with xn-- and is none.
            return false;
        }
    }

    /// <summary>Programs have no pages, and no site that their token does not name; what is of no site but to be read lists what the token is for, and all else of no site is for tokens of all sites.</summary>
    private static bool MayUse(Caller program, HttpContext context, WebRoute route) =>
        route.Kind == RouteKind.Data && !route.Pattern.StartsWith("/_", StringComparison.Ordinal)
        && (context.GetRouteValue("site") is string site ? program.Covers(site, route.Use) : route.Use == ApiUse.Read || (program.Scope!.Uses.Contains(route.Use) && program.Scope.Sites.Contains("*")));

    /// <summary>A browser says whose page makes a request that changes something, or opens a socket. What is no browser has no cookies that somebody could abuse.</summary>
    private static bool IsFromElsewhere(HttpRequest request)
    {
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Headers.ContainsKey("Sec-WebSocket-Key")) return false;
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site is not ("same-origin" or "none");
        return request.Headers.Origin is [{ } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value);
    }

    private static Problem Refusal(Caller? caller, WebRoute route) => caller is null
        ? new Problem(StatusCodes.Status401Unauthorized, "Sign in first", "nobody is signed in, or no longer", "sign in at /, or show a token of your account: Authorization: Bearer TOKEN")
        : new Problem(
            StatusCodes.Status403Forbidden, "Not for your roles", $"{caller.Name} is {string.Join(", ", caller.Roles.Select(r => r.ToString().ToLowerInvariant()).Order())}",
            $"this is for {string.Join(", ", route.Roles!.Select(r => r.ToString().ToLowerInvariant()))}: ask a custodian for the role");
}
