using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using TrafficFlow.Core.Segments;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Logging;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Run.Preflight;
using TrafficFlow.Node.Service;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Requests;
using TrafficFlow.Web;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run;

/// <summary>
/// Builds the process of a node. What can be wrong is looked at before anything starts: data folder, journal, models, port. The lock on
/// the data folder and the models live as long as the host.
/// </summary>
public static class NodeHost
{
    public const string SystemName = "trafficflow";

    /// <exception cref="JobFailedException">Something is not as it must be; the message says what to do.</exception>
    public static IHost Build(NodeDefinition node)
    {
        var held = new List<IDisposable>();
        try
        {
            return Build(node, held);
        }
        catch (Exception e) when (e is NodeLockedException or JournalException or Core.Detection.DetectorException)
        {
            foreach (var resource in held) resource.Dispose();
            throw new JobFailedException(e.Message, e);
        }
        catch (JobFailedException)
        {
            foreach (var resource in held) resource.Dispose();
            throw;
        }
    }

    private static IHost Build(NodeDefinition node, List<IDisposable> held)
    {
        DataFolder.Create(node.DataDirectory);
        var log = new NodeLog(node.Log);
        UnfinishedRestore.Refuse(node.DataDirectory);
        var folderProblem = DataFolder.Problem(node.DataDirectory);
        var clockProblem = ClockAtStart.Problem(node.DataDirectory, TimeProvider.System.GetUtcNow());
        held.Add(NodeLock.Take(node.DataDirectory));
        // Again: a restore may have begun since.
        UnfinishedRestore.Refuse(node.DataDirectory);
        UnfinishedMove.Refuse(node);
        DataVersion.Claim(node.DataDirectory);
        var control = ControlSocket.Bind(node.DataDirectory);
        held.Add(control);
        var monitoring = MonitoringSocket.Bind(node.Monitoring);
        if (monitoring is not null) held.Add(monitoring);
        if (node.IsServer && node.Journal is SqliteJournal file) JournalCheck.Prepare(file);
        if (node.IsRoadside) OutboxJournal.Prepare(node);
        var detectors = new VehicleDetectorFactory(node.IsRoadside ? node.Sites : []);
        held.Add(detectors);
        CheckPort(node);

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        VerbLifetime.Use(builder.Services);
        builder.Services.AddSerilog(node.LogTarget ?? log.Configure);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.AddSingleton(_ => new HeldResources(held));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.AddSingleton(services => new NodeSystems(
            node, detectors, services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<IHostApplicationLifetime>(), TimeProvider.System,
            services.GetService<ISegmentStore>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeSystems>());
        builder.Services.AddSingleton(detectors);
        builder.Services.AddSingleton(control);
        builder.Services.AddSingleton<INodeSystems>(services => services.GetRequiredService<NodeSystems>());
        builder.Services.AddSingleton(services => services.GetRequiredService<NodeSystems>().Gate);
        builder.Services.AddSingleton(services => services.GetRequiredService<NodeSystems>().Custody);
        builder.Services.AddHostedService(services => services.GetRequiredService<RequirementWatch>());
        NodeChecks.Add(builder.Services, node);
        builder.Services.AddSingleton<ControlDispatcher>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<TopicStreams>();
        builder.Services.AddSingleton(services => new RecordingDesk(services.GetRequiredService<NodeSystems>().Recordings, () => services.GetRequiredService<NodeSystems>().Sites));
        builder.Services.AddSingleton<IRecordedSegments>(services => services.GetRequiredService<RecordingDesk>());
        builder.Services.AddSingleton<IErasureDesk>(services => services.GetRequiredService<RecordingDesk>());
        builder.Services.AddSingleton<IControlRoutes>(services => new VaultRoutes(services.GetRequiredService<NodeSystems>().Vault));
        builder.Services.AddSingleton<IControlRoutes>(services => services.GetRequiredService<NodeSystems>().EndRoutes());
        builder.Services.AddHostedService<ControlHttpServer>();
        if (node.Subscriptions is { } subscriptions) AddSubscriptions(builder.Services, subscriptions);
        builder.Services.AddPages(node);
        builder.Services.AddMonitoring(
            node.Monitoring, Monitored(node), node.IsRoadside, monitoring,
            services => () => services.GetRequiredService<NodeSystems>().Custody.Last, services => () => services.GetRequiredService<NodeSystems>().Health.Last, services => () => services.GetRequiredService<NodeSystems>().Health.CollectCamerasAsync(),
            services => () => services.GetRequiredService<NodeSystems>().Vault);
#if PETABRIDGE_CMD
        builder.Services.AddHostedService<PetabridgeConsole.PetabridgeConsoleService>();
#endif
        builder.Services.AddHostedService(services => new NodeNarrator(
            node, services.GetRequiredService<NodeSystems>(), control.Path, monitoring?.Url, services.GetRequiredService<ILoggerFactory>().CreateLogger<NodeNarrator>(), TimeProvider.System)
        {
            Subscribers = services.GetService<SubscriptionServer>(),
            Pages = services.GetService<WebServer>(),
            Accounts = services.GetService<AccountStore>(),
        });
        // Last: what it says is that all of the above is up.
        builder.Services.AddSingleton(_ => ServiceManager.OfEnvironment());
        builder.Services.AddHostedService<ServiceWatchdog>();
        var host = builder.Build();
        // Made first, it is disposed of last, after the actor systems; made by nobody, it would not be disposed of at all.
        _ = host.Services.GetRequiredService<HeldResources>();
        if (folderProblem is not null) host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DataFolder").LogWarning("{Problem}", folderProblem);
        if (clockProblem is not null) host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Clock").LogWarning("{Problem}", clockProblem);
        return host;
    }

    private static MonitoredNode Monitored(NodeDefinition node)
    {
        var databases = new Dictionary<string, string>();
        if (node.IsRoadside) databases["outbox"] = node.OutboxFile;
        if (node.IsServer && node.Journal is SqliteJournal file) (databases["journal"], databases["tables"]) = (file.File, file.TablesFile);
        return new MonitoredNode(
            node.Membership.Tls is null ? Environment.MachineName : $"{node.Membership.Host}:{node.Membership.Port}", databases, node.Membership.Tls?.Certificate, node.Subscriptions?.Certificate);
    }

    private static void AddSubscriptions(IServiceCollection services, SubscriptionsSettings subscriptions)
    {
        if (SubscriptionChecks.Problem(subscriptions) is { } problem) throw new JobFailedException(problem);
        services.AddSingleton(s => new SubscriptionServer(
            subscriptions, s.GetRequiredService<INodeSystems>(), s.GetRequiredService<NodeSystems>().Audit, s.GetRequiredService<ILoggerFactory>().CreateLogger<SubscriptionServer>(), TimeProvider.System));
        services.AddHostedService(s => s.GetRequiredService<SubscriptionServer>());
    }

    private static void CheckPort(NodeDefinition node)
    {
        var membership = node.Membership;
        if (membership.Tls is null || membership.Port == 0 || !IPAddress.TryParse(membership.Host, out var address)) return;
        try
        {
            using var probe = new TcpListener(address, membership.Port) { ExclusiveAddressUse = true };
            probe.Start();
        }
        // The address may belong to a link that is down while the machine boots: cameras measure meanwhile, and it is tried again.
        catch (SocketException e) when (!node.IsRoadside || e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new JobFailedException(
                $"port {membership.Port} of {membership.Host} cannot be used ({e.Message}): does another node run here? "
                + "Stop it, or set another trafficflow.node.remoting.port",
                e);
        }
        catch (SocketException)
        {
            // The cluster system tells it, again and again.
        }
    }

    /// <summary>
    /// The command line hears the signals already and cancels what runs. With a second listener on a busy machine, the node may have ended
    /// when the command line's turn comes, and its handler aborts the process.
    /// </summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Disposed of by the host when it stops: after the actor system.</summary>
    private sealed class HeldResources(IReadOnlyList<IDisposable> resources) : IDisposable
    {
        public void Dispose()
        {
            foreach (var resource in resources.Reverse()) resource.Dispose();
        }
    }
}
