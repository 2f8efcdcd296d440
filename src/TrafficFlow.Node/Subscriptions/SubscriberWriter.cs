using System.Text;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Node.Topics;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>Lines of a stream to a subscriber: as JSON lines, or as server-sent events whose id is the place to go on from.</summary>
/// <param name="slowAfter">One line must be taken within that time.</param>
internal sealed class SubscriberWriter(HttpContext context, bool asEvents, TimeSpan slowAfter, TimeProvider time)
{
    public const string Events = "text/event-stream";
    public const string Lines = "application/jsonl";

    /// <summary>The reader took nothing for too long.</summary>
    public bool IsTooSlow { get; private set; }

    public async Task BeginAsync()
    {
        context.Response.ContentType = $"{(asEvents ? Events : Lines)}; charset=utf-8";
        await context.Response.StartAsync(context.RequestAborted);
    }

    /// <param name="line">Null for a sign of life.</param>
    /// <exception cref="OperationCanceledException">The reader has gone, or is too slow.</exception>
    public Task WriteAsync(TopicLine? line, CancellationToken cancellation) => SendAsync(line is null ? Alive() : asEvents ? Event(line) : line.Write(), cancellation);

    /// <summary>The last line.</summary>
    public Task CloseAsync(string reason, CancellationToken cancellation) => SendAsync(asEvents ? [.. "event: closing\ndata: "u8, .. StreamNotes.Closing(reason), (byte)'\n'] : StreamNotes.Closing(reason), cancellation);

    private byte[] Alive() => asEvents ? ": alive\n\n"u8.ToArray() : StreamNotes.Alive(time.GetUtcNow());

    private static byte[] Event(TopicLine line)
    {
        // Places are figures, times and slashes: they break no line.
        var id = line.Place is { } place ? $"id: {place}\n" : "";
        return [.. Encoding.UTF8.GetBytes($"{id}data: "), .. line.Write(), (byte)'\n'];
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(slowAfter);
        try
        {
            await context.Response.Body.WriteAsync(bytes, limit.Token);
            await context.Response.Body.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            IsTooSlow = true;
            throw;
        }
    }
}
