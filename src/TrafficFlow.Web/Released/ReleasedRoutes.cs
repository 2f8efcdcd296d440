using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Formats.Datex;
using TrafficFlow.Web.Formats.Tables;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Rest;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Released;

/// <summary>
/// `/v1/released/…`: what the role city and, where the settings say so, everybody may read. Of the node these take the <see cref="ReleasePort"/> and nothing else: tests hold that no
/// route that is open to them does otherwise.
/// </summary>
internal static class ReleasedRoutes
{
    /// <summary>Released tables are computed: two answers at a time leave the machine to what counts.</summary>
    private const int AtOnce = 2;

    private const string Whom = "For the role city and for staff, and for everybody where the server's settings say so.";

    public static void Map(IEndpointRouteBuilder app, Microsoft.Extensions.Logging.ILogger log)
    {
        var turns = new AnswerTurns(log, AtOnce);
        ReleasedPages.Map(app, turns);
        app.MapGet("/v1/released/sites", (ReleasePort port, HttpContext context) => JsonAnswer.WriteAsync(context, new { Items = port.Sites.Where(s => MayRead(context, s)).Select(Short) }))
            .WithMetadata(ApiOperation.Get("listReleasedSites", "The sites of which tables are released.", Whom, [], ("application/json", ApiOperation.Thing(("items", ApiOperation.ListOf(SiteRoutes.ShortShape))))));
        app.MapGet("/v1/released/sites/{site}", (string site, ReleasePort port, DatexPublisher publisher, HttpContext context) =>
            Find(site, port) is { } found ? SiteAnswer.WriteAsync(context, found, Whole(found), publisher, port.Now) : NoSuchSite(port, context).WriteAsync(context))
            .WithMetadata(ApiOperation.Get(
                "readReleasedSite", "What is released of a site.", Whom, [ApiOperation.Path("site", "Of the site.")],
                ("application/json", SiteRoutes.ShortShape), ("application/geo+json", ApiOperation.Thing(("type", ApiOperation.Text("FeatureCollection")))), ("application/xml", ApiOperation.Text("MeasurementSiteTablePublication of DATEX II v3"))));
        app.MapGet("/v1/released/sites/{site}/flows", (string site, ReleasePort port, DatexPublisher publisher, HttpContext context) => FlowsAsync(site, port, publisher, turns, context))
            .WithMetadata(ApiOperation.Get(
                "readReleasedFlows", "Released tables: small cells are suppressed, and say so.", $"{Whom} Totals of every length; classes by movement and speeds from hours on. `state` says why a number is withheld: suppressed, coarsened (told of longer periods only), pending (not settled yet), missing (nobody watched).",
                [
                    ApiOperation.Path("site", "Of the site."), .. ApiOperation.Span, ApiOperation.Query("bin", "Minutes, day or month.", ApiOperation.OneOf("15", "1", "5", "15", "60", "day", "month")),
                    ApiOperation.Query("approach", "Of the site; all without it.", ApiOperation.Text("")), ApiOperation.Query("movement", "All without it.", ApiOperation.Text("entering, exiting, to EXIT")),
                    ApiOperation.Query("class", "Totals and classes without it.", ApiOperation.Choice([FlowTableRow.AllClasses, .. VehicleClassNames.All.Select(c => c.Name())])), ApiOperation.Cursor,
                    ApiOperation.Query("limit", "Periods of a page: at most 62 days, 12 months, 500 others.", ApiOperation.Whole(1, FlowsQuery.MostOfPage, FlowsQuery.UsualPage)), ApiOperation.Format,
                ],
                ApiOperation.FlowAnswers));
    }

    private static async Task FlowsAsync(string site, ReleasePort port, DatexPublisher publisher, AnswerTurns turns, HttpContext context)
    {
        if (Find(site, port) is not { } found)
        {
            await NoSuchSite(port, context).WriteAsync(context);
            return;
        }

        if (ReleasedQuery.Read(found, context.Request.Query, port.KeptSince, out var problem) is not { } query)
        {
            await problem!.WriteAsync(context);
            return;
        }

        await turns.RunAsync(context, () => TableAnswer.WriteAsync(
            context,
            new TableRequest("released flows", found, query.Span, query.Length, query.Bins(), query.Limit, query.TooMuch(), (bins, cancellation) => query.TakenAsync(port.RowsAsync(found, query.Period, bins, cancellation)))
            {
                AsOf = port.Now,
                Record = port.RecordAsync,
            },
            FormatChoice.OfSite(found, publisher)));
    }

    private static Site? Find(string site, ReleasePort port) => port.Sites.FirstOrDefault(s => s.Id.Value == site);

    private static Problem NoSuchSite(ReleasePort port, HttpContext context) => SiteAnswer.NoSuchSite(port.Sites.Where(s => MayRead(context, s)));

    private static bool MayRead(HttpContext context, Site site) => context.Features.Get<Caller>()?.Covers(site.Id.Value, ApiUse.Read) ?? true;

    private static object Short(Site site) => new { Id = site.Id.Value, site.Name, TimeZone = site.TimeZone.Id };

    /// <summary>What is counted where, and nothing of its cameras.</summary>
    private static object Whole(Site site) => new
    {
        Id = site.Id.Value,
        site.Name,
        TimeZone = site.TimeZone.Id,
        Approaches = site.Approaches.Select(a => new { Id = a.Id.Value, a.Name, Movements = FlowTable.Movements(site, a.Id, Enumerable.Empty<Movement>()).Select(m => m.Name) }),
    };
}
