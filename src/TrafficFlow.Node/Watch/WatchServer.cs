using System.Net;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.Topics;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>
/// Watches from anywhere with a token: one TLS connection to a server, a stream on it for each topic. What fails at first is told and ends it; once something
/// has come, it connects again with back-off, and goes on after the last bin or journey that was printed.
/// </summary>
internal sealed class WatchServer(ServerAddress server, WatchOutput output, TimeProvider time)
{
    private static readonly BackOffSettings Waits = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.3, TimeSpan.FromSeconds(60));

    /// <summary>Some times as long as between two lines by which a server says that it is alive.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    private readonly Outage _outage = new(output.Note, () => [.. output.Topics], time);

    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="JobFailedException">The server cannot be had, or refuses.</exception>
    public async Task RunAsync(CancellationToken interrupted)
    {
        using var connection = new ServerConnection(server, time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var readers = output.Topics.Select(t => ReadAsync(connection, t.Topic, all.Token)).ToList();
        var first = await Task.WhenAny(readers);
        // One that is refused ends all, and so does the last message that was wanted.
        await all.CancelAsync();
        try
        {
            await Task.WhenAll(readers);
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            // Those that were read beside it.
        }

        await first;
    }

    private async Task ReadAsync(ServerConnection connection, string topic, CancellationToken end)
    {
        var waits = new BackOff(Waits, Random.Shared);
        var hasStreamed = false;
        while (true)
        {
            var began = time.GetTimestamp();
            var (reason, wait) = await StreamAsync(connection, topic, () => hasStreamed = true, () => hasStreamed, end);
            if (output.IsDone) return;
            _outage.Begin(reason);
            await Task.Delay(wait ?? waits.Next(time.GetElapsedTime(began)), time, end);
        }
    }

    /// <returns>Why the stream has ended, and when the server wants to be asked again.</returns>
    private async Task<(string Reason, TimeSpan? Wait)> StreamAsync(ServerConnection connection, string topic, Action streams, Func<bool> hasStreamed, CancellationToken end)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        patience.CancelAfter(SilentAfter);
        try
        {
            using var answer = await connection.Http.GetAsync(Address(topic), HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return Refused(answer, await answer.Content.ReadAsByteArrayAsync(patience.Token), hasStreamed());
            if (answer.Content.Headers.ContentType?.MediaType != SubscriberWriter.Lines) throw new JobFailedException($"{server} answers, but not as a server of trafficflow: is it the port of trafficflow.subscriptions.listen?");
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
            while (await lines.ReadLineAsync(patience.Token) is { } line)
            {
                streams();
                _outage.End();
                patience.CancelAfter(SilentAfter);
                if (StreamNotes.ReadClosing(line) is { } closing) return ($"{server} has ended the stream: {closing}", null);
                if (TopicLine.Read(line) is { } message) output.Print(message);
                if (output.IsDone) break;
            }

            return ($"{server} has ended the stream", null);
        }
        catch (OperationCanceledException) when (!end.IsCancellationRequested && patience.IsCancellationRequested)
        {
            var silent = $"{server} has said nothing for {SilentAfter.TotalSeconds:0} s";
            return hasStreamed() ? (silent, null) : throw new JobFailedException($"{silent}: is the port right, does a firewall let it through?");
        }
        catch (Exception e) when (!end.IsCancellationRequested && e is HttpRequestException or IOException or OperationCanceledException)
        {
            return hasStreamed() ? (connection.Explain(e), null) : throw new JobFailedException(connection.Explain(e), e);
        }
        catch (FormatException e)
        {
            throw new JobFailedException($"{server} answers in another form: use the trafficflow of the server's own version", e);
        }
    }

    private string Address(string topic)
    {
        var place = output.Topics.First(t => t.Topic == topic).Place;
        return $"topics/{Uri.EscapeDataString(topic)}{(place is null ? "" : $"?from={Uri.EscapeDataString(place.ToString())}")}";
    }

    /// <returns>Why, where it may be otherwise in a while.</returns>
    private (string Reason, TimeSpan? Wait) Refused(HttpResponseMessage answer, byte[] body, bool hasStreamed)
    {
        var told = RefusedRequest.Read(body) is { } why ? $"{server} refuses: {why.Detail}: {why.Remedy}" : $"{server} answers with {(int)answer.StatusCode}, and not as a server of trafficflow: is a proxy in between, is the port right?";
        var mayChange = answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;
        return hasStreamed && mayChange ? (told, answer.Headers.RetryAfter?.Delta) : throw new JobFailedException(told);
    }
}
