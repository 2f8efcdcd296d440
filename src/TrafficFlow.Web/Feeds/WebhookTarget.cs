using System.Globalization;
using System.Net.Http.Headers;
using TrafficFlow.Core.Texts;
using TrafficFlow.Web.Formats.Events;

namespace TrafficFlow.Web.Feeds;

/// <summary>Posts each event as one JSON object, signed. Any answer of 200 to 299 acknowledges it.</summary>
internal sealed class WebhookTarget(WebhookFeedSettings feed, TimeProvider time) : IFeedTarget
{
    private const string MediaType = "application/cloudevents+json";
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly HttpClient _http = OutgoingHttp.Client();

    public async Task SendAsync(FeedEvent sent, CancellationToken cancellation)
    {
        var secret = WebhookSignature.ReadSecret(SecretFile.Read(feed.SecretFile))
            ?? throw new FeedRefusedException($"{feed.SecretFile} holds no secret of a webhook: write whsec_ and 24 to 64 random bytes in Base64, as `trafficflow run --check` says");
        var cloudEvent = sent.ToCloudEvent();
        var (body, now) = (FlowEvents.Structured(cloudEvent), time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, feed.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaType, "utf-8");
        request.Headers.Add(WebhookSignature.IdHeader, cloudEvent.Id);
        request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(secret, cloudEvent.Id!, now, body.Span));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) throw Refused(answer);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new FeedRefusedException($"{feed.Destination} cannot be reached ({PlainText.Of(e.GetBaseException().Message)}): does it run, and is the address right?", e);
        }
    }

    public Task IdleAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private FeedRefusedException Refused(HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var remedy = status switch
        {
            >= 300 and < 400 => "no redirect is followed: set the address that it leads to",
            400 or 401 or 403 => "does it check the signature with the same secret, and is its clock right?",
            404 or 410 => "is the address right?",
            413 => "it must take bodies of some 100 KB",
            _ => "it may take it later",
        };
        var after = answer.Headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - time.GetUtcNow() : null;
        return new FeedRefusedException($"{feed.Destination} answered {status}: {remedy}") { RetryAfter = after > LongestRetryAfter ? LongestRetryAfter : after };
    }
}
