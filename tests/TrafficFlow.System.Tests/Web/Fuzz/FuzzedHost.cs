using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Topics;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.SystemTests.Web.Fuzz;

/// <summary>A web host with a file of accounts and empty tables, and somebody of each role who is signed in and has a token.</summary>
internal sealed class FuzzedHost : IAsyncDisposable
{
    private const string Password = "three grey herons on a roof";

    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-fuzz-").FullName;
    private readonly WebServer _server;
    private readonly Sessions _sessions;

    private FuzzedHost()
    {
        var store = AccountStore.Open(_folder, TimeProvider.System);
        _sessions = new Sessions(store, SessionLimits.Default);
        Store = store;
        Journal = new SqliteJournal(Path.Combine(_folder, "journal.db"));
        var ports = new WebPorts(
            () => [SyntheticJunction.Site], () => ReadTables.Flows(Journal), () => ReadTables.Journeys(Journal), new NoTopics(), () => null, TimeProvider.System);
        _server = new WebServer(
            new WebSettings(new IPEndPoint(IPAddress.Loopback, 0)), ports,
            new AccountCallers(store, _sessions, new Login(store, _sessions), new ApiTokens(store), _ => Task.CompletedTask), NullLoggerFactory.Instance);
    }

    public Uri Address => _server.Address!;

    /// <summary>Headers of somebody who is let in: cookies of a session of each role, and tokens.</summary>
    public List<(string Name, string Value)> Good { get; } = [];

    private AccountStore Store { get; }

    private SqliteJournal Journal { get; }

    public static async Task<FuzzedHost> StartAsync()
    {
        var host = new FuzzedHost();
        await new FlowTables(host.Journal).MigrateAsync(default);
        await host._server.StartAsync(CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = host.Address };
        foreach (var role in Enum.GetValues<Role>())
        {
            var name = RoleNames.Of(role);
            await host.Store.AcceptAsync((await host.Store.CreateAsync(name, [role], "test")).Text, Password);
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", name), KeyValuePair.Create("password", Password)]);
            using var answer = await client.PostAsync("/sign-in", form);
            var cookie = answer.Headers.GetValues("Set-Cookie").First(c => c.StartsWith("trafficflow-session", StringComparison.Ordinal));
            host.Good.Add(("Cookie", cookie[..cookie.IndexOf(';')]));
            var until = TimeProvider.System.GetUtcNow().AddDays(1);
            host.Good.Add(("Authorization", $"Bearer {await new ApiTokens(host.Store).CreateAsync($"of-{name}", name, ApiScope.Parse(["*"], ["read", "export"]), [role], until, "test")}"));
        }

        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _sessions.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class NoTopics : ITopicSource
    {
        public Task<bool> RunAsync(IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end) => Task.FromResult(false);

        public Task<TopicStand?> StandAsync(string topic, TopicPlace place, CancellationToken end) => Task.FromResult<TopicStand?>(null);
    }
}
