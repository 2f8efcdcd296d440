using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Formats.Tables;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Rest;

/// <summary>`/v1/sites/SITE/flows`: bins as they are, for staff, in the format that Accept asks for.</summary>
internal static class FlowRoutes
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/sites/{site}/flows", AnswerAsync).WithMetadata(ApiOperation.Get(
        "readFlows", "Bins as they are, without gaps.", "For custodian, operator, analyst. JSON in pages; other formats whole, up to 40,000 bins, and to a token with the use export. A bin has a row for each movement and class.",
        [
            ApiOperation.Path("site", "Of the site."), .. ApiOperation.Span, ApiOperation.Query("bin", "Minutes.", ApiOperation.OneOf("15", "1", "5", "15", "60")),
            ApiOperation.Query("approach", "Of the site; all without it.", ApiOperation.Text("")), ApiOperation.Query("movement", "All without it.", ApiOperation.Text("entering, exiting, to EXIT")),
            ApiOperation.Query("class", "All without it.", ApiOperation.Choice(VehicleClassNames.All.Select(c => c.Name()))), ApiOperation.Cursor,
            ApiOperation.Query("limit", "Bins of a page.", ApiOperation.Whole(1, FlowsQuery.MostOfPage, FlowsQuery.UsualPage)), ApiOperation.Format,
        ],
        ApiOperation.FlowAnswers));

    private static async Task AnswerAsync(string site, WebPorts ports, AnswerTurns turns, KeptAnswers kept, DatexPublisher publisher, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found)
        {
            await SiteRoutes.NoSuchSite(ports, context).WriteAsync(context);
            return;
        }

        if (FlowsQuery.Read(found, context.Request.Query, out var problem) is not { } query)
        {
            await problem!.WriteAsync(context);
            return;
        }

        await turns.RunAsync(context, () => TableAnswer.WriteAsync(
            context,
            new TableRequest(
                "flows", found, query.Span, $"{query.Duration}", query.Bins(new BinAlignment(found.TimeZone)), query.Limit, query.TooMuch(), (bins, cancellation) => RowsAsync(query, bins, ports, cancellation))
            {
                AsOf = ports.Time.GetUtcNow(),
                Record = ports.Record,
                AddHeaders = () => RemovedHeader.AddAsync(context, ports, found.Id, Core.Custody.KeptKind.Counts, query.Span),
                Stamp = new TableStamp((bins, cancellation) => StampAsync(query, bins, ports, cancellation), kept),
            },
            FormatChoice.OfSite(found, publisher with { IsPublic = false })));
    }

    private static async Task<string> StampAsync(FlowsQuery query, IReadOnlyList<(ApproachId Approach, Interval Bin)> bins, WebPorts ports, CancellationToken cancellation)
    {
        var flows = ports.Flows();
        var stamps = new List<BinsStamp>();
        foreach (var approach in bins.GroupBy(b => b.Approach, b => b.Bin)) stamps.Add(await flows.StampAsync(Filter(query, approach.Key, [.. approach]), cancellation));
        return string.Join(' ', stamps);
    }

    private static FlowFilter Filter(FlowsQuery query, ApproachId approach, IReadOnlyList<Interval> bins) =>
        new(query.Site.Id, query.Duration, new Interval(bins[0].From, bins[^1].To)) { Approach = approach, Movement = query.Movement, Class = query.Class };

    private static async IAsyncEnumerable<FlowTableRow> RowsAsync(
        FlowsQuery query, IReadOnlyList<(ApproachId Approach, Interval Bin)> bins, WebPorts ports, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var flows = ports.Flows();
        foreach (var approach in bins.GroupBy(b => b.Approach, b => b.Bin))
        {
            var expected = approach.ToList();
            var filter = Filter(query, approach.Key, expected);
            // What nobody can count there has no rows: a zero would say that it was watched.
            IReadOnlyList<Movement> movements = [.. FlowTable.Movements(query.Site, approach.Key, await flows.MovementsAsync(filter, cancellation)).Where(m => query.Movement is not { } one || m == one)];
            var key = new FlowTableKey(query.Site.Id, approach.Key, query.Duration, query.Site.TimeZone.Id);
            await foreach (var row in FlowTable.RowsAsync(key, expected, flows.ReadAllAsync(filter, cancellation), movements, cancellation))
            {
                if (query.Class is not { } wanted || row.Class == wanted.Name()) yield return row;
            }
        }
    }
}
