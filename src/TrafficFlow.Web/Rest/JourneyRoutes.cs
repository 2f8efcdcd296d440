using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Routes;

namespace TrafficFlow.Web.Rest;

/// <summary>`/v1/sites/SITE/journeys`: single vehicles over a junction, for operators and analysts alone; who looks at them is recorded.</summary>
internal static class JourneyRoutes
{
    private const string LocalTime = "yyyy-MM-dd'T'HH:mm:ss.fffzzz";

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/v1/sites/{site}/journeys", AnswerAsync).WithMetadata(ApiOperation.Get(
        "readJourneys", "Single vehicles over a junction, by when they were last seen.", "For operator and analyst; at most 7 days at a time; who reads them is recorded.",
        [
            ApiOperation.Path("site", "Of the site."), .. ApiOperation.Span, ApiOperation.Query("approach", "On which they came.", ApiOperation.Text("")), ApiOperation.Query("exit", "On which they left.", ApiOperation.Text("")),
            ApiOperation.Query("class", "All without it.", ApiOperation.Choice(VehicleClassNames.All.Select(c => c.Name()))), ApiOperation.Cursor,
            ApiOperation.Query("limit", "Journeys of a page.", ApiOperation.Whole(1, JourneysQuery.MostOfPage, JourneysQuery.UsualPage)),
        ],
        ("application/json", ApiOperation.Page(ApiOperation.Thing(("approach", ApiOperation.Text("null where nobody saw it enter")), ("exit", ApiOperation.Text("null where nobody saw it leave")), ("class", ApiOperation.Text("")), ("id", ApiOperation.Text("for trafficflow why")))))));

    private static async Task AnswerAsync(string site, WebPorts ports, AnswerTurns turns, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found)
        {
            await SiteRoutes.NoSuchSite(ports, context).WriteAsync(context);
            return;
        }

        if (JourneysQuery.Read(found, context.Request.Query, out var problem) is not { } query)
        {
            await problem!.WriteAsync(context);
            return;
        }

        await turns.RunAsync(context, async () =>
        {
            var page = await ports.Journeys().ReadAsync(query.Filter, query.Cursor, query.Limit, context.RequestAborted);
            if (!await ports.Record(CallerAudit.Of(context.Features.Get<Caller>()!, AuditKind.View, "read journeys", found.Id.Value, $"{query.Filter.Span.From:yyyy-MM-dd'T'HH:mmzzz} to {query.Filter.Span.To:yyyy-MM-dd'T'HH:mmzzz}{(query.Cursor is null ? "" : ", a further page")}")))
            {
                await CallerAudit.NotRecorded.WriteAsync(context);
                return;
            }

            await RemovedHeader.AddAsync(context, ports, found.Id, Core.Custody.KeptKind.Journeys, query.Filter.Span);
            await JsonAnswer.WriteAsync(context, new { Items = page.Journeys.Select(j => Row(found, j)), Next = query.Next(page.Next) });
        });
    }

    private static object Row(Site site, StoredJourney stored)
    {
        var j = stored.Journey;
        return new
        {
            Site = site.Id.Value,
            Approach = j.Approach?.Value,
            Exit = j.Exit?.Value,
            Class = j.Class.Name(),
            Size = j.Size.Name(),
            ClassConfidence = Math.Round(j.ClassConfidence, 3),
            Entered = Local(j.EnteredAt),
            Left = Local(j.LeftAt),
            FirstSeen = Local(j.FirstSeenAt),
            LastSeen = Local(j.LastSeenAt),
            EnterSpeedKmh = Rounded(j.EnterSpeedKmh),
            LeaveSpeedKmh = Rounded(j.LeaveSpeedKmh),
            SpeedErrorKmh = Rounded(j.SpeedErrorKmh),
            DistanceM = Math.Round(j.DistanceMetres, 1),
            j.Stops,
            StoppedS = Math.Round(j.StoppedSeconds, 1),
            DelayS = Math.Round(j.DelaySeconds, 1),
            LateralM = Rounded(j.LateralMetres),
            Queued = Local(j.QueuedAt),
            QueuedM = Rounded(j.QueuedMetres),
            j.Cameras,
            stored.Provenance.SiteHash,
            Model = stored.Provenance.DetectorName,
            ModelVersion = stored.Provenance.DetectorVersion,
            stored.Provenance.Calibration,
            Id = new Wire.OutboxEntries.EntryId(stored.Junction, stored.Position).ToString(),
        };

        string? Local(DateTimeOffset? time) => time is { } t ? TimeZoneInfo.ConvertTime(t, site.TimeZone).ToString(LocalTime, CultureInfo.InvariantCulture) : null;
    }

    private static double? Rounded(double? value) => value is { } v ? Math.Round(v, 1) : null;
}
