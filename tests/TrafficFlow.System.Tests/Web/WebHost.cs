using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Topics;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.SystemTests.Web;

/// <summary>A web host on a free port of the loopback, without a node: its tables are not there, and its topics neither. Who asks is told by a header.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly HttpClient _client;

    private WebHost(WebServer server)
    {
        Server = server;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
    }

    public WebServer Server { get; }

    /// <summary>Of a node without topics and health, and without tables unless they are given.</summary>
    public static WebPorts Ports(IReadOnlyList<Site>? sites = null, JournalSettings? tables = null)
    {
        tables ??= new SqliteJournal(Path.Combine(Path.GetTempPath(), "trafficflow-no-such-journal.db"));
        return new WebPorts(() => sites ?? [SyntheticJunction.Site], () => ReadTables.Flows(tables), () => ReadTables.Journeys(tables), new NoTopics(), () => null, TimeProvider.System);
    }

    /// <param name="topics">With <paramref name="tables"/>, of a server that runs beside it.</param>
    public static async Task<WebHost> StartAsync(
        ICallers? callers = null, IReadOnlyList<Site>? sites = null, WebPorts? ports = null, Func<WebSettings, WebSettings>? settings = null, Func<WebPorts, WebPorts>? with = null,
        ITopicSource? topics = null, SqliteJournal? tables = null, StreamLimits? streams = null, int port = 0)
    {
        var usual = new WebSettings(new IPEndPoint(IPAddress.Loopback, port)) { Streams = streams ?? StreamLimits.Default };
        ports ??= Ports(sites, tables);
        if (topics is not null) ports = ports with { Topics = topics };
        var server = new WebServer(settings?.Invoke(usual) ?? usual, with?.Invoke(ports) ?? ports, callers ?? new Named(), NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        return new WebHost(server);
    }

    /// <param name="role">Null for nobody.</param>
    public async Task<HttpResponseMessage> SendAsync(string method, string path, Role? role, string? cookie = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (role is { } r) request.Headers.Add(Named.Header, r.ToString());
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await _client.SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.StopAsync(CancellationToken.None);
        await Server.DisposeAsync();
    }

    /// <summary>Names the role of whoever asks.</summary>
    public const string RoleHeader = "X-Test-Role";

    private sealed class Named : ICallers
    {
        public const string Header = RoleHeader;

        public string SignInPath => "/sign-in";

        public ValueTask<Caller?> FindAsync(HttpContext context) => ValueTask.FromResult(
            context.Request.Headers[Header] is [{ } role] ? new Caller("anna", new HashSet<Role> { Enum.Parse<Role>(role) }, "test") : null);
    }

    private sealed class NoTopics : ITopicSource
    {
        public Task<bool> RunAsync(IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end) => Task.FromResult(false);

        public Task<TopicStand?> StandAsync(string topic, TopicPlace place, CancellationToken end) => Task.FromResult<TopicStand?>(null);
    }
}
