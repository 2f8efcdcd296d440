using System.Net.Http.Headers;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>One question to the node of a data directory, and its answer.</summary>
internal static class NodeQuestion
{
    /// <summary>More than a node takes for its slowest answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="within">For the answer; null for as long as a node may take.</param>
    /// <returns>The answer as it came, for programs, and as it is read.</returns>
    /// <exception cref="JobFailedException">The node does not answer, or in another form; see <see cref="IsAway"/>.</exception>
    public static async Task<(byte[] Answer, OperatorReply Reply)> AskAsync(
        string dataDirectory, ControlRequest request, CancellationToken interrupted, TimeSpan? within = null)
    {
        using var node = new NodeConnection(dataDirectory);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(within ?? Patience);
        try
        {
            using var body = new ByteArrayContent(request.Write());
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await node.Http.PostAsync("commands", body, patience.Token);
            var bytes = await answer.Content.ReadAsByteArrayAsync(patience.Token);
            return (bytes, ReplyJson.Read(bytes));
        }
        catch (OperationCanceledException e) when (!interrupted.IsCancellationRequested)
        {
            throw new JobFailedException(
                $"the node at {node.Path} does not answer within {(within ?? Patience).TotalSeconds:0} s: is the machine overloaded, or the node stopped (SIGSTOP)?", e);
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(node.Explain(e), e);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(node.OtherForm, e);
        }
    }

    /// <summary>Whether the node was not there, or went while it was asked.</summary>
    public static bool IsAway(JobFailedException failure) =>
        failure.InnerException is HttpRequestException { HttpRequestError: not HttpRequestError.InvalidResponse };
}
