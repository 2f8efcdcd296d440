using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>One message as a subscriber gets it.</summary>
internal sealed record Published(string Topic, string Payload, string? ContentType, IReadOnlyDictionary<string, string> Properties, bool IsRetained);

/// <summary>A subscriber with a session that the broker keeps while it is away.</summary>
internal sealed class MqttReader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<Published> _arrived = Channel.CreateUnbounded<Published>();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttClientOptions _options;

    private MqttReader(MosquittoBroker broker, string name)
    {
        _options = new MqttClientOptionsBuilder().WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(name).WithTcpServer("127.0.0.1", broker.Port)
            .WithCredentials(MosquittoBroker.User, MosquittoBroker.Password).WithCleanStart(false).WithSessionExpiryInterval(3600).Build();
        _client.ApplicationMessageReceivedAsync += received =>
        {
            var message = received.ApplicationMessage;
            var properties = message.UserProperties?.ToDictionary(p => p.Name, p => Encoding.UTF8.GetString(p.ValueBuffer.Span)) ?? [];
            _arrived.Writer.TryWrite(new Published(message.Topic, message.ConvertPayloadToString() ?? "", message.ContentType, properties, message.Retain));
            return Task.CompletedTask;
        };
    }

    public static async Task<MqttReader> SubscribeAsync(MosquittoBroker broker, string filter, string name = "reader")
    {
        var reader = new MqttReader(broker, name);
        await reader.ConnectAsync();
        await reader._client.SubscribeAsync(new MqttTopicFilterBuilder().WithTopic(filter).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
        return reader;
    }

    public Task ConnectAsync() => _client.ConnectAsync(_options);

    public async Task<Published> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _arrived.Reader.ReadAsync(limit.Token);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
