using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Node.Mark;

/// <summary>
/// Serves the marking page on 127.0.0.1 to the one browser that <see cref="MarkSession"/> let in. Requests with a foreign Host header (a name that
/// somebody else's page made to point here) or from a foreign page are refused. It hands out anonymized pictures and the marks only.
/// </summary>
internal sealed class MarkPage : IAsyncDisposable
{
    private const int MostBodyBytes = 4 * 1024 * 1024;
    private const int MostTile = 4096;

    private readonly WebApplication _app;
    private readonly MarkedClip _clip;
    private readonly MarkBook _book;
    private readonly MarkSession _session = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MarkPage(MarkedClip clip, MarkBook book, int port)
    {
        (_clip, _book) = (clip, book);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, port);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MostBodyBytes;
        });
        _app = builder.Build();
        _app.Use(GuardAsync);
        _app.MapGet($"{_session.Folder}", () => Results.Bytes(Html(), "text/html; charset=utf-8"));
        _app.MapGet($"{_session.Folder}clip", () => Results.Text(ClipJson(), "application/json"));
        _app.MapGet($"{_session.Folder}marks", () => Results.Text(_book.ToJson(), "application/json"));
        _app.MapGet($"{_session.Folder}frame/{{index:int}}", (int index) => _clip.Frame(index) is { } jpeg ? Results.Bytes(jpeg, "image/jpeg") : Results.NotFound());
        _app.MapGet($"{_session.Folder}scan/{{gate}}/{{from:int}}/{{count:int}}", (string gate, int from, int count) =>
            _clip.Scan(gate) is { } scan && from >= 0 && from < scan.Frames && count is > 0 and <= MostTile ? Results.Bytes(scan.Png(from, count), "image/png") : Results.NotFound());
        _app.MapPut($"{_session.Folder}marks", PutAsync);
        _app.MapPost($"{_session.Folder}done", () =>
        {
            _done.TrySetResult();
            return Results.NoContent();
        });
    }

    /// <summary>The address that lets one browser in; known once started.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Ends when the page says that the work is done.</summary>
    public Task Done => _done.Task;

    /// <exception cref="IOException">The port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        var bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new Uri($"http://127.0.0.1:{new Uri(bound).Port}{_session.Entrance}");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        var own = Address is not null && request.Host.Host is "127.0.0.1" or "localhost" && request.Host.Port == Address.Port;
        var origin = request.Headers.Origin.ToString();
        var samePage = origin.Length == 0 || origin == $"http://{request.Host}";
        if (!own || !samePage || !request.Path.StartsWithSegments(_session.Folder.TrimEnd('/'), StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-Content-Type-Options"] = "nosniff";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        return _session.IsOpenTo(request) ? next(context) : _session.LetInAsync(context);
    }

    private async Task<IResult> PutAsync(HttpRequest request, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(cancellation);
        return _book.Replace(text) is { } problem ? Results.Text(problem, statusCode: StatusCodes.Status400BadRequest) : Results.NoContent();
    }

    private string ClipJson() => JsonSerializer.Serialize(new
    {
        camera = _clip.Camera.Id.Value,
        width = _clip.Camera.Frame.Width,
        height = _clip.Camera.Frame.Height,
        times = _clip.Times.Select(t => Math.Round(t, 3)),
        scanRows = Vision.Annotation.SlitScan.Rows,
        gates = _clip.Camera.Gates.Select(g => new { id = g.Id.Value, from = new[] { g.From.X, g.From.Y }, to = new[] { g.To.X, g.To.Y } }),
        file = Path.GetFileName(_book.File),
    });

    private static byte[] Html()
    {
        using var stream = typeof(MarkPage).Assembly.GetManifestResourceStream("mark.html")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
