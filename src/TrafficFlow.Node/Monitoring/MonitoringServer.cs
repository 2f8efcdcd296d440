using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace TrafficFlow.Node.Monitoring;

/// <summary>
/// HTTP for programs that watch the node: GET /metrics, /healthz, /readyz. It reads what is counted and changes nothing; connections, sizes and times are bounded,
/// so that a client that hangs, or a thousand, keep other clients out for some seconds and touch no counting.
/// </summary>
internal sealed partial class MonitoringServer(MonitoringSocket socket, MeterProvider metrics, NodeStanding standing, bool isOpen, ILogger<MonitoringServer> log) : IHostedService, IAsyncDisposable
{
    private const int MostConnections = 64;
    private const int LongestLine = 2048;
    private static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(5);

    /// <summary>Who connects and says nothing, or nothing more, is closed then. Prometheus, which asks each 15 s as a rule, opens a new connection.</summary>
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        VerbLifetime.Use(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(socket.Address);
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = MostConnections;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxRequestLineSize = LongestLine;
            options.Limits.MaxRequestHeadersTotalSize = 4 * LongestLine;
            options.Limits.RequestHeadersTimeout = RequestWithin;
            options.Limits.KeepAliveTimeout = IdleAfter;
        });
        builder.WebHost.UseSockets(options => options.CreateBoundListenSocket = _ => socket.Bound);
        _server = builder.Build();
        _server.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, c => IsReading(c) && c.Request.Path == "/metrics", path: null, configureBranchedPipeline: null, optionsName: null);
        _server.Run(AnswerAsync);
        await _server.StartAsync(cancellationToken);
        if (isOpen) LogOpen(socket.Address.ToString());
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        if (_server is { } server) await server.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool IsReading(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var answer = (IsReading(context), context.Request.Path.Value) switch
            {
                (true, "/healthz") => await standing.AliveAsync(_stopping.Token).WaitAsync(context.RequestAborted),
                (true, "/readyz") => await standing.ReadyAsync(_stopping.Token).WaitAsync(context.RequestAborted),
                _ => null,
            };
            if (answer is { } probe) await WriteAsync(context, probe.IsGood ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, MediaTypeNames.Application.Json, probe.Body);
            else if (context.Request.Path.Value is "/metrics" or "/healthz" or "/readyz") await WriteAsync(context, StatusCodes.Status405MethodNotAllowed, MediaTypeNames.Text.Plain, "Here is only to read: use GET\n"u8.ToArray());
            else await WriteAsync(context, StatusCodes.Status404NotFound, MediaTypeNames.Text.Plain, "Here are /metrics, /healthz and /readyz\n"u8.ToArray());
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            // Whoever asked has gone, or the node goes.
        }
        catch (Exception unexpected) when (unexpected is not (IOException or BadHttpRequestException))
        {
            LogUnexpected(unexpected);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, MediaTypeNames.Text.Plain, Encoding.UTF8.GetBytes("The node's log says what went wrong\n"));
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = $"{type}; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method) || status >= StatusCodes.Status400BadRequest) await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Warning, "Metrics and health are served on {Address} without a password and without encryption: let only the machines through the firewall that are to read them, or set trafficflow.monitoring.listen = \"127.0.0.1:9464\"")]
    private partial void LogOpen(string address);

    [LoggerMessage(LogLevel.Error, "A request for metrics or health failed unexpectedly; please report it")]
    private partial void LogUnexpected(Exception e);
}
