using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Web.Rest;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>Studies for programs as they are kept, and a study's report as a file. Whoever takes away what tells of single vehicles is recorded before it goes out.</summary>
internal static class StudyRoutes
{
    private static readonly TimeSpan s_comeAgain = TimeSpan.FromSeconds(30);

    // One at a time: what counts beside it has the machine.
    private static readonly SemaphoreSlim s_printing = new(1);

    private static Problem NoSuchStudy => new(StatusCodes.Status404NotFound, "No such study", "no study of this name is kept here", "/v1/sites/SITE/studies lists those that are; `trafficflow analyse` makes one");

    public static void Map(IEndpointRouteBuilder app, WebPorts ports)
    {
        app.MapGet("/v1/sites/{site}/studies", (string site, HttpContext context) => AnswerAsync(context, ports, site, (shelf, found) => ListAsync(context, shelf, found)))
            .WithMetadata(ApiOperation.Get(
                "listStudies", "The studies of a site that are kept, the newest first.", "Why it is congested and what would help; `trafficflow analyse` makes them.", [ApiOperation.Path("site", "Of the site.")],
                ("application/json", ApiOperation.Thing(("items", ApiOperation.ListOf(ApiOperation.Thing(("id", ApiOperation.Text("")), ("from", ApiOperation.Text("RFC 3339")), ("to", ApiOperation.Text("RFC 3339")), ("made_at", ApiOperation.Text("RFC 3339")))))))));
        app.MapGet("/v1/sites/{site}/studies/{study}", (string site, string study, HttpContext context) => AnswerAsync(context, ports, site, (shelf, found) => SendAsync(context, ports, shelf, found, study)))
            .WithMetadata(ApiOperation.Get(
                "readStudy", "One study, as it is kept.", "For operator and analyst: when single vehicles came is in it; who reads it is recorded.", [ApiOperation.Path("site", "Of the site."), ApiOperation.Path("study", "Its id.")],
                ("application/json", ApiOperation.Thing())));
        app.MapGet("/sites/{site}/studies/{study}/report/{language}/{format}", (string site, string study, string language, string format, HttpContext context) =>
            AnswerAsync(context, ports, site, (shelf, found) => ReportAsync(context, ports, shelf, found, study, language, format)));
    }

    private static async Task AnswerAsync(HttpContext context, WebPorts ports, string site, Func<IStudyShelf, Site, Task> answer)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found)
        {
            await SiteRoutes.NoSuchSite(ports, context).WriteAsync(context);
            return;
        }

        if (ports.Studies is not { } shelf)
        {
            await NoSuchStudy.WriteAsync(context);
            return;
        }

        try
        {
            await answer(shelf, found);
        }
        catch (InvalidDataException e) when (!context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The study cannot be read", e.Message, "make it anew with `trafficflow analyse`").WriteAsync(context);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The study cannot be read", "its file cannot be opened", "whoever runs the server looks at the folder of its studies") { RetryAfter = s_comeAgain }.WriteAsync(context);
        }
    }

    private static async Task ListAsync(HttpContext context, IStudyShelf shelf, Site site)
    {
        var kept = await shelf.ListAsync(site.Id, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new { Items = kept.Select(k => new { k.Id, k.Span.From, k.Span.To, k.MadeAt }) });
    }

    private static async Task SendAsync(HttpContext context, WebPorts ports, IStudyShelf shelf, Site site, string study)
    {
        await using var json = await shelf.OpenAsync(site.Id, study, context.RequestAborted);
        if (json is null)
        {
            await NoSuchStudy.WriteAsync(context);
            return;
        }

        if (!await ports.Record(CallerAudit.Of(context.Features.Get<Caller>()!, AuditKind.View, "read study", site.Id.Value, study)))
        {
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method)) await json.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task ReportAsync(HttpContext context, WebPorts ports, IStudyShelf shelf, Site site, string study, string language, string format)
    {
        if (format is not ("html" or "pdf") || !StudyHtml.Languages.Contains(language))
        {
            await new Problem(StatusCodes.Status404NotFound, "No such form", "there are html and pdf, in en and ja", "use the page's own links").WriteAsync(context);
            return;
        }

        if (await shelf.ReadAsync(site.Id, study, context.RequestAborted) is not { } found)
        {
            await NoSuchStudy.WriteAsync(context);
            return;
        }

        var caller = context.Features.Get<Caller>()!;
        // Drawing takes a second, and a study is as large as whoever made it wanted: never on the thread of the request.
        var html = await Task.Run(() => StudyHtml.WriteAsync(found, language, RouteTable.MaySeeJourneys(caller.Roles)), context.RequestAborted);
        if (!await ports.Record(CallerAudit.Of(caller, AuditKind.Export, "download study report", site.Id.Value, $"{study} {language} {format}")))
        {
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        byte[] content;
        try
        {
            content = format == "html" ? Encoding.UTF8.GetBytes(html) : await PrintAsync(ports, html, context.RequestAborted);
        }
        catch (PdfException e)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The report cannot be printed", e.Message, "take the HTML, or try again when that is mended") { RetryAfter = s_comeAgain }.WriteAsync(context);
            return;
        }

        context.Response.ContentType = format == "html" ? "text/html; charset=utf-8" : "application/pdf";
        context.Response.ContentLength = content.Length;
        // Never shown here: the policy of these pages forbids the styles that it carries.
        context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{site.Id.Value}-study-{study}.{language}.{format}" };
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static async Task<byte[]> PrintAsync(WebPorts ports, string html, CancellationToken cancellation)
    {
        if (ports.Printer is not { } printer) throw new PdfException("nothing on this node makes PDF");
        await s_printing.WaitAsync(cancellation);
        try
        {
            return await printer.PrintAsync(html, cancellation);
        }
        finally
        {
            s_printing.Release();
        }
    }
}
