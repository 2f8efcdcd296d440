using System.Diagnostics;
using System.Net;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Topics;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.Watch;

/// <summary>
/// Watches by way of a node of this machine, through its control socket. When the node ends, or leaves its cluster, it is asked again until
/// it is back, and goes on after the last bin or journey that was printed.
/// </summary>
internal sealed class WatchNode(string dataDirectory, WatchOutput output)
{
    // A node that was just started may still wait for its database, and be asked again meanwhile.
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Some times as long as between two lines by which a node says that it is alive.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);

    private bool _hasStreamed;
    private bool _isTold;

    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    /// <exception cref="JobFailedException">There is no node, or it refuses.</exception>
    public async Task RunAsync(CancellationToken interrupted)
    {
        using var node = new NodeConnection(dataDirectory);
        var asked = Stopwatch.GetTimestamp();
        while (true)
        {
            var reason = await StreamAsync(node, interrupted);
            if (output.IsDone) return;
            if (!_hasStreamed && Stopwatch.GetElapsedTime(asked) > ReadyWithin) throw new JobFailedException(reason);
            if (!_isTold)
            {
                _isTold = true;
                output.Note(_hasStreamed
                    ? $"{reason}. Watching goes on when the node is back; Ctrl-C ends it"
                    : $"{reason}. It is asked again for {ReadyWithin.TotalSeconds:0} s; Ctrl-C ends it");
            }

            await Task.Delay(AskAgainAfter, interrupted);
        }
    }

    /// <returns>Why the stream has ended, or has not begun.</returns>
    private async Task<string> StreamAsync(NodeConnection node, CancellationToken interrupted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(SilentAfter);
        try
        {
            using var answer = await node.Http.GetAsync(Address(), HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return Refused(node, answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(patience.Token));
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
            while (await lines.ReadLineAsync(patience.Token) is { } line)
            {
                (_hasStreamed, _isTold) = (true, false);
                patience.CancelAfter(SilentAfter);
                if (TopicLine.Read(line) is not { } message) continue;
                output.Print(message);
                if (output.IsDone) break;
            }

            return $"the node at {node.Path} has ended the stream: it stops, or is in no cluster for a moment";
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            return $"the node at {node.Path} has said nothing for {SilentAfter.TotalSeconds:0} s";
        }
        catch (HttpRequestException e) when (!_hasStreamed)
        {
            throw new JobFailedException(node.Explain(e), e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e is HttpRequestException request ? node.Explain(request) : $"the node at {node.Path} broke off";
        }
        catch (FormatException e)
        {
            throw new JobFailedException(node.OtherForm, e);
        }
    }

    private string Address() => "topics?" + string.Join('&', output.Topics.Select(t => $"topic={Uri.EscapeDataString(t.Topic)}&from={Uri.EscapeDataString(t.Place?.ToString() ?? "")}"));

    /// <returns>Why, where it may be otherwise in a moment.</returns>
    private string Refused(NodeConnection node, HttpStatusCode status, byte[] answer)
    {
        // Of a version that has no topics here.
        if (status == HttpStatusCode.NotFound || ReplyJson.Read(answer) is not CommandFailed why) throw new FormatException("no answer about topics");
        var told = $"{why.Reason}: {why.Remedy}";
        return status == HttpStatusCode.ServiceUnavailable || (status == HttpStatusCode.TooManyRequests && _hasStreamed)
            ? told
            : throw new JobFailedException(told);
    }
}
