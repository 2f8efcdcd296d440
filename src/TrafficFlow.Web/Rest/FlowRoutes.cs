using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>`/v1/sites/SITE/flows`: bins as they are, in the table format that Accept asks for. JSON comes in pages, the others whole and bounded.</summary>
internal static class FlowRoutes
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/sites/{site}/flows", AnswerAsync);

    private static async Task AnswerAsync(string site, WebPorts ports, AnswerTurns turns, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found)
        {
            await SiteRoutes.NoSuchSite(ports, context).WriteAsync(context);
            return;
        }

        context.Response.Headers.Vary = HeaderNames.Accept;
        if (FlowsQuery.Read(found, context.Request.Query, out var problem) is not { } query)
        {
            await problem!.WriteAsync(context);
            return;
        }

        if (Format(context.Request) is not { } format)
        {
            await new Problem(
                StatusCodes.Status406NotAcceptable, "No such format", "flows are written in none of the formats of Accept", $"ask for {string.Join(", ", FlowFormats.Tables.Select(f => f.MediaType))}").WriteAsync(context);
            return;
        }

        using var turn = await turns.TakeAsync(context.RequestAborted);
        if (turn is null)
        {
            await AnswerTurns.Busy.WriteAsync(context);
            return;
        }

        try
        {
            if (format is JsonFlowFormat) await PageAsync(context, query, ports, format);
            else if (context.Features.Get<Caller>()?.Covers(site, ApiUse.Export) != true) await NotForFiles(context).WriteAsync(context);
            else if (query.TooMuch() is { } tooMuch) await tooMuch.WriteAsync(context);
            else await WholeAsync(context, query, ports, format);
        }
        catch (QueryException e) when (!context.Response.HasStarted)
        {
            await new Problem(StatusCodes.Status503ServiceUnavailable, "The tables do not answer", e.Message, "try again in some seconds; whoever runs the server finds more in its log") { RetryAfter = TimeSpan.FromSeconds(5) }
                .WriteAsync(context);
        }
    }

    private static Problem NotForFiles(HttpContext context) => new(
        StatusCodes.Status403Forbidden, "Not in the token's scope", $"this token is for {context.Features.Get<Caller>()?.Scope}, and whole tables need the use export", "ask in pages, with Accept: application/json; or ask a custodian for a token with export");

    private static async Task PageAsync(HttpContext context, FlowsQuery query, WebPorts ports, IFlowFormat format)
    {
        var bins = query.Bins(new BinAlignment(query.Site.TimeZone)).Take(query.Limit + 1).ToList();
        var next = bins.Count > query.Limit ? FlowsPlace.Write(bins[^1].Approach, bins[^1].Bin.From) : null;
        using var body = new MemoryStream();
        await format.WriteAsync(new FlowRows(RowsAsync(query, [.. bins.Take(query.Limit)], ports, context.RequestAborted), ports.Time.GetUtcNow()) { Next = () => next }, body, context.RequestAborted);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length)))[..24]}\"");
        var response = context.Response;
        response.GetTypedHeaders().ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = format.ContentType;
        response.ContentLength = body.Length;
        body.Position = 0;
        if (!HttpMethods.IsHead(context.Request.Method)) await body.CopyToAsync(response.Body, context.RequestAborted);
    }

    private static async Task WholeAsync(HttpContext context, FlowsQuery query, WebPorts ports, IFlowFormat format)
    {
        var bins = query.Bins(new BinAlignment(query.Site.TimeZone)).ToList();
        var rows = RowsAsync(query, bins, ports, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        await using (rows)
        {
            // The first row before the answer begins: a database that is away must be told as that.
            var any = await rows.MoveNextAsync();
            await ports.Record(CallerAudit.Of(context.Features.Get<Caller>()!, AuditKind.Export, "export flows", query.Site.Id.Value, $"{query.Span} in bins of {query.Duration} as {format.MediaType}"));
            context.Response.ContentType = format.ContentType;
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{query.Site.Id}-{query.Span.From:yyyyMMdd}-{query.Duration.Minutes}min.{format.FileExtension}" };
            if (!HttpMethods.IsHead(context.Request.Method)) await format.WriteAsync(new FlowRows(Remaining(rows, any), ports.Time.GetUtcNow()), context.Response.Body, context.RequestAborted);
        }
    }

    private static async IAsyncEnumerable<FlowTableRow> Remaining(IAsyncEnumerator<FlowTableRow> rows, bool any)
    {
        for (; any; any = await rows.MoveNextAsync()) yield return rows.Current;
    }

    /// <param name="bins">Approach after approach, without gaps.</param>
    private static async IAsyncEnumerable<FlowTableRow> RowsAsync(
        FlowsQuery query, IReadOnlyList<(ApproachId Approach, Interval Bin)> bins, WebPorts ports, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var flows = ports.Flows();
        foreach (var approach in bins.GroupBy(b => b.Approach, b => b.Bin))
        {
            var expected = approach.ToList();
            var filter = new FlowFilter(query.Site.Id, query.Duration, new Interval(expected[0].From, expected[^1].To)) { Approach = approach.Key, Movement = query.Movement, Class = query.Class };
            // What nobody can count there has no rows: a zero would say that it was watched.
            IReadOnlyList<Movement> movements = [.. FlowTable.Movements(query.Site, approach.Key, await flows.MovementsAsync(filter, cancellation)).Where(m => query.Movement is not { } one || m == one)];
            var key = new FlowTableKey(query.Site.Id, approach.Key, query.Duration, query.Site.TimeZone.Id);
            await foreach (var row in FlowTable.RowsAsync(key, expected, flows.ReadAllAsync(filter, cancellation), movements, cancellation))
            {
                if (query.Class is not { } wanted || row.Class == wanted.Name()) yield return row;
            }
        }
    }

    /// <summary>The first of those that Accept likes best; JSON where it says nothing.</summary>
    private static IFlowFormat? Format(HttpRequest request)
    {
        var wanted = request.GetTypedHeaders().Accept;
        if (wanted.Count == 0) return FlowFormats.Tables[0];
        foreach (var type in wanted.Where(t => t.Quality is null or > 0).OrderByDescending(t => t.Quality ?? 1))
        {
            if (FlowFormats.Tables.FirstOrDefault(f => type.MatchesMediaType(f.MediaType)) is { } format) return format;
        }

        return null;
    }
}
