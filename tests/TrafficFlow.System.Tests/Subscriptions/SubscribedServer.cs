using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Watch;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Tls;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.SystemTests.Subscriptions;

/// <summary>A server's cluster system in the test's process, with the port for subscribers, a CA and tokens of its own.</summary>
internal sealed class SubscribedServer : IAsyncDisposable
{
    public const string Camera = "cam-north";

    private readonly SettingsFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private WatchedServer _server = null!;
    private SubscriptionServer _port = null!;
    private string _certificate = "";
    private string _key = "";

    public string TokensFile => Path.Combine(_folder.Path, "tokens.json");

    public string Ca { get; private set; } = "";

    public int Port => _port.Address.Port;

    public Uri Uri => new($"https://127.0.0.1:{Port}/");

    public Records Audit { get; } = new();

    public static async Task<SubscribedServer> StartAsync(SubscriptionLimits? limits = null)
    {
        var server = new SubscribedServer();
        server._server = await WatchedServer.StartAsync(server._folder.Path, SyntheticJunction.Site);
        var files = server._certificates.Node("server");
        (server.Ca, server._certificate, server._key) = (files.Ca, Path.Combine(server._folder.Path, "own.crt"), Path.Combine(server._folder.Path, "own.key"));
        server.Use(files);
        server._port = new SubscriptionServer(
            new SubscriptionsSettings(new IPEndPoint(IPAddress.Loopback, 0), server._certificate, server._key, server.TokensFile, limits ?? SubscriptionLimits.Default),
            server._server, server.Audit, NullLogger<SubscriptionServer>.Instance, TimeProvider.System);
        await server._port.StartAsync(CancellationToken.None);
        return server;
    }

    public TlsFiles NewCertificate(string name, string host = "127.0.0.1") => _certificates.Node(name, host: host);

    /// <summary>As somebody who renews it.</summary>
    public void Use(TlsFiles files)
    {
        File.Copy(files.Key, _key, overwrite: true);
        File.Copy(files.Certificate, _certificate, overwrite: true);
    }

    public async Task<string> TokenAsync(string name, DateTimeOffset? until, params string[] scope)
    {
        var (now, text) = (TimeProvider.System.GetUtcNow(), "");
        await TokenFile.ChangeAsync(
            TokensFile,
            list =>
            {
                (var changed, text) = list.Create(name, TopicScope.Parse(scope, out _)!, until ?? now.AddDays(1), "unix:tester", now);
                return changed;
            },
            TimeProvider.System, CancellationToken.None);
        return text;
    }

    public Task RevokeAsync(string name) =>
        TokenFile.ChangeAsync(TokensFile, list => list.Revoke(name, "unix:tester", TimeProvider.System.GetUtcNow()), TimeProvider.System, CancellationToken.None);

    /// <summary>As somebody who edits the file.</summary>
    public Task NarrowAsync(string name, params string[] scope) => TokenFile.ChangeAsync(
        TokensFile, list => new TokenList([.. list.Tokens.Select(t => t.Name == name ? t with { Scope = TopicScope.Parse(scope, out _)! } : t)]), TimeProvider.System, CancellationToken.None);

    public HttpClient Client(string? token, Version? version = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } })
        {
            BaseAddress = Uri,
            DefaultRequestVersion = version ?? HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>To health.demo.cam-north.</summary>
    public void Publish(int frames, int length = 10) => TopicPublisher.Of(_server.Cluster).Publish(
        TopicNames.Health(new SiteId("demo"), new CameraId(Camera)),
        new CameraStatus(new SiteId("demo"), new CameraId(Camera), CameraState.Streaming, new string('x', length), frames, 0, 10, 0, null, 1, 0, ""));

    /// <summary>Reads lines until one is found.</summary>
    /// <param name="meanwhile">Done again with each line.</param>
    public static async Task<JsonElement> UntilAsync(StreamReader lines, Func<JsonElement, bool> found, Action? meanwhile = null)
    {
        while (true)
        {
            meanwhile?.Invoke();
            var line = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new EndOfStreamException("the stream has ended");
            using var document = JsonDocument.Parse(line);
            if (found(document.RootElement)) return document.RootElement.Clone();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _port.StopAsync(CancellationToken.None);
        await _port.DisposeAsync();
        await _server.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
    }

    /// <summary>What was audited.</summary>
    public sealed class Records : IAuditTrail
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<(RecordCommand Command, string Outcome)> _all = new();
        private readonly System.Collections.Concurrent.ConcurrentDictionary<long, RecordCommand> _begun = new();

        public IReadOnlyList<(RecordCommand Command, string Outcome)> All => [.. _all];

        public Task<long?> BeginAsync(RecordCommand command)
        {
            var number = _begun.Count + 1L;
            _begun[number] = command;
            return Task.FromResult<long?>(number);
        }

        public void End(long number, string outcome) => _all.Enqueue((_begun[number], outcome));
    }
}
