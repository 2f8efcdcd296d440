using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>Takes OTLP, over HTTP or gRPC, and keeps what came, which is protobuf: names stand in it as they are.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private WebApplication? _server;

    public int Port { get; private set; }

    /// <summary>A path that is answered with 404.</summary>
    public string? Refuses { get; init; }

    public string Received(string path) => string.Concat(_received.Where(r => r.Path == path).Select(r => r.Body));

    public async Task StartAsync(int port, bool isGrpc = false)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, port, l => l.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _server = builder.Build();
        _server.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path.Value!, Encoding.Latin1.GetString(body.ToArray())));
            if (context.Request.Path == Refuses)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
            if (!isGrpc) return;
            // An empty message, and that all is well.
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await _server.StartAsync();
        Port = new Uri(_server.Urls.First()).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
    }
}
