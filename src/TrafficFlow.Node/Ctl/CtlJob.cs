using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Node.Control;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Node.Ctl;

/// <summary>Asks the node of a data directory one question and prints the answer.</summary>
internal sealed class CtlJob(string dataDirectory, IReadOnlyList<string> words, bool asJson)
{
    private const int LongestReply = 64 * 1024 * 1024;

    /// <summary>More than a node takes for its slowest answer.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        var path = ControlSocket.PathIn(dataDirectory);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(AnswerWithin);
        byte[]? line;
        try
        {
            line = await AskAsync(path, patience.Token);
        }
        catch (OperationCanceledException e) when (!interrupted.IsCancellationRequested)
        {
            throw new JobFailedException(
                $"the node at {path} does not answer within {AnswerWithin.TotalSeconds:0} s: is the machine overloaded, or the node stopped (SIGSTOP)?", e);
        }
        catch (SocketException e)
        {
            throw new JobFailedException(Explain(path, e), e);
        }
        catch (IOException e)
        {
            throw new JobFailedException($"the node at {path} broke off ({e.Message}): is it stopping? Look into its log", e);
        }

        if (line is null) throw new JobFailedException($"the node at {path} broke off: is it stopping? Look into its log");
        var reply = Read(path, line);
        if (asJson) Console.WriteLine(Encoding.UTF8.GetString(line));
        if (reply is InspectionFailed failed) throw new JobFailedException($"{failed.Reason}: {failed.Remedy}");
        if (!asJson) CtlTables.Write(AnsiConsole.Console, ((InspectionTables)reply).Tables);
        return ExitCodes.Done;
    }

    private async Task<byte[]?> AskAsync(string path, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        using var stream = new NetworkStream(socket);
        var request = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, IReadOnlyList<string>> { ["words"] = words });
        await stream.WriteAsync((byte[])[.. request, (byte)'\n'], cancellation);
        return await new LineReader(stream, LongestReply).ReadAsync(cancellation);
    }

    private static InspectionReply Read(string path, byte[] line)
    {
        try
        {
            return ReplyJson.Read(line);
        }
        catch (FormatException e)
        {
            throw new JobFailedException($"the node at {path} answers in another form: use the trafficflow of the node's own version", e);
        }
    }

    private string Explain(string path, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable when !Directory.Exists(dataDirectory) =>
            $"there is no folder {dataDirectory}: name the data directory of a running node",
        SocketError.AddressNotAvailable => $"there is no node in {dataDirectory} (no {Path.GetFileName(path)}): is it running, and is this its data directory?",
        SocketError.AccessDenied => $"{path} may not be opened by this account: run it as the account of the node, or as root",
        _ => $"no node answers at {path} ({e.Message}): it was killed, or is just starting. Look into its log, and start it with trafficflow run",
    };
}
