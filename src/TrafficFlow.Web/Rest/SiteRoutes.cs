using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Rest;

/// <summary>`/v1/sites`: which sites there are, and what is counted at each.</summary>
internal static class SiteRoutes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/sites", (WebPorts ports, HttpContext context) => JsonAnswer.WriteAsync(context, new { Items = ports.Sites().Where(s => MayRead(context, s)).Select(Short) }))
            .WithMetadata(ApiOperation.Get("listSites", "The sites that the caller may read.", "For custodian, operator, analyst.", [], ("application/json", ApiOperation.Thing(("items", ApiOperation.ListOf(ShortShape))))));
        app.MapGet("/v1/sites/{site}", (string site, WebPorts ports, DatexPublisher publisher, HttpContext context) => ports.Sites().FirstOrDefault(s => s.Id.Value == site) is { } found
            ? SiteAnswer.WriteAsync(context, found, Whole(found), publisher with { IsPublic = false }, ports.Time.GetUtcNow())
            : NoSuchSite(ports, context).WriteAsync(context))
            .WithMetadata(ApiOperation.Get(
                "readSite", "What is counted at a site.", "Approaches, cameras and gates; its plan as GeoJSON; the table of measurement sites that DATEX II data refers to.", [ApiOperation.Path("site", "Of the site.")],
                ("application/json", ShortShape), ("application/geo+json", ApiOperation.Thing(("type", ApiOperation.Text("FeatureCollection")))), ("application/xml", ApiOperation.Text("MeasurementSiteTablePublication of DATEX II v3"))));
    }

    public static Microsoft.OpenApi.OpenApiSchema ShortShape => ApiOperation.Thing(("id", ApiOperation.Text("")), ("name", ApiOperation.Text("")), ("time_zone", ApiOperation.Text("IANA")));

    public static Problem NoSuchSite(WebPorts ports, HttpContext context) => SiteAnswer.NoSuchSite(ports.Sites().Where(s => MayRead(context, s)));

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
