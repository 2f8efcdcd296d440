using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Cameras;

namespace TrafficFlow.Web.Pages.Marking;

/// <summary>The marking page among the pages of a node: of the clip that is open, to operators. Whoever looks, and whoever changes marks, is in the audit before anything goes out, once for each view.</summary>
internal static class MarkingDoor
{
    public const string Prefix = "/sites/{site}/marking/{clip}/";

    public static MarkingMount Mount { get; } = new(Prefix, FindAsync, context => context.Features.Get<Caller>()!.Name, Page);

    /// <summary>Of the page.</summary>
    public static string AddressOf(SiteId site, string clip) => $"/sites/{Uri.EscapeDataString(site.Value)}/marking/{Uri.EscapeDataString(clip)}/";

    private static MarkingPageAddress Page(HttpContext context) => new(
        AddressOf(new SiteId(Value(context, "site")), Value(context, "clip")), name => EmbeddedAssets.AddressOf($"/_content/trafficflow/{name}"), $"/sites/{Uri.EscapeDataString(Value(context, "site"))}/accuracy");

    private static async Task<IMarking?> FindAsync(HttpContext context, MarkingUse use)
    {
        var (ports, views) = (context.RequestServices.GetRequiredService<WebPorts>(), context.RequestServices.GetRequiredService<PictureViews>());
        var (site, clip) = (ports.Sites().FirstOrDefault(s => s.Id.Value == Value(context, "site")), Value(context, "clip"));
        if (site is null || ports.Marking?.Find(site.Id, clip) is not { } marking)
        {
            await new Problem(
                StatusCodes.Status404NotFound, "This clip is not open", "it was not opened at this node, or it was closed again: a clip that nobody uses for half an hour is",
                $"open it on the page /sites/{Uri.EscapeDataString(Value(context, "site"))}/accuracy").WriteAsync(context);
            return null;
        }

        var camera = new CameraId(marking.Clip.Camera);
        if (!await views.IsRecordedAsync(ports, context, AuditKind.View, "clip pictures", site.Id, camera, clip)) return null;
        return use == MarkingUse.Look || await views.IsRecordedAsync(ports, context, AuditKind.Change, "mark clip", site.Id, camera, clip) ? marking : null;
    }

    private static string Value(HttpContext context, string name) => (string?)context.GetRouteValue(name) ?? "";
}
