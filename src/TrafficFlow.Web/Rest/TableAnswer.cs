using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Tables;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Rest;

/// <summary>Rows of some bins, of one approach after another, in the order of the bins.</summary>
internal delegate IAsyncEnumerable<FlowTableRow> RowSource(IReadOnlyList<(ApproachId Approach, Interval Bin)> bins, CancellationToken cancellation);

/// <summary>A table to be answered with.</summary>
/// <param name="Name">Of what it holds, for a file's name and the audit: flows, released flows.</param>
/// <param name="Bins">All that are asked for, from the place of the cursor on.</param>
/// <param name="Limit">Bins of a page.</param>
/// <param name="TooMuch">Why it cannot be answered as a whole; null where it can.</param>
internal sealed record TableRequest(string Name, Site Site, Interval Span, string Length, IEnumerable<(ApproachId Approach, Interval Bin)> Bins, int Limit, Problem? TooMuch, RowSource Rows)
{
    public required DateTimeOffset AsOf { get; init; }

    public required Func<AuditEvent, Task> Record { get; init; }
}

/// <summary>Writes a table in the format that Accept asks for: JSON in pages, the others whole and bounded, to a token for exports.</summary>
internal static class TableAnswer
{
    public static async Task WriteAsync(HttpContext context, TableRequest table, IReadOnlyList<IFlowFormat> formats)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        if (FormatChoice.Of(context.Request, formats) is not { } format)
        {
            await new Problem(
                StatusCodes.Status406NotAcceptable, "No such format", $"{table.Name} are written in none of the formats of Accept", $"ask for {string.Join(", ", formats.Select(FormatChoice.NameOf))}").WriteAsync(context);
            return;
        }

        try
        {
            if (format is JsonFlowFormat) await PageAsync(context, table, format);
            else if (context.Features.Get<Caller>()?.Covers(table.Site.Id.Value, ApiUse.Export) == false) await NotForFiles(context).WriteAsync(context);
            else if (table.TooMuch is { } tooMuch) await tooMuch.WriteAsync(context);
            else await WholeAsync(context, table, format);
        }
        catch (FormatRefusedException e) when (!context.Response.HasStarted)
        {
            context.Response.Headers.Remove(HeaderNames.ContentDisposition);
            await new Problem(StatusCodes.Status409Conflict, "Not in this format", e.Message, "ask for another format, or for what this one can hold").WriteAsync(context);
        }
    }

    private static Problem NotForFiles(HttpContext context) => new(
        StatusCodes.Status403Forbidden, "Not in the token's scope", $"this token is for {context.Features.Get<Caller>()?.Scope}, and whole tables need the use export", "ask in pages, with Accept: application/json; or ask a custodian for a token with export");

    private static async Task PageAsync(HttpContext context, TableRequest table, IFlowFormat format)
    {
        var bins = table.Bins.Take(table.Limit + 1).ToList();
        var next = bins.Count > table.Limit ? FlowsPlace.Write(bins[^1].Approach, bins[^1].Bin.From) : null;
        using var body = new MemoryStream();
        await format.WriteAsync(new FlowRows(table.Rows([.. bins.Take(table.Limit)], context.RequestAborted), table.AsOf) { Next = () => next }, body, context.RequestAborted);
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

    private static async Task WholeAsync(HttpContext context, TableRequest table, IFlowFormat format)
    {
        IReadOnlyList<(ApproachId Approach, Interval Bin)> bins = [.. FormatChoice.BinsOf(format, table.Bins, table.AsOf)];
        var rows = table.Rows(bins, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        await using (rows)
        {
            // The first row before the answer begins: a database that is away must be told as that.
            var any = await rows.MoveNextAsync();
            // Of nobody in particular, who sees what is public, there is nothing to record.
            if (context.Features.Get<Caller>() is { } caller)
                await table.Record(CallerAudit.Of(caller, AuditKind.Export, $"export {table.Name}", table.Site.Id.Value, $"{table.Span.From:yyyy-MM-dd'T'HH:mmzzz} to {table.Span.To:yyyy-MM-dd'T'HH:mmzzz} in bins of {table.Length} as {FormatChoice.NameOf(format)}"));
            context.Response.ContentType = format.ContentType;
            context.Response.GetTypedHeaders().ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"{table.Site.Id}-{table.Span.From:yyyyMMdd}-{table.Length.Replace(" ", "", StringComparison.Ordinal)}.{format.FileExtension}" };
            if (HttpMethods.IsHead(context.Request.Method)) return;
            var body = new HeldStream(context.Response.Body);
            await format.WriteAsync(new FlowRows(Remaining(rows, any), table.AsOf), body, context.RequestAborted);
            await body.ReleaseAsync(context.RequestAborted);
        }
    }

    private static async IAsyncEnumerable<FlowTableRow> Remaining(IAsyncEnumerator<FlowTableRow> rows, bool any)
    {
        for (; any; any = await rows.MoveNextAsync()) yield return rows.Current;
    }
}
