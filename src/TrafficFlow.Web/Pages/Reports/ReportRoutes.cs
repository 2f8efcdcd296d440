using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>A kept report as a file. Whoever takes it away is recorded before it goes out.</summary>
internal static class ReportRoutes
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/sites/{site}/reports/{file}", AnswerAsync);

    /// <summary>In place of a revision's number: programs do not know how often a report was made.</summary>
    private const string Newest = ".newest.";

    private static ReportName? NameOf(SiteId site, string file, ReportShelf? shelf)
    {
        if (!file.Contains(Newest, StringComparison.Ordinal)) return ReportName.Parse(site, file);
        return ReportName.Parse(site, file.Replace(Newest, ".", StringComparison.Ordinal)) is { Revision: 1 } name ? shelf?.Newest(name)?.Name : null;
    }

    private static async Task AnswerAsync(string site, string file, WebPorts ports, HttpContext context)
    {
        var found = ports.Sites().FirstOrDefault(s => s.Id.Value == site);
        try
        {
            var name = found is null ? null : NameOf(found.Id, file, ports.Reports?.Shelf);
            await using var report = name is null ? null : ports.Reports?.Shelf.Open(name);
            if (report is null)
            {
                await new Problem(StatusCodes.Status404NotFound, "No such report", "no report of this name is kept here", $"see /sites/{Uri.EscapeDataString(site)}/reports; on a cluster each server keeps those that it made").WriteAsync(context);
                return;
            }

            // A day's report tells of ways of vehicles too.
            if (!await ports.Record(CallerAudit.Of(context.Features.Get<Caller>()!, AuditKind.Export, "download report", found!.Id.Value, name!.File)))
            {
                await CallerAudit.NotRecorded.WriteAsync(context);
                return;
            }

            context.Response.ContentType = name.MediaType;
            context.Response.ContentLength = report.Length;
            // Never shown here: the policy of these pages forbids the styles that it carries.
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = name.File };
            if (!HttpMethods.IsHead(context.Request.Method)) await report.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The report cannot be read", "its file cannot be opened", "whoever runs the server looks at the folder of its reports").WriteAsync(context);
        }
    }
}
