using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Topics;

/// <summary>Reads a subscription. Open bins are published many times a second; nobody reads so fast, and the newest ones say it all.</summary>
internal sealed class PacedTopics(SubscriptionBuffer published, TimeProvider time)
{
    private static readonly TimeSpan BetweenLive = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _handedOnAt = [];

    /// <returns>Null once the subscription has ended and everything was read.</returns>
    public async Task<TopicMessage?> ReadAsync(CancellationToken cancellation)
    {
        if (await published.ReadAsync(cancellation) is not { } message) return null;
        if (message.Message is not FlowBinsOpen) return message;
        if (_handedOnAt.TryGetValue(message.Topic, out var last) && BetweenLive - time.GetElapsedTime(last) is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellation);
            message = published.TryRead(message.Topic) ?? message;
        }

        _handedOnAt[message.Topic] = time.GetTimestamp();
        return message;
    }
}
