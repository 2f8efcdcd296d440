using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Monitoring;

internal static class MonitoringHosting
{
    /// <summary>Adds what `trafficflow.monitoring` asks for; nothing at all where it is off.</summary>
    /// <param name="socket">Of <see cref="MonitoringSocket.Bind(MonitoringSettings)"/>; disposed of by its owner.</param>
    /// <param name="custody">What of the sites' custody was found last.</param>
    /// <param name="last">The cameras as they were asked last.</param>
    /// <param name="collect">Asks them.</param>
    /// <param name="vault">The recordings.</param>
    public static IServiceCollection AddMonitoring(
        this IServiceCollection services, MonitoringSettings settings, MonitoredNode node, bool hasCameras, MonitoringSocket? socket, Func<IServiceProvider, Func<IReadOnlyList<CustodyFinding>>> custody,
        Func<IServiceProvider, Func<NodeSample?>> last, Func<IServiceProvider, Func<Task>> collect, Func<IServiceProvider, Func<NodeVault?>> vault)
    {
        if (settings is { Listen: null, Otlp: null }) return services;
        services.AddSingleton(s => new NodeInstruments(node, custody(s), last(s), s.GetRequiredService<INodeSystems>(), s.GetRequiredService<TimeProvider>(), vault(s)));
        services.AddSingleton(s => new TelemetryExport(settings, node.Name, s.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(s => new Begun(s.GetRequiredService<NodeInstruments>(), s.GetRequiredService<TelemetryExport>()));
        if (hasCameras) services.AddHostedService(s => new NodeSampler(last(s), collect(s), s.GetRequiredService<ILogger<NodeSampler>>(), s.GetRequiredService<TimeProvider>()));
        if (socket is null) return services;
        services.AddSingleton(s => new NodeStanding(s.GetRequiredService<INodeSystems>(), s.GetRequiredService<HealthCheckService>(), last(s), hasCameras, s.GetRequiredService<TimeProvider>()));
        services.AddHostedService(s => new MonitoringServer(
            socket, s.GetRequiredService<TelemetryExport>().Meters, s.GetRequiredService<NodeStanding>(), settings.IsOpen, s.GetRequiredService<ILogger<MonitoringServer>>()));
        return services;
    }

    /// <summary>Makes them with the host, before anything is measured; the container disposes of them.</summary>
    private sealed class Begun(NodeInstruments instruments, TelemetryExport export) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = (instruments, export);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
