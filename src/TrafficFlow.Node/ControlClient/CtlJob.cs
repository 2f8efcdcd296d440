using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Spectre.Console;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>Asks the node of a data directory one question and prints the answer.</summary>
internal sealed class CtlJob(string dataDirectory, ControlRequest request, bool asJson)
{
    private const int LongestReply = 64 * 1024 * 1024;

    /// <summary>More than a node takes for its slowest answer.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        var path = ControlSocket.PathIn(dataDirectory);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(AnswerWithin);
        byte[] answer;
        try
        {
            answer = await AskAsync(path, patience.Token);
        }
        catch (OperationCanceledException e) when (!interrupted.IsCancellationRequested)
        {
            throw new JobFailedException(
                $"the node at {path} does not answer within {AnswerWithin.TotalSeconds:0} s: is the machine overloaded, or the node stopped (SIGSTOP)?", e);
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(Explain(path, e), e);
        }

        var reply = Read(path, answer);
        if (asJson) Console.WriteLine(Encoding.UTF8.GetString(answer));
        if (reply is CommandFailed failed) throw new JobFailedException($"{failed.Reason}: {failed.Remedy}");
        if (!asJson) CtlTables.Write(AnsiConsole.Console, ((InspectionTables)reply).Tables);
        return ExitCodes.Done;
    }

    private async Task<byte[]> AskAsync(string path, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancel) => ConnectAsync(path, cancel) };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = LongestReply, Timeout = Timeout.InfiniteTimeSpan };
        using var body = new ByteArrayContent(request.Write());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        // The name in the address is of no use to anybody: the socket is the address.
        using var answer = await client.PostAsync("http://node/commands", body, cancellation);
        return await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static OperatorReply Read(string path, byte[] answer)
    {
        try
        {
            return ReplyJson.Read(answer);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(OtherForm(path), e);
        }
    }

    private string Explain(string path, HttpRequestException e) => e switch
    {
        { InnerException: SocketException socket, HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.Unknown } => Explain(path, socket),
        { HttpRequestError: HttpRequestError.InvalidResponse } => OtherForm(path),
        _ => $"the node at {path} broke off ({e.GetBaseException().Message}): is it stopping? Look into its log",
    };

    private static string OtherForm(string path) => $"the node at {path} answers in another form: use the trafficflow of the node's own version";

    private string Explain(string path, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable when !Directory.Exists(dataDirectory) =>
            $"there is no folder {dataDirectory}: name the data directory of a running node",
        SocketError.AddressNotAvailable => $"there is no node in {dataDirectory} (no {Path.GetFileName(path)}): is it running, and is this its data directory?",
        SocketError.AccessDenied => $"{path} may not be opened by this account: run it as the account of the node, or as root",
        _ => $"no node answers at {path} ({e.Message}): it was killed, or is just starting. Look into its log, and start it with trafficflow run",
    };
}
