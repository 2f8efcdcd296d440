using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>`/v1/sites`: which sites there are, and what is counted at each.</summary>
internal static class SiteRoutes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/sites", (WebPorts ports, HttpContext context) => JsonAnswer.WriteAsync(context, new { Items = ports.Sites().Select(Short) }));
        app.MapGet("/v1/sites/{site}", GetAsync);
    }

    private static Task GetAsync(string site, WebPorts ports, HttpContext context)
    {
        var sites = ports.Sites();
        return sites.FirstOrDefault(s => s.Id.Value == site) is { } found
            ? JsonAnswer.WriteAsync(context, Whole(found))
            : new Problem(
                StatusCodes.Status404NotFound, "No such site", "this server has no site of that name", $"it has {string.Join(", ", sites.Select(s => s.Id.Value).DefaultIfEmpty("none"))}")
            { Parameter = "site" }.WriteAsync(context);
    }

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
