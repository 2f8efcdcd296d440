using System.Net.Http.Headers;
using System.Text;
using Spectre.Console;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>Asks the node of a data directory one question and prints the answer.</summary>
internal sealed class CtlJob(string dataDirectory, ControlRequest request, bool asJson)
{
    /// <summary>More than a node takes for its slowest answer.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        using var node = new NodeConnection(dataDirectory);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(AnswerWithin);
        byte[] answer;
        try
        {
            answer = await AskAsync(node.Http, patience.Token);
        }
        catch (OperationCanceledException e) when (!interrupted.IsCancellationRequested)
        {
            throw new JobFailedException(
                $"the node at {node.Path} does not answer within {AnswerWithin.TotalSeconds:0} s: is the machine overloaded, or the node stopped (SIGSTOP)?", e);
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(node.Explain(e), e);
        }

        var reply = Read(node, answer);
        if (asJson) Console.WriteLine(Encoding.UTF8.GetString(answer));
        if (reply is CommandFailed failed) throw new JobFailedException($"{failed.Reason}: {failed.Remedy}");
        if (!asJson) CtlTables.Write(AnsiConsole.Console, ((InspectionTables)reply).Tables);
        return ExitCodes.Done;
    }

    private async Task<byte[]> AskAsync(HttpClient node, CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(request.Write());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await node.PostAsync("commands", body, cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    private static OperatorReply Read(NodeConnection node, byte[] answer)
    {
        try
        {
            return ReplyJson.Read(answer);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(node.OtherForm, e);
        }
    }
}
