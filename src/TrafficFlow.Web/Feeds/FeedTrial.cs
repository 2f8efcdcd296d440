using System.Net.Sockets;

namespace TrafficFlow.Web.Feeds;

/// <summary>Tries whether a feed's receiver is there, and sends it nothing.</summary>
public static class FeedTrial
{
    /// <exception cref="FeedRefusedException">A secret cannot be used, or the broker does not let in.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task RunAsync(FeedSettings feed, CancellationToken cancellation)
    {
        switch (feed)
        {
            case MqttFeedSettings mqtt:
                await using (var target = new MqttTarget(mqtt)) await target.TryAsync(cancellation).ConfigureAwait(false);
                break;
            case WebhookFeedSettings webhook:
                if (WebhookSignature.ReadSecret(SecretFile.Read(webhook.SecretFile)) is null)
                    throw new FeedRefusedException($"{webhook.SecretFile} holds no secret of a webhook: write whsec_ and 24 to 64 random bytes in Base64, (printf whsec_; openssl rand -base64 32)");
                await ConnectAsync(webhook.Url, cancellation).ConfigureAwait(false);
                break;
            case NgsiFeedSettings ngsi:
                if (ngsi.TokenFile is { } file) SecretFile.Read(file);
                await ConnectAsync(ngsi.Url, cancellation).ConfigureAwait(false);
                break;
            default:
                throw new NotSupportedException($"no feed of {feed.GetType().Name}");
        }
    }

    private static async Task ConnectAsync(Uri url, CancellationToken cancellation)
    {
        using var probe = new TcpClient();
        await probe.ConnectAsync(url.IdnHost, url.Port, cancellation).ConfigureAwait(false);
    }
}
