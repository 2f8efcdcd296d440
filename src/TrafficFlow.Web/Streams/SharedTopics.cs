using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Web.Streams;

/// <summary>The topics that programs follow at this server, each read once. Thread-safe.</summary>
internal sealed class SharedTopics(WebPorts ports, ILoggerFactory logs) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, SharedTopic> _topics = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>The server stops.</summary>
    public CancellationToken Stopping => _end.Token;

    /// <param name="topic">One that a site of this server has: so many are held as it has.</param>
    public SharedTopic Of(string topic) => _topics.GetOrAdd(topic, t => new SharedTopic(t, ports, logs.CreateLogger<SharedTopic>(), _end.Token));

    /// <summary>Streams end by themselves then, and say why.</summary>
    public Task StopAsync() => _end.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (var topic in _topics.Values) await topic.Reading;
        _end.Dispose();
    }
}
