using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Rest;
using TrafficFlow.Web.Routes;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Streams;

/// <summary>`/v1/sites/SITE/topics`: which topics there are; `/v1/sites/SITE/topics/TOPIC`: what comes of one, as server-sent events.</summary>
internal static class StreamRoutes
{
    private const string LastEvent = "Last-Event-ID";
    private const string After = "after";

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SeatAgain = TimeSpan.FromSeconds(60);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/sites/{site}/topics", ListAsync).WithMetadata(ApiOperation.Get(
            "listTopics", "The topics of a site.", "For custodian, operator, analyst.", [ApiOperation.Path("site", "Of the site.")],
            ("application/json", ApiOperation.Thing(("items", ApiOperation.ListOf(ApiOperation.Thing(("topic", ApiOperation.Text("")))))))));
        app.MapGet("/v1/sites/{site}/topics/{topic}", StreamAsync).WithMetadata(ApiOperation.Get(
            "followTopic", "What comes of a topic, as server-sent events.", "For custodian, operator, analyst; to a token with the use subscribe. The header Last-Event-ID goes on from an event, without loss.",
            [ApiOperation.Path("site", "Of the site."), ApiOperation.Path("topic", "As listTopics says it."), ApiOperation.Query(After, "As Last-Event-ID, where a header cannot be sent.", ApiOperation.Text("the id of an event"))],
            (TopicEvents.MediaType, ApiOperation.Text("id, event and data of each message; see deploy/FEEDS.md"))));
    }

    private static Task ListAsync(string site, WebPorts ports, HttpContext context) => ports.Sites().FirstOrDefault(s => s.Id.Value == site) is { } found
        ? JsonAnswer.WriteAsync(context, new { Items = SiteTopic.Of(found).Where(t => t.MayBeReadBy(context.Features.Get<Caller>()!.Roles)) })
        : SiteRoutes.NoSuchSite(ports, context).WriteAsync(context);

    private static async Task StreamAsync(string site, string topic, WebPorts ports, SharedTopics topics, StreamSeats seats, ICallers callers, StreamLimits limits, ILogger<SharedTopics> log, HttpContext context)
    {
        if (ports.Sites().FirstOrDefault(s => s.Id.Value == site) is not { } found)
        {
            await SiteRoutes.NoSuchSite(ports, context).WriteAsync(context);
            return;
        }

        if (SiteTopic.Of(found).FirstOrDefault(t => t.Topic == topic) is not { } known)
        {
            await new Problem(StatusCodes.Status404NotFound, "No such topic", "this site has no topic of that name", $"see /v1/sites/{site}/topics") { Parameter = "topic" }.WriteAsync(context);
            return;
        }

        if (!known.MayBeReadBy(context.Features.Get<Caller>()!.Roles))
        {
            await new Problem(StatusCodes.Status403Forbidden, "Not for your roles", "single vehicles are for operators and analysts", "ask a custodian for the role") { Parameter = "topic" }.WriteAsync(context);
            return;
        }

        if (ReadPlace(context.Request, known, out var place) is { } wrong)
        {
            await wrong.WriteAsync(context);
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = TopicEvents.MediaType;
            return;
        }

        var caller = context.Features.Get<Caller>()!;
        using var seat = seats.TryTake(caller.Name, out var full);
        if (seat is null)
        {
            StreamTelemetry.Refused();
            await new Problem(StatusCodes.Status429TooManyRequests, "Too many streams", full, "end one of them, or come again later; one stream of a topic is enough for a program") { RetryAfter = SeatAgain }
                .WriteAsync(context);
            return;
        }

        var shared = topics.Of(topic);
        var (first, next) = ((IReadOnlyList<TopicEvent>)[], (long?)null);
        if (place is null) (first, next) = shared.Enter();
        else if (shared.EnterAfter(place) is { } at) next = at;
        else
        {
            var (problem, isNear) = await StandAsync(ports, site, topic, place, context.RequestAborted);
            if (problem is not null)
            {
                await problem.WriteAsync(context);
                return;
            }

            // What was stored since is little: it is read once, for all who come again after a restart.
            next = shared.EnterAfter(place, mayBegin: isNear);
        }

        var isRecorded = await ports.Record(CallerAudit.Of(caller, AuditKind.Subscription, "follow", topic, place is null ? null : $"from {place}"));
        if (!isRecorded && known.HasJourneys)
        {
            shared.Leave();
            await CallerAudit.NotRecorded.WriteAsync(context);
            return;
        }

        await new TopicFollower(context, ports, shared, topics.Stopping, callers, limits, log).RunAsync(known, place, first, next);
    }

    /// <returns>Null, or what is wrong with it; the place is null for the newest.</returns>
    private static Problem? ReadPlace(HttpRequest request, SiteTopic topic, out TopicPlace? place)
    {
        place = null;
        if (request.Query.Keys.FirstOrDefault(k => k != After) is { } unknown)
            return Problem.BadParameter(PlainText.Of(unknown, 40), "there is no such parameter", $"use {After}: the id of the last event that you have");
        // A browser that comes again says its own, and the address is still that of the first time.
        var (name, text) = request.Headers[LastEvent] is [{ Length: > 0 } last] ? (LastEvent, last) : (After, request.Query[After].ToString());
        if (text.Length == 0) return null;
        if (!topic.IsKept) return name == LastEvent ? null : Problem.BadParameter(name, $"nothing of {topic.Topic} is kept, so there is no place to go on from", $"leave {After} out");
        place = text.Length <= 100 ? TopicPlace.Parse(text) : null;
        return place is null ? Problem.BadParameter(name, "that is no place in a topic", $"write the id of the last event as it came; or leave it out, and begin with the newest") : null;
    }

    /// <returns>Why nobody can go on from there; else whether little follows.</returns>
    private static async Task<(Problem? Problem, bool IsNear)> StandAsync(WebPorts ports, string site, string topic, TopicPlace place, CancellationToken end)
    {
        if (await ports.Topics.StandAsync(topic, place, end) is not { } stand)
            return (new Problem(StatusCodes.Status503ServiceUnavailable, "The topic does not answer", "this server starts, or waits for its database or another server", "come again with the same place: nothing is lost") { RetryAfter = ComeAgain }, false);
        if (!stand.IsTooOld && stand.Last >= (place.Cursor ?? 0)) return (null, place is { Replay: null, Cursor: { } cursor } && stand.Last - cursor <= SharedTopic.MostEvents / 2);
        return (new Problem(
            StatusCodes.Status410Gone, "The place is gone",
            stand.IsTooOld ? "what followed that place is kept no more" : $"the topic has come to {stand.Last} only: its tables come from a backup, or the place is of another server",
            $"begin without a place; what was between is at /v1/sites/{site}/flows, as far back as it is kept")
        { Parameter = After }, false);
    }
}
