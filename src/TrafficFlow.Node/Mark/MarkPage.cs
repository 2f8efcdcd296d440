using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TrafficFlow.Web.Pages.Marking;

namespace TrafficFlow.Node.Mark;

/// <summary>
/// Serves the marking page on 127.0.0.1 to the one browser that <see cref="MarkSession"/> let in. Requests with a foreign Host header (a name that
/// somebody else's page made to point here) or from a foreign page are refused. It hands out anonymized pictures and the marks only.
/// </summary>
internal sealed class MarkPage : IAsyncDisposable
{
    private const int MostBodyBytes = 4 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly MarkSession _session = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MarkPage(MarkedClip clip, MarkBook book, int port)
    {
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
        var marking = new ClipMarking(clip, book, seat: null, () => _done.TrySetResult());
        MarkingRoutes.Map(_app, new MarkingMount(
            _session.Folder, (_, _) => Task.FromResult<IMarking?>(marking), _ => "", _ => new MarkingPageAddress(_session.Folder, name => _session.Folder + name, Back: null)));
        MarkingRoutes.MapAssets(_app, _session.Folder);
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
        response.Headers.ContentSecurityPolicy = "default-src 'none'; img-src 'self'; connect-src 'self'; script-src 'self'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        return _session.IsOpenTo(request) ? next(context) : _session.LetInAsync(context);
    }
}
