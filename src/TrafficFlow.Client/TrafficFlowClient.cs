using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace TrafficFlow.Client;

/// <summary>
/// Reads the flows of a TrafficFlow server with a token of `trafficflow account token add`: it needs the use read, and subscribe for topics. Thread-safe.
/// </summary>
public sealed class TrafficFlowClient : IDisposable
{
    private const string DayAndTime = "yyyy-MM-dd'T'HH:mm:sszzz";

    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    // A server says each 15 s that it is alive.
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    /// <param name="server">https://HOST:PORT; http:// on the loopback.</param>
    /// <param name="token">tft_…</param>
    /// <param name="handler">For a proxy or certificates of one's own; null for .NET's usual one.</param>
    public TrafficFlowClient(Uri server, string token, HttpMessageHandler? handler = null)
    {
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The sites that the token is for.</summary>
    /// <exception cref="TrafficFlowException">The server refuses; the message says why and what to do.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<IReadOnlyList<SiteInfo>> SitesAsync(CancellationToken cancellation = default) => (await GetAsync<Items<SiteInfo>>("v1/sites", cancellation).ConfigureAwait(false)).List;

    /// <summary>The topics of a site, for <see cref="SubscribeAsync"/>.</summary>
    /// <inheritdoc cref="SitesAsync"/>
    public async Task<IReadOnlyList<TopicInfo>> TopicsAsync(string site, CancellationToken cancellation = default) =>
        (await GetAsync<Items<TopicInfo>>($"v1/sites/{Uri.EscapeDataString(site)}/topics", cancellation).ConfigureAwait(false)).List;

    /// <summary>A row for each bin, movement and class of [from, to), approach after approach and without gaps, page by page as it is read.</summary>
    /// <param name="from">Where a bin begins; with the offset of the site's clock, or UTC.</param>
    /// <param name="to">Where the last bin ends.</param>
    /// <param name="minutes">Length of the bins: 1, 5, 15 or 60.</param>
    /// <param name="approach">Null for all; likewise the others.</param>
    /// <param name="movement">entering, exiting, or "to EXIT".</param>
    /// <inheritdoc cref="SitesAsync"/>
    public async IAsyncEnumerable<FlowRow> FlowsAsync(
        string site, DateTimeOffset from, DateTimeOffset to, int minutes = 15, string? approach = null, string? movement = null, string? vehicleClass = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var query = $"v1/sites/{Uri.EscapeDataString(site)}/flows?from={Time(from)}&to={Time(to)}&bin={minutes}{Part("approach", approach)}{Part("movement", movement)}{Part("class", vehicleClass)}";
        string? cursor = null;
        do
        {
            var page = await GetAsync<Page>($"{query}{Part("cursor", cursor)}", cancellation).ConfigureAwait(false);
            foreach (var row in page.Items) yield return row;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>
    /// What comes of a topic, until it is cancelled. Where the server or the way to it is away, it comes again and goes on after the last event: of flow.* and
    /// journeys.* none is lost and none comes twice.
    /// </summary>
    /// <param name="after">Place of the last event that is known, to go on in another process; null begins with the newest.</param>
    /// <exception cref="TrafficFlowException">The server refuses for good: the token, the topic, or a place that is kept no more.</exception>
    public async IAsyncEnumerable<TopicEvent> SubscribeAsync(string site, string topic, string? after = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var path = $"v1/sites/{Uri.EscapeDataString(site)}/topics/{Uri.EscapeDataString(topic)}";
        var wait = FirstWait;
        while (true)
        {
            await using var events = new EventConnection(_http, path, after, SilentFor);
            while (await events.NextAsync(cancellation).ConfigureAwait(false) is { } next)
            {
                if (next.EventType != SseParser.EventTypeDefault) break;
                (after, wait) = (next.EventId is { Length: > 0 } id ? id : after, FirstWait);
                using var value = JsonDocument.Parse(next.Data);
                yield return new TopicEvent(topic, next.EventId is { Length: > 0 } ? next.EventId : null, value.RootElement.Clone());
            }

            await Task.Delay(events.RetryAfter > wait ? events.RetryAfter : wait, cancellation).ConfigureAwait(false);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await TrafficFlowException.ThrowIfRefusedAsync(answer, cancellation).ConfigureAwait(false);
        return (await answer.Content.ReadFromJsonAsync<T>(Layout, cancellation).ConfigureAwait(false))!;
    }

    private static string Time(DateTimeOffset time) => Uri.EscapeDataString(time.ToString(DayAndTime, System.Globalization.CultureInfo.InvariantCulture));

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private sealed record Items<T>([property: System.Text.Json.Serialization.JsonPropertyName("items")] IReadOnlyList<T> List);

    private sealed record Page(IReadOnlyList<FlowRow> Items, string? Next);
}
