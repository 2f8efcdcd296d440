using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Formats.Tables;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Rest;

namespace TrafficFlow.Web.Released;

/// <summary>`/released` and `/released/SITE`: the released tables for people, as <see cref="ReleasedRoutes"/> has them for programs.</summary>
internal static class ReleasedPages
{
    public static void Map(IEndpointRouteBuilder app, AnswerTurns turns)
    {
        app.MapGet("/released", (ReleasePort port, HttpContext context) => ShowAsync(context, port, null));
        app.MapGet("/released/{site}", (string site, ReleasePort port, HttpContext context) => SiteAsync(site, port, turns, context));
    }

    private static async Task SiteAsync(string site, ReleasePort port, AnswerTurns turns, HttpContext context)
    {
        if (Sites(port).FirstOrDefault(s => s.Id.Value == site) is not { } found)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such site", "this server has no site of that name", "see /released").WriteAsync(context);
            return;
        }

        var choice = ReleasedChoice.Read(found, context.Request.Query, port.Now);
        await turns.RunAsync(context, async () =>
        {
            var (rows, bins) = (new List<FlowTableRow>(), choice.Bins(port.Now, port.KeptSince));
            if (bins.Count > 0)
            {
                await foreach (var row in port.RowsAsync(found, choice.By, bins, context.RequestAborted)) rows.Add(row);
            }

            await ShowAsync(context, port, new ReleasedView(choice, ReleasedGrid.Of(rows, choice.ClassesOf)));
        });
    }

    /// <summary>Without approaches there is nothing to count.</summary>
    private static IReadOnlyList<Site> Sites(ReleasePort port) => [.. port.Sites.Where(s => s.Approaches.Count > 0)];

    private static Task ShowAsync(HttpContext context, ReleasePort port, ReleasedView? table) => new RazorComponentResult<ReleasedDocument>(new Dictionary<string, object?>
    {
        [nameof(ReleasedDocument.Language)] = PageLanguage.Of(context.Request),
        [nameof(ReleasedDocument.Reader)] = context.Features.Get<Caller>()?.Name,
        [nameof(ReleasedDocument.Sites)] = Sites(port),
        [nameof(ReleasedDocument.Table)] = table,
    })
    { PreventStreamingRendering = true }.ExecuteAsync(context);
}
