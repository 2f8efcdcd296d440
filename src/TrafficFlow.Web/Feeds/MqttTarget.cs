using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using TrafficFlow.Core.Texts;
using TrafficFlow.Web.Formats.Events;

namespace TrafficFlow.Web.Feeds;

/// <summary>
/// Publishes to an MQTT 5 broker with QoS 1: PREFIX/flow/SITE/APPROACH/MINUTES holds the newest bin (retained), as a CloudEvent in binary mode; PREFIX/status/NAME
/// says online or offline (retained), the latter by the broker itself where the node is gone.
/// </summary>
/// <param name="isNewest">Whether a revision is of the newest bin that was sent, for the first of its topic after a start; null where only first revisions are taken for that.</param>
internal sealed class MqttTarget(MqttFeedSettings feed, Func<FeedEvent, CancellationToken, Task<bool>>? isNewest = null) : IFeedTarget
{
    public const string Online = "online";
    public const string Offline = "offline";

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Dictionary<string, DateTimeOffset> _newest = new(StringComparer.Ordinal);

    private string StatusTopic => $"{feed.TopicPrefix}/status/{feed.Name}";

    public async Task SendAsync(FeedEvent sent, CancellationToken cancellation)
    {
        var (key, made) = (sent.Key, FlowEvents.Binary(sent.ToCloudEvent()));
        var topic = $"{feed.TopicPrefix}/flow/{key.Site}/{key.Approach}/{key.Duration.Minutes}";
        // A revision of an older bin must not take the place of the newest one. After a start nobody knows yet which that is: a first revision is newer than those before, of others the tables tell.
        var isRetained = _newest.TryGetValue(topic, out var newest) ? key.Start >= newest : sent.Revision == 1 || (isNewest is not null && await isNewest(sent, cancellation).ConfigureAwait(false));
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(made.Data.ToArray()).WithContentType(made.ContentType)
            .WithPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithRetainFlag(isRetained);
        foreach (var (name, value) in made.Attributes) message.WithUserProperty(name, Encoding.UTF8.GetBytes(value).AsMemory());
        await RunAsync(async limited =>
        {
            await ConnectAsync(limited).ConfigureAwait(false);
            await PublishAsync(message.Build(), limited).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
        if (isRetained) _newest[topic] = key.Start;
    }

    /// <summary>A broker that was restarted meanwhile says offline until somebody comes.</summary>
    public Task IdleAsync(CancellationToken cancellation) => RunAsync(ConnectAsync, cancellation);

    /// <summary>Whether the broker lets in and knows MQTT 5; nothing is published.</summary>
    /// <exception cref="FeedRefusedException">It does not; the message says why.</exception>
    public Task TryAsync(CancellationToken cancellation) => RunAsync(limited => EnterAsync(Options($"{feed.ClientId}-check", hasWill: false), limited), cancellation);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            if (_client.IsConnected)
            {
                await PublishAsync(Status(Offline), limit.Token).ConfigureAwait(false);
                await _client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or FeedRefusedException or InvalidOperationException)
        {
            // The broker says so itself when it misses the node.
        }

        _client.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        if (_client.IsConnected) return;
        await EnterAsync(Options(feed.ClientId, hasWill: true), cancellation).ConfigureAwait(false);
        await PublishAsync(Status(Online), cancellation).ConfigureAwait(false);
    }

    private async Task EnterAsync(MqttClientOptions options, CancellationToken cancellation)
    {
        var answer = await _client.ConnectAsync(options, cancellation).ConfigureAwait(false);
        if (answer.ResultCode == MqttClientConnectResultCode.Success) return;
        var remedy = answer.ResultCode switch
        {
            MqttClientConnectResultCode.BadUserNameOrPassword or MqttClientConnectResultCode.NotAuthorized => "check user and password-file, and what the broker allows that user",
            MqttClientConnectResultCode.UnsupportedProtocolVersion => "it must speak MQTT 5",
            _ => "its log says more",
        };
        throw new FeedRefusedException($"the broker {feed.Destination} does not let feed {feed.Name} in ({answer.ResultCode}): {remedy}");
    }

    private async Task PublishAsync(MqttApplicationMessage message, CancellationToken cancellation)
    {
        var answer = await _client.PublishAsync(message, cancellation).ConfigureAwait(false);
        if (answer.ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers) return;
        throw new FeedRefusedException($"the broker {feed.Destination} did not take {message.Topic} ({answer.ReasonCode}): may the user publish there, and is there room?");
    }

    private MqttApplicationMessage Status(string text) => new MqttApplicationMessageBuilder()
        .WithTopic(StatusTopic).WithPayload(text).WithRetainFlag().WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    private MqttClientOptions Options(string clientId, bool hasWill)
    {
        var options = new MqttClientOptionsBuilder().WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(clientId).WithTcpServer(feed.Host, feed.Port)
            .WithCleanStart().WithKeepAlivePeriod(KeepAlive).WithTimeout(AnswerWithin);
        if (hasWill) options.WithWillTopic(StatusTopic).WithWillPayload(Offline).WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);
        if (feed.User is { } user) options.WithCredentials(user, feed.PasswordFile is { } file ? SecretFile.Read(file) : null);
        if (feed.IsTls) options.WithTlsOptions(tls => tls.UseTls().WithTargetHost(feed.Host).WithCertificateValidationHandler(IsTrusted));
        return options.Build();
    }

    /// <summary>By the authority of the settings, where they name one; the host's name must fit in any case.</summary>
    private bool IsTrusted(MqttClientCertificateValidationEventArgs shown)
    {
        if (feed.CaFile is not { } file) return shown.SslPolicyErrors == SslPolicyErrors.None;
        if ((shown.SslPolicyErrors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None || shown.Certificate is null) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (shown.Chain is { } sent) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        using var certificate = X509CertificateLoader.LoadCertificate(shown.Certificate.GetRawCertData());
        return chain.Build(certificate);
    }

    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(AnswerWithin);
        try
        {
            await work(limited.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException or System.Net.Sockets.SocketException or IOException or InvalidOperationException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new FeedRefusedException($"the broker {feed.Destination} does not answer ({PlainText.Of(e.GetBaseException().Message)}): does it run, are host, port and certificate right?", e);
        }
    }
}
