using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Api;
using TrafficFlow.Web.Http;
using TrafficFlow.Web.Live;
using TrafficFlow.Web.Pages;
using TrafficFlow.Web.Pages.Accounts;
using TrafficFlow.Web.Pages.Analysis;
using TrafficFlow.Web.Pages.Audit;
using TrafficFlow.Web.Pages.Cameras;
using TrafficFlow.Web.Pages.Custody;
using TrafficFlow.Web.Pages.Marking;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Recordings;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Web.Released;
using TrafficFlow.Web.Rest;
using TrafficFlow.Web.SignIn;
using TrafficFlow.Web.Streams;

namespace TrafficFlow.Web;

/// <summary>
/// The pages and the answers for programs, of a node with the role server. A host of its own inside the node's process: what is wrong with it ends no count.
/// </summary>
public sealed class WebServer : IHostedService, IAsyncDisposable
{
    private const int LongestLine = 8 * 1024;
    private const int LongestHeaders = 32 * 1024;
    private const int MostConnections = 2_000;

    /// <summary>Open at a time, each with its circuit.</summary>
    private const int MostPages = 500;

    // Nothing that is sent here is larger: forms, and what a page's circuit says.
    private const int LongestBody = 1024 * 1024;

    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);

    private readonly WebSettings _settings;
    private readonly WebPorts _ports;
    private readonly ICallers _callers;
    private readonly ILoggerFactory _logs;
    private readonly Func<SslStreamCertificateContext>? _certificate;
    private WebApplication? _server;

    /// <param name="certificate">That of now, asked for with each handshake; null for plain HTTP.</param>
    public WebServer(WebSettings settings, WebPorts ports, ICallers callers, ILoggerFactory logs, Func<SslStreamCertificateContext>? certificate = null) =>
        (_settings, _ports, _callers, _logs, _certificate) = (settings, ports, callers, logs, certificate);

    /// <summary>Where it can be looked at, with the port that it got; null before it has started.</summary>
    public Uri? Address { get; private set; }

    /// <summary>All that is answered.</summary>
    internal IReadOnlyList<Endpoint> Endpoints => _server?.Services.GetRequiredService<EndpointDataSource>().Endpoints ?? [];

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory, ApplicationName = typeof(WebServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        builder.Services.AddSingleton(_logs);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddRouting();
        // What it protects lives no longer than the circuits of this process: no key is written anywhere.
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        builder.Services.AddSingleton(_ports);
        builder.Services.AddSingleton(_callers);
        builder.Services.AddSingleton<LiveSites>();
        builder.Services.AddSingleton<ReleasePort>();
        builder.Services.AddSingleton(_settings.Publisher);
        builder.Services.AddSingleton(new AnswerTurns(_logs.CreateLogger<AnswerTurns>()));
        builder.Services.AddSingleton<KeptAnswers>();
        builder.Services.AddSingleton(new ReadAhead(_ports.Time));
        builder.Services.AddScoped<ReaderSession>();
        builder.Services.AddScoped<CircuitHandler, EndedCircuits>();
        builder.Services.Configure<HubOptions>(options => options.AddFilter(new CircuitOwners()));
        builder.Services.AddSingleton(new PictureViews(_ports.Time));
        builder.Services.AddSingleton(_ => new RecordingPlays(_callers, _ports.Time));
        builder.Services.AddSingleton(_settings.Streams);
        builder.Services.AddSingleton<StreamSeats>();
        builder.Services.AddSingleton<SharedTopics>();
        // Japanese as it is, not as numbers of characters.
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            // A page of a phone that slept finds its circuit again; the many that nobody comes back to are bounded.
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
            options.DisconnectedCircuitMaxRetained = 50;
        });
        _server = builder.Build();
        Map(_server);
        await _server.StartAsync(cancellationToken);
        var bound = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var host = _settings.Listen.Address.Equals(IPAddress.Any) || _settings.Listen.Address.Equals(IPAddress.IPv6Any) ? Environment.MachineName : bound.Host;
        Address = new UriBuilder(bound) { Host = host }.Uri;
        // Beside all else: the first who looks finds styles and scripts compressed.
        _ = Task.Run(EmbeddedAssets.Prepare, CancellationToken.None);
    }

    /// <summary>Who is in the middle of a request is not waited for long: cameras and counts stop after this.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server) return;
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(StopWithin);
        await server.Services.GetRequiredService<SharedTopics>().StopAsync();
        await server.StopAsync(soon.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
    }

    private void Map(WebApplication app)
    {
        if (_settings.IsBehindProxy) app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost });
        app.Use(SecurityHeaders.For(_settings.IsHttps));
        var lastResort = new LastResort(_logs.CreateLogger<LastResort>());
        app.Use(next => context => lastResort.InvokeAsync(context, next));
        app.UseRouting();
        var gatekeeper = new Gatekeeper(_callers, _settings.IsReleasePublic);
        app.Use(next => context => gatekeeper.InvokeAsync(context, next));
        app.UseAntiforgery();
        app.MapGet("/_content/{**file}", EmbeddedAssets.AnswerAsync);
        app.MapGet("/_framework/{**file}", EmbeddedAssets.AnswerAsync);
        if (_callers is LinkCallers link) app.MapGet(LinkCallers.Path, link.EnterAsync);
        if (_callers is AccountCallers accounts) SignInRoutes.Map(app, accounts);
        AccountRoutes.Map(app, (_callers as AccountCallers)?.Desk);
        AuditRoutes.Map(app);
        CustodyRoutes.Map(app, _ports);
        NoticeRoutes.Map(app, _ports);
        PaperRoutes.Map(app, _ports);
        PictureRoutes.Map(app);
        RecordingsRoutes.Map(app, _ports);
        KeepingRoutes.Map(app, _ports);
        PlayRoutes.Map(app);
        MarkingRoutes.Map(app, MarkingDoor.Mount);
        ReportRoutes.Map(app);
        StudyRoutes.Map(app, _ports);
        SiteRoutes.Map(app);
        FlowRoutes.Map(app);
        JourneyRoutes.Map(app);
        ReleasedRoutes.Map(app, _logs.CreateLogger<ReleasePort>());
        ApiRoutes.Map(app);
        StreamRoutes.Map(app);
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private void Configure(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxConcurrentUpgradedConnections = MostPages;
        options.Limits.MaxRequestLineSize = LongestLine;
        options.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
        options.Limits.MaxRequestBodySize = LongestBody;
        options.Listen(_settings.Listen, listen =>
        {
            listen.Protocols = _certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (_certificate is { } certificate)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeWithin,
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = certificate(),
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        AllowRenegotiation = false,
                    }),
                });
            }
        });
    }

    /// <summary>The node hears the signals, and ends this host with itself.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
