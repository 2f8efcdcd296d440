using System.Text.Json;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Node.Control;

/// <summary>
/// One client. Each request is a line { "words": ["camera", "list"] }, each reply a line. A client that is slow, silent or sends what is
/// no request is sent away.
/// </summary>
internal sealed class ControlSession(Stream stream, ControlDispatcher dispatcher)
{
    private const int LongestRequest = 16 * 1024;
    private static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan TakenWithin = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken stopping)
    {
        var lines = new LineReader(stream, LongestRequest);
        while (true)
        {
            byte[]? line;
            try
            {
                line = await InTimeAsync(lines.ReadAsync, RequestWithin, stopping);
            }
            catch (InvalidDataException e)
            {
                await SendAsync(new InspectionFailed(e.Message, "send one line { \"words\": [ … ] }"), stopping);
                return;
            }

            if (line is null) return;
            if (Words(line) is not { } words)
            {
                await SendAsync(new InspectionFailed("the request is no line { \"words\": [ … ] }", "use trafficflow ctl"), stopping);
                return;
            }

            await SendAsync(await AnswerAsync(words, stopping), stopping);
        }
    }

    private async Task<InspectionReply> AnswerAsync(IReadOnlyList<string> words, CancellationToken stopping)
    {
        try
        {
            return await InTimeAsync(c => dispatcher.AnswerAsync(words, c), AnswerWithin, stopping);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new InspectionFailed($"not done within {AnswerWithin.TotalSeconds:0} s", "it may still go on: look into the node's log before you try again");
        }
    }

    private static List<string>? Words(byte[] line)
    {
        try
        {
            using var request = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 4 });
            return [.. request.RootElement.GetProperty("words").EnumerateArray().Select(w => w.GetString() ?? "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private Task SendAsync(InspectionReply reply, CancellationToken stopping) => InTimeAsync(
        async c =>
        {
            await stream.WriteAsync((byte[])[.. ReplyJson.Write(reply), (byte)'\n'], c);
            return true;
        },
        TakenWithin,
        stopping);

    private static async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan patience, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(patience);
        return await work(deadline.Token);
    }
}
