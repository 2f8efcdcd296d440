using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>A request as it came.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>A web server that takes what is posted to it, and answers as it is told to.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly Channel<Received> _arrived = Channel.CreateUnbounded<Received>();
    private readonly Queue<(int Status, string? Location)> _answers = new();
    private readonly WebApplication _server;

    private HttpReceiver(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.Single());

    public static async Task<HttpReceiver> StartAsync(params (int Status, string? Location)[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new HttpReceiver(builder.Build());
        foreach (var answer in answers) receiver._answers.Enqueue(answer);
        receiver._server.Run(receiver.TakeAsync);
        await receiver._server.StartAsync();
        return receiver;
    }

    public async Task<Received> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _arrived.Reader.ReadAsync(limit.Token);
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var (status, location) = _answers.TryDequeue(out var answer) ? answer : (204, null);
        context.Response.StatusCode = status;
        if (location is not null) context.Response.Headers.Location = location;
        _arrived.Writer.TryWrite(new Received($"{context.Request.Method} {context.Request.Path}", context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body.ToArray()));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
