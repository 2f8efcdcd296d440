using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Geo;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>`/v1/sites`: which sites there are, and what is counted at each.</summary>
internal static class SiteRoutes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/sites", (WebPorts ports, HttpContext context) => JsonAnswer.WriteAsync(context, new { Items = ports.Sites().Where(s => MayRead(context, s)).Select(Short) }));
        app.MapGet("/v1/sites/{site}", GetAsync);
    }

    public static Problem NoSuchSite(WebPorts ports, HttpContext context) => new(
        StatusCodes.Status404NotFound, "No such site", "this server has no site of that name", $"it has {string.Join(", ", ports.Sites().Where(s => MayRead(context, s)).Select(s => s.Id.Value).DefaultIfEmpty("none"))}")
    { Parameter = "site" };

    private static Task GetAsync(string site, WebPorts ports, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found) return NoSuchSite(ports, context).WriteAsync(context);
        if (!context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == GeoJsonSite.MediaType)) return JsonAnswer.WriteAsync(context, Whole(found));
        try
        {
            return JsonAnswer.WriteAsync(context, GeoJsonSite.Of(found), GeoJsonSite.MediaType);
        }
        catch (FormatRefusedException e)
        {
            return new Problem(StatusCodes.Status409Conflict, "Its place is not known", e.Message, "write where the site lies into its file, or ask with Accept: application/json").WriteAsync(context);
        }
    }

    private static bool MayRead(HttpContext context, Site site) => context.Features.Get<Caller>()?.Covers(site.Id.Value, ApiUse.Read) ?? false;

    private static object Short(Site site) => new { Id = site.Id.Value, site.Name, TimeZone = site.TimeZone.Id };

    private static object Whole(Site site) => new
    {
        Id = site.Id.Value,
        site.Name,
        TimeZone = site.TimeZone.Id,
        SiteHash = site.Hash,
        Approaches = site.Approaches.Select(a => new { Id = a.Id.Value, a.Name }),
        Cameras = site.Cameras.Select(c => new { Id = c.Id.Value, IsCalibrated = c.Plane is not null, Calibration = c.Plane?.Version, Gates = c.Gates.Select(g => g.Id.Value) }),
    };
}
