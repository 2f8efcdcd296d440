using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Benchmarks;

/// <summary>A node wired as the product wires it, inside this process, on a journal of the benchmark's.</summary>
internal sealed class InProcessNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _hosted;

    private InProcessNode(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public ActorSystem System => _services.GetRequiredService<ActorSystem>();

    public ActorRegistry Registry => ActorRegistry.For(System);

    public static async Task<InProcessNode> StartAsync(string journal, Action<AkkaConfigurationBuilder> wire, params IReadOnlyList<string> roles)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IHostApplicationLifetime, Lifetime>();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddAkka("trafficflow", (builder, _) =>
        {
            builder.WithTrafficFlowSerialization();
            builder.AddHocon(
                "akka { loglevel = WARNING, stdout-loglevel = ERROR, coordinated-shutdown.run-by-actor-system-terminate = off }", HoconAddMode.Prepend);
            builder.WithTrafficFlowCluster(ClusterMembership.Alone(roles));
            builder.WithTrafficFlowJournal(new SqliteJournal(journal)).WithFlowTables(new SqliteJournal(journal));
            wire(builder);
        });
        var node = new InProcessNode(services.BuildServiceProvider());
        foreach (var hosted in node._hosted) await hosted.StartAsync(CancellationToken.None);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _hosted) await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
