using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>
/// The anonymized picture of a camera of this node, and its scene as coarse edges, for an img of its page. Whoever looks is in the audit before the first picture goes out, once for
/// each view; whoever asks by another way than the page is so too.
/// </summary>
internal static class PictureRoutes
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sites/{site}/cameras/{camera}/picture", AnswerAsync);
        app.MapGet("/sites/{site}/cameras/{camera}/edges/{which}", AnswerEdgesAsync);
    }

    private static async Task AnswerAsync(string site, string camera, WebPorts ports, PictureViews views, HttpContext context)
    {
        if (await FindAsync(site, camera, ports, context) is not { } found) return;
        if (!await views.IsRecordedAsync(ports, context, AuditKind.View, "camera picture", found.Site, found.Camera)) return;
        if (await found.Pictures.NextAsync(found.Camera, context.RequestAborted) is not { } picture)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "No picture now", "the camera gives none", "see why at its state") { RetryAfter = ComeAgain }.WriteAsync(context);
            return;
        }

        await WriteAsync(picture.Jpeg, "image/jpeg", picture.Taken, context);
    }

    private static async Task AnswerEdgesAsync(string site, string camera, string which, WebPorts ports, PictureViews views, HttpContext context)
    {
        if (await FindAsync(site, camera, ports, context) is not { } found) return;
        if (which is not ("calibrated" or "now" or "both"))
        {
            await new Problem(StatusCodes.Status404NotFound, "No such edges", "there are those of the calibrated scene, of now, and of both", "ask for edges/calibrated, edges/now or edges/both").WriteAsync(context);
            return;
        }

        if (!await views.IsRecordedAsync(ports, context, AuditKind.View, "camera edges", found.Site, found.Camera)) return;
        var edges = found.Pictures.Edges(found.Camera);
        if ((which switch { "calibrated" => edges?.Calibrated, "now" => edges?.Now, _ => edges?.Both }) is not { } png)
        {
            // The scene is looked at for some seconds first: that is no fault, of which browsers would tell.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.RetryAfter = ComeAgain.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return;
        }

        await WriteAsync(png, "image/png", which == "calibrated" ? null : edges!.NowAt, context);
    }

    /// <returns>Null where that was answered.</returns>
    private static async Task<(SiteId Site, CameraId Camera, ICameraPictures Pictures)?> FindAsync(string site, string camera, WebPorts ports, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found || found.Cameras.FirstOrDefault(c => c.Id.Value == camera) is not { } setup)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such camera", "this server has no camera of this name at such a site", $"see /sites/{Uri.EscapeDataString(site)}/cameras").WriteAsync(context);
            return null;
        }

        if (ports.Pictures is { } pictures && pictures.Has(setup.Id)) return (found.Id, setup.Id, pictures);
        await new Problem(StatusCodes.Status404NotFound, "No picture here", "this node does not have the camera itself, or its detector does not run; no picture crosses the cluster", "open the pages of the node beside the camera, if it shows any")
            .WriteAsync(context);
        return null;
    }

    private static async Task WriteAsync(byte[] picture, string mediaType, DateTimeOffset? taken, HttpContext context)
    {
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = picture.Length;
        if (taken is { } at) context.Response.Headers["X-Taken"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(picture, context.RequestAborted);
    }
}
