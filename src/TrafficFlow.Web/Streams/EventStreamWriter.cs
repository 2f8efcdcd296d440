using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace TrafficFlow.Web.Streams;

/// <summary>The reader of a stream took nothing for too long.</summary>
internal sealed class SlowReaderException : Exception;

/// <summary>Writes events to one reader, who must take them within a time: nothing waits for it here but what its connection holds.</summary>
internal sealed class EventStreamWriter(HttpContext context, TimeSpan slowAfter)
{
    public async Task BeginAsync(CancellationToken end)
    {
        // Kestrel's own bound for slow readers would end the connection without a word in the log.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = $"{TopicEvents.MediaType}; charset=utf-8";
        // A proxy on the way must not wait for more.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await WriteAsync([TopicEvents.Alive], end);
    }

    /// <exception cref="SlowReaderException">They were not taken in time.</exception>
    /// <exception cref="OperationCanceledException">The reader has gone, or the stream was ended.</exception>
    public async Task WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken end)
    {
        using var slow = new CancellationTokenSource(slowAfter);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(end, slow.Token);
        try
        {
            foreach (var bytes in events) await context.Response.Body.WriteAsync(bytes, limit.Token);
            await context.Response.Body.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested)
        {
            throw new SlowReaderException();
        }

        // A write that is given up ends the connection, and is no error to Kestrel.
        if (slow.IsCancellationRequested && context.RequestAborted.IsCancellationRequested) throw new SlowReaderException();
    }
}
