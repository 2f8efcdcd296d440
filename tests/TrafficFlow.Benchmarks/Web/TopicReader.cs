using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>One program that follows one topic, and comes again from its last event whenever its stream ends.</summary>
internal sealed class TopicReader(HttpClient client, string topic, string path, string token, Arrivals arrivals)
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    private readonly List<long> _got = [];
    private string? _last;

    public string Topic => topic;

    public IReadOnlyList<long> Got
    {
        get
        {
            lock (_got) return [.. _got];
        }
    }

    public int Doubled => Got.Count - Got.Distinct().Count();

    /// <summary>How often it could not get in.</summary>
    public int Refused { get; private set; }

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(end);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // The node was killed, or this is over.
            }

            if (!end.IsCancellationRequested) await Task.Delay(ComeAgain, CancellationToken.None);
        }
    }

    private async Task ReadAsync(CancellationToken end)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (_last is not null) request.Headers.Add("Last-Event-ID", _last);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            Refused++;
            return;
        }

        await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(end)).EnumerateAsync(end))
        {
            if (item.EventType != "message" || !long.TryParse(item.EventId, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) continue;
            arrivals.Add(topic, number);
            lock (_got) _got.Add(number);
            _last = item.EventId;
        }
    }
}
