using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.IO;
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

    /// <summary>Adds headers that belong to the answer, in pages and in whole files alike, before its first byte; asked once it is known that the caller may read it. Null for none.</summary>
    public Func<Task>? AddHeaders { get; init; }

    /// <summary>Null where nothing cheaper than the rows tells whether they are still the same.</summary>
    public TableStamp? Stamp { get; init; }
}

/// <param name="Of">Another text wherever the rows of these bins became others.</param>
/// <param name="Kept">Pages that were written before.</param>
internal sealed record TableStamp(Func<IReadOnlyList<(ApproachId Approach, Interval Bin)>, CancellationToken, Task<string>> Of, KeptAnswers Kept);

/// <summary>Writes a table in the format that Accept asks for: JSON in pages, the others whole and bounded, to a token for exports.</summary>
internal static class TableAnswer
{
    // Large and short-lived: without a pool each would be a garbage collection of everything.
    private static readonly RecyclableMemoryStreamManager Bodies = new();

    // Of this build: another one may write the same rows in another way.
    private static readonly string Version = typeof(TableAnswer).Module.ModuleVersionId.ToString("n");

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
        if (table.AddHeaders is { } add) await add();
        var bins = table.Bins.Take(table.Limit + 1).ToList();
        var next = bins.Count > table.Limit ? FlowsPlace.Write(bins[^1].Approach, bins[^1].Bin.From) : null;
        bins = [.. bins.Take(table.Limit)];
        if (table.Stamp is not { } stamp)
        {
            var written = await PageAsync(context, table, format, bins, next);
            await AnswerAsync(context, format, TagOf(written), written);
            return;
        }

        // Every option stands in the address, and the site's file decides on names and movements.
        var state = $"{Version} {format.MediaType} {table.Site.Hash} {context.Request.Path}{context.Request.QueryString} {await stamp.Of(bins, context.RequestAborted)}";
        var tag = TagOf(Encoding.UTF8.GetBytes(state));
        if (IsKnown(context, tag))
        {
            await AnswerAsync(context, format, tag, []);
            return;
        }

        if (stamp.Kept.Find(tag) is not { } page)
        {
            page = await PageAsync(context, table, format, bins, next);
            stamp.Kept.Keep(tag, page);
        }

        await AnswerAsync(context, format, tag, page);
    }

    private static async Task<byte[]> PageAsync(HttpContext context, TableRequest table, IFlowFormat format, IReadOnlyList<(ApproachId Approach, Interval Bin)> bins, string? next)
    {
        await using var body = Bodies.GetStream();
        await format.WriteAsync(new FlowRows(table.Rows(bins, context.RequestAborted), table.AsOf) { Next = () => next }, body, context.RequestAborted);
        var page = new byte[body.Length];
        body.Position = 0;
        await body.ReadExactlyAsync(page, context.RequestAborted);
        return page;
    }

    private static string TagOf(byte[] of) => $"\"{Convert.ToHexStringLower(SHA256.HashData(of))[..24]}\"";

    private static bool IsKnown(HttpContext context, string tag)
    {
        var own = new EntityTagHeaderValue(tag);
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(own, useStrongComparison: false));
    }

    private static async Task AnswerAsync(HttpContext context, IFlowFormat format, string tag, byte[] page)
    {
        var response = context.Response;
        response.GetTypedHeaders().ETag = new EntityTagHeaderValue(tag);
        response.Headers.CacheControl = "private, no-cache";
        if (IsKnown(context, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = format.ContentType;
        response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(page, context.RequestAborted);
    }

    private static async Task WholeAsync(HttpContext context, TableRequest table, IFlowFormat format)
    {
        IReadOnlyList<(ApproachId Approach, Interval Bin)> bins = [.. FormatChoice.BinsOf(format, table.Bins, table.AsOf)];
        var rows = table.Rows(bins, context.RequestAborted).GetAsyncEnumerator(context.RequestAborted);
        await using (rows)
        {
            // The first row before the answer begins: a database that is away must be told as that.
            var any = await rows.MoveNextAsync();
            if (table.AddHeaders is { } add) await add();
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
