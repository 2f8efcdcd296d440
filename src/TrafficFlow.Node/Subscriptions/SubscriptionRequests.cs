using System.Globalization;
using System.Net;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Node.Topics;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>
/// `GET /topics`: what the token may read. `GET /topics/NAME?from=PLACE`: a line of JSON for each message of the topic, or server-sent events where these are asked
/// for, until either side ends; Last-Event-ID is as good as from. Nothing else is there, and nobody learns more without a good token.
/// </summary>
internal sealed partial class SubscriptionRequests(
    INodeSystems node, SubscriberCheck check, OpenStreams streams, SubscriptionLimits limits, ILogger log, TimeProvider time)
{
    private const string Topics = "/topics";
    private const int LongestShown = 120;
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private int _named;

    /// <param name="end">The node stops.</param>
    public async Task AnswerAsync(HttpContext context, CancellationToken end)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (await TryAnswerAsync(context, end) is not { } refused) return;
        SubscriptionTelemetry.Refused(refused.Status);
        await refused.WriteAsync(context);
    }

    private async Task<RefusedRequest?> TryAnswerAsync(HttpContext context, CancellationToken end)
    {
        var connection = context.Features.Get<SubscriberConnection>();
        var (token, refused) = check.Read(context.Request, connection?.From ?? IPAddress.None);
        if (token is null) return refused;
        if (connection?.Admit(token) is { } tooMany) return TooMany(tooMany) with { Closes = true };
        if (context.Request.ContentLength > 0 || context.Request.Headers.ContainsKey(HeaderNames.TransferEncoding))
            return new RefusedRequest(StatusCodes.Status413PayloadTooLarge, "No body", "the request has a body, and no request here has one", "use GET without a body") { Closes = true };
        if (context.Request.Method != HttpMethods.Get) return new RefusedRequest(StatusCodes.Status405MethodNotAllowed, "GET alone", $"there is no {PlainText.Of(context.Request.Method, LongestShown)} here", "use GET");
        var path = context.Request.Path.Value ?? "";
        if (path == Topics)
        {
            await ListAsync(context, token);
            return null;
        }

        return path.StartsWith($"{Topics}/", StringComparison.Ordinal) ? await StreamAsync(context, token, path[(Topics.Length + 1)..], end)
            : new RefusedRequest(StatusCodes.Status404NotFound, "No such page", $"there is no {PlainText.Of(path, LongestShown)}", "ask for /topics, or /topics/NAME");
    }

    private async Task ListAsync(HttpContext context, SubscriberToken token)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(new { Token = token.Name, Scope = token.Scope.Patterns, token.Until, Topics = Known(token) }, Layout), context.RequestAborted);
    }

    private List<string> Known(SubscriberToken token) => [.. KnownTopics.Of(node.Sites).Where(token.Scope.Covers)];

    private async Task<RefusedRequest?> StreamAsync(HttpContext context, SubscriberToken token, string topic, CancellationToken end)
    {
        // First: who may not read a topic does not learn whether there is one.
        if (!token.Scope.Covers(topic))
        {
            return TopicNames.IsTopic(topic)
                ? new RefusedRequest(StatusCodes.Status403Forbidden, "Not in the token's scope", $"the token {token.Name} is for {token.Scope}, and not for {PlainText.Of(topic, LongestShown)}", $"ask who runs the server for a token with the scope {PlainText.Of(topic, LongestShown)}")
                { Needs = PlainText.Of(topic, LongestShown), Challenge = ", error=\"insufficient_scope\"" }
                : new RefusedRequest(StatusCodes.Status404NotFound, "No topic", $"\"{PlainText.Of(topic, LongestShown)}\" is no topic", $"write {TopicNames.Forms}");
        }

        var known = Known(token);
        if (!known.Contains(topic)) return new RefusedRequest(StatusCodes.Status404NotFound, "No such topic", $"this server has no topic {topic}", Suggestion.For(topic, known, "for this token it has"));
        if (ReadPlace(context.Request, topic, out var place) is { } wrong) return wrong;
        if (node.Cluster is not { WhenTerminated.IsCompleted: false } system || !ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches))
            return new RefusedRequest(StatusCodes.Status503ServiceUnavailable, "Not now", "the cluster part of this server is not there: it starts, or waits for its database", "try again in some seconds") { RetryAfter = ComeAgain };
        using var stream = streams.TryOpen(token, topic, out var problem);
        if (stream is null) return TooMany(problem);
        SubscriptionTelemetry.Opened();
        try
        {
            await StreamAsync(context, stream, new TopicStream(system, approaches, time), new AddTopic(topic, place), end);
        }
        finally
        {
            SubscriptionTelemetry.Closed();
        }

        return null;
    }

    private async Task StreamAsync(HttpContext context, OpenStreams.Stream stream, TopicStream topics, AddTopic topic, CancellationToken end)
    {
        // A pause is not a fault here: what waits is bounded, and who takes nothing at all for long is cut off below.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        var asEvents = context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == SubscriberWriter.Events);
        var writer = new SubscriberWriter(context, asEvents, limits.SlowAfter, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stream.Ended, end);
        var reason = "the server's part of the cluster has ended; come again";
        try
        {
            await writer.BeginAsync();
            var number = Interlocked.Increment(ref _named).ToString(CultureInfo.InvariantCulture);
            // As the access table knows who is answered from other servers.
            await topics.RunAsync($"subscription-token-{number}", [topic], line => writer.WriteAsync(line, any.Token), any.Token);
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested || writer.IsTooSlow)
        {
            reason = stream.Reason ?? "the server stops; come again";
        }
        catch (OperationCanceledException)
        {
            // The connection ended while a line was being written.
            return;
        }

        if (writer.IsTooSlow)
        {
            SubscriptionTelemetry.TooSlow();
            LogTooSlow(topic.Topic, stream.Token.Name, limits.SlowAfter.TotalSeconds);
            context.Abort();
            return;
        }

        if (context.RequestAborted.IsCancellationRequested) return;
        using var last = new CancellationTokenSource(CloseWithin, time);
        try
        {
            await writer.CloseAsync(reason, last.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static RefusedRequest? ReadPlace(HttpRequest request, string topic, out TopicPlace? place)
    {
        place = null;
        // A browser's EventSource comes again to the same address, with the place that it has got to.
        var text = request.Headers["Last-Event-ID"].FirstOrDefault() ?? request.Query["from"].FirstOrDefault() ?? "";
        if (text.Length == 0) return null;
        place = TopicPlace.Parse(text);
        var isJourneys = TopicNames.ParseJourneys(topic) is not null;
        var isKept = isJourneys || (TopicNames.ParseFlow(topic) is not null && !topic.EndsWith(".live", StringComparison.Ordinal));
        return place is not null && isKept && (isJourneys || place.Replay is null)
            ? null
            : new RefusedRequest(
                StatusCodes.Status400BadRequest, "No such place", $"{topic} has no such place", isKept ? "write a place as a line of the topic carried it, or 0 for the first one ever" : "nobody keeps what it carries: leave from out");
    }

    private static RefusedRequest TooMany(string problem) =>
        new(StatusCodes.Status429TooManyRequests, "Too many", problem, "end one of them, or come again later") { RetryAfter = ComeAgain };

    [LoggerMessage(LogLevel.Warning, "The reader of {Topic} with the token {Token} took nothing for {Seconds:0} s and is cut off: it can come again, and goes on where it was")]
    private partial void LogTooSlow(string topic, string token, double seconds);
}
