using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using TrafficFlow.Web.Formats;
using TrafficFlow.Web.Formats.Ngsi;

namespace TrafficFlow.Web.Feeds;

/// <summary>Replaces the entities of each bin in a context broker. An entity holds the newest bin: a revision of an older one is not sent.</summary>
/// <param name="isNewest">Whether a revision is of the newest bin that was sent, for the first of its kind after a start; null where only first revisions are taken for that.</param>
internal sealed class NgsiTarget(NgsiFeedSettings feed, Func<FeedEvent, CancellationToken, Task<bool>>? isNewest = null) : IFeedTarget
{
    private readonly HttpClient _http = Client(feed.Url);
    private readonly NewestOnly _newest = new();
    private (FeedEvent Event, IReadOnlyList<JsonObject> Entities)? _unsent;

    public async Task SendAsync(FeedEvent sent, CancellationToken cancellation)
    {
        if (feed.TokenFile is { } file) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SecretFile.Read(file));
        try
        {
            // What was refused is sent again as it was: it counts as the newest already.
            if (_unsent is not { } unsent || !ReferenceEquals(unsent.Event, sent)) _unsent = unsent = (sent, Entities(sent, await IsNewestAsync(sent, cancellation).ConfigureAwait(false)));
            await new NgsiBroker(_http, feed.Tenant).UpsertAsync(unsent.Entities, cancellation).ConfigureAwait(false);
            _unsent = null;
        }
        catch (Exception e) when (e is NgsiBrokerException or FormatRefusedException)
        {
            throw new FeedRefusedException(e.Message, e);
        }
    }

    public Task IdleAsync(CancellationToken cancellation) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> IsNewestAsync(FeedEvent sent, CancellationToken cancellation) =>
        sent.Revision > 1 && isNewest is not null && sent.Rows.Any(r => !_newest.Knows(r)) && await isNewest(sent, cancellation).ConfigureAwait(false);

    private List<JsonObject> Entities(FeedEvent sent, bool isNewest)
    {
        var entities = new NgsiEntities(sent.Site);
        // Made before any counts as sent.
        var made = sent.Rows.Select(r => (Row: r, Entity: entities.Of(r))).ToList();
        return [.. made.Where(m => _newest.Take(m.Row, isNewest)).Select(m => m.Entity)];
    }

    private static HttpClient Client(Uri url)
    {
        var http = OutgoingHttp.Client();
        http.BaseAddress = url;
        return http;
    }
}
