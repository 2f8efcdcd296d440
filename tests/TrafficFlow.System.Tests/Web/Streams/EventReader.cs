using System.Net.ServerSentEvents;

namespace TrafficFlow.SystemTests.Web.Streams;

/// <summary>Reads text/event-stream with .NET's own parser.</summary>
internal sealed class EventReader(HttpResponseMessage answer, Stream body) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IAsyncEnumerator<SseItem<string>> _events = SseParser.Create(body).EnumerateAsync().GetAsyncEnumerator();

    /// <returns>Null at the end of the stream.</returns>
    public async Task<SseItem<string>?> NextAsync() => await _events.MoveNextAsync().AsTask().WaitAsync(Patience) ? _events.Current : null;

    /// <summary>The ids of the next so many events.</summary>
    public async Task<IReadOnlyList<string?>> IdsAsync(int count)
    {
        var ids = new List<string?>();
        while (ids.Count < count) ids.Add((await NextAsync())?.EventId);
        return ids;
    }

    public ValueTask DisposeAsync()
    {
        answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
