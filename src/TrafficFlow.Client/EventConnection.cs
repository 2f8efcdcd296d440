using System.Net;
using System.Net.ServerSentEvents;

namespace TrafficFlow.Client;

/// <summary>One connection to a topic, opened with the first event that is asked for.</summary>
internal sealed class EventConnection(HttpClient http, string path, string? after, TimeSpan silentFor) : IAsyncDisposable
{
    private HttpResponseMessage? _answer;
    private IAsyncEnumerator<SseItem<string>>? _events;
    private CancellationTokenSource? _silence;

    /// <summary>When to come again, as far as the server said.</summary>
    public TimeSpan RetryAfter { get; private set; }

    /// <returns>Null where the connection has ended: it is to be opened anew.</returns>
    /// <exception cref="TrafficFlowException">The server refuses for good.</exception>
    public async Task<SseItem<string>?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            if (_events is null && !await OpenAsync(cancellation).ConfigureAwait(false)) return null;
            return await _events!.MoveNextAsync().ConfigureAwait(false) ? _events.Current : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _answer?.Dispose();
        if (_events is not null) await _events.DisposeAsync().ConfigureAwait(false);
        _silence?.Dispose();
    }

    private async Task<bool> OpenAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (after is not null) request.Headers.Add("Last-Event-ID", after);
        _answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (_answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
        {
            RetryAfter = _answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            return false;
        }

        await TrafficFlowException.ThrowIfRefusedAsync(_answer, cancellation).ConfigureAwait(false);
        _silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var body = new LivelyStream(await _answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), silentFor, _silence);
        _events = SseParser.Create(body).EnumerateAsync(_silence.Token).GetAsyncEnumerator(CancellationToken.None);
        return true;
    }
}
