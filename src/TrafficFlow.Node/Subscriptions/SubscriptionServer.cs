using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>
/// The port at which a server lets programs read topics with a token, over TLS that they opened: they are no nodes, and nothing is dialled back. Connections
/// that show no good token make room for others; what is open with a token ends when that is revoked, expires or is for something else.
/// </summary>
internal sealed partial class SubscriptionServer : IHostedService, IAsyncDisposable
{
    private const int LongestLine = 4 * 1024;
    private const int LongestHeaders = 16 * 1024;
    private const int MostHeaders = 40;

    /// <summary>Bytes that the kernel keeps for a reader: that of a slow one must not be megabytes.</summary>
    private const int SendBuffer = 128 * 1024;

    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(1);

    private readonly SubscriptionsSettings _settings;
    private readonly TokenRegister _tokens;
    private readonly WatchedCertificate _certificate;
    private readonly OpenStreams _streams;
    private readonly HandshakeQueue _unknown;
    private readonly SubscriptionRequests _requests;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _server;
    private Task _looking = Task.CompletedTask;

    /// <exception cref="JobFailedException">The certificate cannot be used.</exception>
    public SubscriptionServer(SubscriptionsSettings settings, INodeSystems node, IAuditTrail audit, ILogger<SubscriptionServer> log, TimeProvider time)
    {
        (_settings, _log, _time) = (settings, log, time);
        try
        {
            _certificate = new WatchedCertificate(settings.Certificate, settings.PrivateKey, "subscribers", log, time);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(e.Message, e);
        }

        _tokens = new TokenRegister(settings.TokensFile, time, log);
        _streams = new OpenStreams(settings.Limits);
        _unknown = new HandshakeQueue(settings.Limits.Unknown, Math.Max(4, settings.Limits.Unknown / 4));
        _requests = new SubscriptionRequests(node, new SubscriberCheck(_tokens, new FailedTries(time), audit, log, time), _streams, settings.Limits, log, time);
    }

    /// <summary>Where it listens; with the port that it got.</summary>
    public IPEndPoint Address { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Tokens that are good now.</summary>
    public int GoodTokens => _tokens.Good;

    /// <summary>That are open now.</summary>
    public int Streams => _streams.Count;

    public string TokensFile => _settings.TokensFile;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        VerbLifetime.Use(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        builder.WebHost.UseSockets(options => options.CreateBoundListenSocket = endpoint =>
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Each connection that is accepted has it too.
            socket.SendBufferSize = SendBuffer;
            return socket;
        });
        _server = builder.Build();
        _server.Run(context => _requests.AnswerAsync(context, _stopping.Token));
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new JobFailedException($"{_settings.Listen} cannot be listened on for subscribers ({e.Message}): does something else use the port, is it an address of this machine? Set another trafficflow.subscriptions.listen", e);
        }

        var bound = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new IPEndPoint(_settings.Listen.Address, new Uri(bound).Port);
        _looking = LookAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Streams have no end of their own.
        await _stopping.CancelAsync();
        await _looking;
        if (_server is { } server) await server.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        _stopping.Dispose();
    }

    private void Configure(KestrelServerOptions options)
    {
        var most = OpenStreams.MostConnections(_settings.Limits) + _settings.Limits.Unknown;
        options.AddServerHeader = false;
        options.AllowResponseHeaderCompression = false;
        options.Limits.MaxConcurrentConnections = most + 64;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxRequestHeadersTotalSize = LongestHeaders;
        options.Limits.MaxRequestHeaderCount = MostHeaders;
        options.Limits.MaxRequestLineSize = LongestLine;
        options.Limits.RequestHeadersTimeout = RequestWithin;
        options.Limits.KeepAliveTimeout = IdleWithin;
        options.Limits.Http2.MaxStreamsPerConnection = Math.Min(_settings.Limits.StreamsOfToken + 4, 1_000);
        options.Listen(_settings.Listen, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.Use(next => connection => SubscriberConnection.RunAsync(connection, next, _streams, _unknown));
            listen.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = HandshakeWithin, OnConnection = Handshake });
        });
    }

    private ValueTask<SslServerAuthenticationOptions> Handshake(TlsHandshakeCallbackContext handshake)
    {
        handshake.Connection.Features.Get<SubscriberConnection>()?.Spoke();
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate.Current.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        });
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(LookEach, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) Look();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private void Look()
    {
        try
        {
            foreach (var (token, reason) in _streams.End(_tokens.WhyNot)) LogEnded(token.Name, reason);
        }
        catch (Exception e)
        {
            // What is revoked later must still end.
            LogFault(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "What is open with tokens that are good no more could not be closed, and is tried again")]
    private partial void LogFault(Exception fault);

    [LoggerMessage(LogLevel.Information, "What was open with the token {Token} is closed: {Reason}")]
    private partial void LogEnded(string token, string reason);
}
