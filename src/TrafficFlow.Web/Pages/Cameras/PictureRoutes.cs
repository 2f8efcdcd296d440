using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Pages.Cameras;

/// <summary>
/// The anonymized picture of a camera of this node, for an img of its page. Whoever looks is in the audit before the first picture goes out, once for each view; whoever asks by
/// another way than the page is so too.
/// </summary>
internal static class PictureRoutes
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/sites/{site}/cameras/{camera}/picture", AnswerAsync);

    private static async Task AnswerAsync(string site, string camera, WebPorts ports, PictureViews views, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found || found.Cameras.FirstOrDefault(c => c.Id.Value == camera) is not { } setup)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such camera", "this server has no camera of this name at such a site", $"see /sites/{Uri.EscapeDataString(site)}/cameras").WriteAsync(context);
            return;
        }

        if (ports.Pictures is not { } pictures || !pictures.Has(setup.Id))
        {
            await new Problem(StatusCodes.Status404NotFound, "No picture here", "this node does not have the camera itself, or its detector does not run; no picture crosses the cluster", "open the pages of the node beside the camera, if it shows any")
                .WriteAsync(context);
            return;
        }

        var caller = context.Features.Get<Caller>()!;
        var reader = $"{caller.CheckedBy}:{caller.Name}";
        if (views.Begins(reader, found.Id, setup.Id) && !await ports.Record(CallerAudit.Of(caller, AuditKind.View, "camera picture", $"{found.Id}/{setup.Id}")))
        {
            views.End(reader, found.Id, setup.Id);
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        if (await pictures.NextAsync(setup.Id, context.RequestAborted) is not { } picture)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "No picture now", "the camera gives none", "see why at its state") { RetryAfter = ComeAgain }.WriteAsync(context);
            return;
        }

        context.Response.ContentType = "image/jpeg";
        context.Response.ContentLength = picture.Jpeg.Length;
        context.Response.Headers["X-Taken"] = picture.Taken.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(picture.Jpeg, context.RequestAborted);
    }
}
