using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Accounts;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Web.Pages.Notices;

/// <summary>Notices as files, and their publication. Who publishes is in the audit before and after.</summary>
internal static class NoticeRoutes
{
    private const string Page = "/notices";

    // Two at once would print twice, and one of them for nothing.
    private static readonly SemaphoreSlim s_publishing = new(1);

    public static void Map(IEndpointRouteBuilder app, WebPorts ports)
    {
        app.MapGet(Page + "/{site}/{version}/{file}", (string site, string version, string file, HttpContext context) => SendAsync(context, ports, site, desk =>
        {
            var published = desk.Shelf.List(new SiteId(site)).FirstOrDefault(n => n.Version.ToString(CultureInfo.InvariantCulture) == version);
            return Task.FromResult(published is not null && desk.Shelf.Read(published, file) is { } content ? (file, content) : ((string, byte[])?)null);
        }));
        app.MapGet(Page + "/{site}/draft/{kind}/{language}", (string site, string kind, string language, HttpContext context) => SendAsync(context, ports, site, async desk =>
        {
            if (SiteOf(ports, site) is not { } known || !NoticeLanguages.All.Contains(language) || !Enum.TryParse<NoticeKind>(kind, ignoreCase: true, out var which) || !Enum.IsDefined(which)) return null;
            return (NoticeDesk.FileName(known.Id, which, language, "html"), Encoding.UTF8.GetBytes(await NoticeHtml.WriteAsync(desk.Facts(known), which, language)));
        }));
        app.MapPost(Page + "/publish", context => PublishAsync(context, ports));
    }

    private static async Task SendAsync(HttpContext context, WebPorts ports, string site, Func<NoticeDesk, Task<(string Name, byte[] Content)?>> read)
    {
        try
        {
            if (ports.Notices is not { } desk || !NameRule.IsChosen(site) || await read(desk) is not var (name, content))
            {
                await new Problem(StatusCodes.Status404NotFound, "No such notice", "no notice of this name is kept here", $"see {Page}; on a cluster each server keeps those that it published").WriteAsync(context);
                return;
            }

            context.Response.ContentType = name.EndsWith(".pdf", StringComparison.Ordinal) ? "application/pdf" : "text/html; charset=utf-8";
            context.Response.ContentLength = content.Length;
            // Never shown here: the policy of these pages forbids the styles that it carries.
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name };
            if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
        catch (Exception e) when (e is IOException && !context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The notice cannot be read", e.Message, "whoever runs the server looks at the folder notices of its data").WriteAsync(context);
        }
    }

    private static async Task PublishAsync(HttpContext context, WebPorts ports)
    {
        if (await DeskForm.ReadAsync(context) is not { } form) return;
        var by = context.Features.Get<Caller>()!;
        if (ports.Notices is not { } desk || SiteOf(ports, form.Text("site")) is not { } site)
        {
            await RefuseAsync("name a site of this node whose file says how pictures are kept (custody)");
            return;
        }

        var account = CallerAudit.PrincipalOf(by).Account;
        if (!await ports.Record(new AuditEvent(AuditKind.Change, by.Name, account, "notice publish", site.Id.Value, "begun")))
        {
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        await s_publishing.WaitAsync(context.RequestAborted);
        try
        {
            var printer = form.Text("pdf").Length == 0 ? null : ports.Printer ?? throw new PdfException("nothing on this node makes PDF: leave PDF out");
            var published = await desk.PublishAsync(site, by.Name, printer, context.RequestAborted);
            await ports.Record(NoticeDesk.RecordOf(published, by.Name, account));
            context.Response.Redirect(Page);
        }
        catch (Exception e) when (e is PdfException or IOException && !context.Response.HasStarted)
        {
            await ports.Record(new AuditEvent(AuditKind.Change, by.Name, account, "notice publish", site.Id.Value, $"failed: {e.Message}"));
            await RefuseAsync(e.Message);
        }
        finally
        {
            s_publishing.Release();
        }

        Task RefuseAsync(string why) =>
            CustodyRoutes.Page(context, StatusCodes.Status400BadRequest, new CustodyAnswer(t => NoticeTexts.For(t.Language).NotPublishedNow, Page) { Problem = why }).ExecuteAsync(context);
    }

    private static Site? SiteOf(WebPorts ports, string id) => ports.Sites().FirstOrDefault(s => s.Id.Value == id && s.Custody is not null);
}
