using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.SystemTests.Watch;

/// <summary>A server's cluster system in the test's process, with the control socket of a node in its folder.</summary>
internal sealed class WatchedServer : INodeSystems, IAsyncDisposable
{
    private readonly HostedActorSystem _system;
    private readonly ControlSocket _socket;
    private readonly ServiceProvider _checks = new ServiceCollection().AddLogging().AddHealthChecks().Services.BuildServiceProvider();
    private readonly ControlHttpServer _http;

    private WatchedServer(HostedActorSystem system, string folder, Site site)
    {
        Sites = [site];
        var gate = new CommandGate(AllowAllUntilThereAreAccounts.Instance, new AuditTrail(() => null), NullLogger<CommandGate>.Instance);
        _system = system;
        _socket = ControlSocket.Bind(folder);
        _http = new ControlHttpServer(
            _socket, new ControlDispatcher(this, gate), new TopicStreams(this, gate, TimeProvider.System), _checks.GetRequiredService<HealthCheckService>(), NullLogger<ControlHttpServer>.Instance);
    }

    public ActorSystem? Roadside => null;

    public ActorSystem Cluster => _system.System;

    public ActorRegistry Registry => _system.Registry;

    public string Socket => _socket.Path;

    public IReadOnlyList<EffectiveSetting> Settings => [];

    public IReadOnlyList<Site> Sites { get; }

    public static async Task<WatchedServer> StartAsync(string folder, Site site)
    {
        var journal = new SqliteJournal(Path.Combine(folder, "journal.db"));
        var system = await HostedActorSystem.StartAsync("trafficflow", NullLoggerFactory.Instance, akka => akka
            .AddHocon("akka { loglevel = WARNING, stdout-loglevel = ERROR }", HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server), journal)
            .WithTrafficFlowJournal(journal)
            .WithFlowTables(journal)
            .WithApproachAggregators(site));
        await UpAsync(system.System);
        var server = new WatchedServer(system, folder, site);
        await server._http.StartAsync(CancellationToken.None);
        return server;
    }

    public Task<OperatorReply> ReloadSitesAsync(CancellationToken cancellation) => throw new NotSupportedException("no test reloads sites here");

    /// <summary>Its own view says that it is up: before, whoever asks for counts is told to come again.</summary>
    private static async Task UpAsync(ActorSystem system)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!Akka.Cluster.Cluster.Get(system).State.Members.Any(m => m.Status == Akka.Cluster.MemberStatus.Up)) await pace.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>As a node that stops: its socket first.</summary>
    public Task StopSocketAsync() => _http.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopSocketAsync();
        await _http.DisposeAsync();
        await _system.DisposeAsync();
        await _checks.DisposeAsync();
        _socket.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }
}
