using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlServer;

/// <summary>
/// HTTP on the node's <see cref="ControlSocket"/>: `POST /commands` with { "words": ["camera", "list"] } is answered with the reply as
/// <see cref="ReplyJson"/>. A refusal of the node is an answer too, with status 200; 400 and above say that the request was none. `GET /health` has
/// the node's health checks: 503 where one is unhealthy. `GET /topics` streams: <see cref="TopicStreams"/>. What else there is, <see cref="IControlRoutes"/> answers: recordings, custody. Kestrel bounds connections, sizes and times.
/// </summary>
internal sealed partial class ControlHttpServer(ControlSocket socket, ControlDispatcher dispatcher, TopicStreams topics, HealthCheckService checks, ILogger<ControlHttpServer> log, IEnumerable<IControlRoutes>? others = null) : IHostedService, IAsyncDisposable
{
    private const int MostConnections = 64;

    /// <summary>
    /// Bytes of a body up to which a refused client gets its answer: who still sends when the connection closes sees a broken pipe and never the refusal. Kestrel throws away
    /// what nobody read, within some seconds, only of bodies that it permits; longer than <see cref="ControlRequest.Longest"/> is refused here.
    /// </summary>
    private const int LongestThrownAway = 16 * 1024 * 1024;

    /// <summary>Bytes: as many topics as a subscription may have, each with its place.</summary>
    private const int LongestLine = 16 * 1024;
    private static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(25);

    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        VerbLifetime.Use(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.ListenUnixSocket(socket.Path);
            options.AddServerHeader = false;
            options.Limits.MaxConcurrentConnections = MostConnections;
            options.Limits.MaxRequestBodySize = LongestThrownAway;
            options.Limits.MaxRequestHeadersTotalSize = ControlRequest.Longest;
            options.Limits.MaxRequestLineSize = LongestLine;
            options.Limits.RequestHeadersTimeout = RequestWithin;
            options.Limits.KeepAliveTimeout = RequestWithin;
        });
        // Bound and closed to other accounts before it listens; Kestrel by itself would do it the other way round.
        builder.WebHost.UseSockets(options => options.CreateBoundListenSocket = _ => socket.Bound);
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Streams have no end of their own.
        await _stopping.CancelAsync();
        if (_server is { } server) await server.StopAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request is { Method: "GET", Path.Value: "/health" })
        {
            var report = await checks.CheckHealthAsync(context.RequestAborted);
            await WriteAsync(context, report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK, CheckJson.Write(report));
            return;
        }

        if (context.Request is { Method: "GET", Path.Value: "/topics" })
        {
            if (await topics.AnswerAsync(context, AccountOf(context), _stopping.Token) is var (refusal, why)) await WriteAsync(context, refusal, ReplyJson.Write(why));
            return;
        }

        foreach (var other in others ?? [])
        {
            if (await other.AnswerAsync(context, AccountOf(context))) return;
        }

        var (status, reply) = context.Request switch
        {
            { Path.Value: not "/commands" } => (StatusCodes.Status404NotFound, new CommandFailed($"there is no {context.Request.Path}", "send commands to /commands, ask for /health or /topics, or use trafficflow ctl")),
            { Method: not "POST" } => (StatusCodes.Status405MethodNotAllowed, new CommandFailed($"/commands takes no {context.Request.Method}", "use POST, or trafficflow ctl")),
            _ => await AnswerCommandAsync(context),
        };
        await WriteAsync(context, status, ReplyJson.Write(reply));
    }

    private static async Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task<(int Status, OperatorReply Reply)> AnswerCommandAsync(HttpContext context)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(AnswerWithin);
        try
        {
            return await ControlRequest.ReadAsync(context.Request.Body, patience.Token) is { } request
                ? (StatusCodes.Status200OK, await dispatcher.AnswerAsync(request, AccountOf(context), patience.Token))
                : (StatusCodes.Status400BadRequest, new CommandFailed("the request is no { \"words\": [ … ] }", "use trafficflow ctl"));
        }
        catch (RequestTooLongException)
        {
            return (StatusCodes.Status413PayloadTooLarge, new CommandFailed($"the request is refused: it is longer than {ControlRequest.Longest / 1024} kB", "use trafficflow ctl"));
        }
        catch (BadHttpRequestException wrong)
        {
            return (wrong.StatusCode, new CommandFailed($"the request is refused: {wrong.Message}", "use trafficflow ctl"));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return (StatusCodes.Status200OK, new CommandFailed(
                $"not done within {AnswerWithin.TotalSeconds:0} s", "it may still go on: look into the node's log before you try again"));
        }
        catch (Exception unexpected) when (unexpected is not (OperationCanceledException or IOException))
        {
            LogUnexpected(unexpected);
            return (StatusCodes.Status500InternalServerError, new CommandFailed($"unexpected: {unexpected.Message}", "please report it with the node's log"));
        }
    }

    private static string AccountOf(HttpContext context) => PeerAccount.Of(context.Features.Get<IConnectionSocketFeature>()?.Socket);

    [LoggerMessage(LogLevel.Error, "A request to the control socket failed unexpectedly; please report it")]
    private partial void LogUnexpected(Exception e);
}

/// <summary>More that is answered on the control socket.</summary>
internal interface IControlRoutes
{
    /// <param name="account">At the other end, as the kernel tells it.</param>
    /// <returns>False where the request is another one's.</returns>
    Task<bool> AnswerAsync(HttpContext context, string account);
}
