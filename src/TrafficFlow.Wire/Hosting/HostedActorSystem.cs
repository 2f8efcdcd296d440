using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TrafficFlow.Wire.Hosting;

/// <summary>
/// An actor system with a life of its own: a process may hold several, and start one anew, without its host noticing. Wired with the same
/// builder methods as everywhere.
/// </summary>
public sealed class HostedActorSystem : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly IReadOnlyList<IHostedService> _hosted;
    private bool _stopped;

    private HostedActorSystem(ServiceProvider services)
    {
        _services = services;
        _hosted = [.. services.GetServices<IHostedService>()];
    }

    public ActorSystem System => _services.GetRequiredService<ActorSystem>();

    public ActorRegistry Registry => ActorRegistry.For(System);

    /// <summary>Done when the system is no more: it was stopped, or it was removed from its cluster.</summary>
    public Task WhenTerminated => System.WhenTerminated;

    /// <exception cref="InvalidOperationException">It could not be started; the message says why.</exception>
    public static async Task<HostedActorSystem> StartAsync(
        string name, ILoggerFactory logs, Action<AkkaConfigurationBuilder> wire, CancellationToken cancellation = default)
    {
        var lifetime = new Lifetime();
        var services = new ServiceCollection();
        services.AddSingleton<IHostApplicationLifetime>(lifetime);
        services.AddSingleton(logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddAkka(name, (builder, _) =>
        {
            builder.ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLogger<ActorLog>();
            });
            builder.AddSetup(new ActorLogSetup(logs));
            wire(builder);
            // Node shuts the systems down one after the other. With Akka's own hook all would begin at SIGTERM at once, and the uplink could be
            // gone before the cameras have delivered. Terminate() must not run the coordinated shutdown: a node that its cluster has removed
            // uses it to restart, and would wait for members that no longer know it.
            builder.AddHocon(
                "akka.coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off }", HoconAddMode.Prepend);
        });
        var system = new HostedActorSystem(services.BuildServiceProvider());
        try
        {
            foreach (var hosted in system._hosted) await hosted.StartAsync(cancellation).ConfigureAwait(false);
            // The library logs a failed start and asks its host to stop; here that is nobody else's business.
            if (lifetime.AskedToStop) throw new InvalidOperationException($"the actor system {name} did not start; its log says why");
            return system;
        }
        catch
        {
            await system._services.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Coordinated shutdown: leaves the cluster, runs the shutdown tasks, terminates.</summary>
    public async Task StopAsync()
    {
        if (_stopped) return;
        _stopped = true;
        foreach (var hosted in _hosted) await hosted.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public bool AskedToStop { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;
        public CancellationToken ApplicationStopping => CancellationToken.None;
        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => AskedToStop = true;
    }
}
