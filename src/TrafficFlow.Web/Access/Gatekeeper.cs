using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Access;

/// <summary>Stands before every route: finds its row in the <see cref="RouteTable"/> and who asks, and lets pass or refuses.</summary>
internal sealed class Gatekeeper(ICallers callers)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Nothing of a page is said about paths that there are not, to nobody.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || RouteTable.Find(context.Request.Method, endpoint.RoutePattern.RawText) is not { } route)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such page", "there is nothing at this address", "begin at /, or for programs at /v1/sites").WriteAsync(context);
            return;
        }

        var caller = route.Roles is null ? null : await callers.FindAsync(context);
        if (caller is not null) context.Features.Set(caller);
        if (route.IsOpenTo(caller?.Roles))
        {
            await next(context);
        }
        else if (caller is null && route.Kind == RouteKind.Page && HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Redirect(callers.SignInPath);
        }
        else
        {
            await Refusal(caller, route).WriteAsync(context);
        }
    }

    private static Problem Refusal(Caller? caller, WebRoute route) => caller is null
        ? new Problem(StatusCodes.Status401Unauthorized, "Sign in first", "nobody is signed in, or no longer", "sign in at /, or show a token of your account: Authorization: Bearer TOKEN")
        : new Problem(
            StatusCodes.Status403Forbidden, "Not for your roles", $"{caller.Name} is {string.Join(", ", caller.Roles.Select(r => r.ToString().ToLowerInvariant()).Order())}",
            $"this is for {string.Join(", ", route.Roles!.Select(r => r.ToString().ToLowerInvariant()))}: ask a custodian for the role");
}
