using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using TrafficFlow.Core.Texts;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Web.Alerts;

/// <summary>Alerts as one JSON object each, signed as feeds are (Standard Webhooks): { "id", "time", "title", "text" }. The same id may come twice after a crash.</summary>
public sealed class WebhookAlerts(AlertWebhookSettings webhook, TimeProvider time) : IAlertChannel, IDisposable
{
    private readonly HttpClient _http = OutgoingHttp.Client();

    public string Name => "webhook";

    public async Task SendAsync(Alert alert, CancellationToken cancellation)
    {
        try
        {
            var secret = WebhookSignature.ReadSecret(SecretFile.Read(webhook.SecretFile)) ?? throw new AlertException($"{webhook.SecretFile} holds no secret of a webhook: write whsec_ and 24 to 64 random bytes in Base64");
            var now = time.GetUtcNow();
            var body = JsonSerializer.SerializeToUtf8Bytes(new { id = alert.Id, time = now, title = alert.Title, text = alert.Text });
            using var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            request.Headers.Add(WebhookSignature.IdHeader, alert.Id);
            request.Headers.Add(WebhookSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(secret, alert.Id, now, body));
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode) throw new AlertException($"{webhook.Url.Host} answered {(int)answer.StatusCode}: is the address in trafficflow.custody.notify.webhook right, and does it check the signature with the same secret?");
        }
        catch (FeedRefusedException e)
        {
            throw new AlertException(e.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new AlertException($"{webhook.Url.Host} cannot be reached ({PlainText.Of(e.GetBaseException().Message, 300)}): does it run, and is the address in trafficflow.custody.notify.webhook right?", e);
        }
    }

    public void Dispose() => _http.Dispose();
}
