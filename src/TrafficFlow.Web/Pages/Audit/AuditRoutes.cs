using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Pages.Audit;

/// <summary>The audit as a file of JSON lines. Whoever takes it away is recorded before the first line of it goes out.</summary>
internal static class AuditRoutes
{
    private const int FlushEach = 500;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/audit/download", AnswerAsync);

    private static async Task AnswerAsync(WebPorts ports, HttpContext context)
    {
        if (ports.Audit is not { } audit)
        {
            await new Problem(StatusCodes.Status404NotFound, "No audit", "this server keeps none", "see its log for the reason").WriteAsync(context);
            return;
        }

        var choice = AuditChoice.Parse(name => context.Request.Query[name] is [{ } value] ? value : null, out var problem);
        if (problem is var (parameter, detail))
        {
            await Problem.BadParameter(parameter, detail, "use the page /audit, which makes the address").WriteAsync(context);
            return;
        }

        try
        {
            using var rows = audit.Read(choice.Filter).GetEnumerator();
            // Before the answer begins: files that cannot be read must be told as that.
            var any = rows.MoveNext();
            await ports.Record(CallerAudit.Of(context.Features.Get<Caller>()!, AuditKind.Export, "audit export", "this node", choice.ToString()));
            context.Response.ContentType = "application/jsonl; charset=utf-8";
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment")
            {
                FileName = $"audit-{ports.Time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.jsonl",
            };
            if (!HttpMethods.IsHead(context.Request.Method)) await WriteAsync(context, rows, any);
        }
        catch (VaultFileException e) when (!context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The audit cannot be read", e.Message, "then try again").WriteAsync(context);
        }
    }

    private static async Task WriteAsync(HttpContext context, IEnumerator<AuditRecord> rows, bool any)
    {
        var lines = new StringBuilder();
        for (var count = 1; any; count++)
        {
            lines.Append(AuditRow.From(rows.Current).Json()).Append('\n');
            any = rows.MoveNext();
            if (count % FlushEach != 0 && any) continue;
            await context.Response.WriteAsync(lines.ToString(), context.RequestAborted);
            lines.Clear();
        }
    }
}
