using System.Globalization;
using System.Net;
using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Trace;
using TrafficFlow.Benchmarks.Delivery;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Benchmarks.Metrics;

/// <summary>What watches a node, as `run` wires it, with somebody who asks for the metrics each five seconds. While it lives, monitoring is on.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private static readonly TimeSpan ScrapeEach = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ended = new();
    private readonly MonitoringSocket _socket;
    private readonly NodeInstruments _instruments;
    private readonly TelemetryExport _export;
    private readonly MonitoringServer _server;
    private readonly ServiceProvider _services;
    private readonly TracerProvider? _traces;
    private Task _scraping = Task.CompletedTask;

    private Watchers(DeliveryNode node, CountedRows rows, bool hasTraces)
    {
        var settings = new MonitoringSettings(new IPEndPoint(IPAddress.Loopback, 0), null);
        var reports = rows.Site.Cameras.Select(c => new CameraReport(
            new CameraStatus(rows.Site.Id, c.Id, CameraState.Streaming, "", 1, 0, 10, 0, null, 1, 0, ""), "vehicles", WatchState.Watching, new OutboxReport(0, 0))).ToList();
        var sample = () => (NodeSample?)NodeSample.Take(null, reports, TimeProvider.System.GetTimestamp());
        var systems = new Systems(node);
        _socket = MonitoringSocket.Bind(settings)!;
        _instruments = new NodeInstruments(new MonitoredNode("benchmark", new Dictionary<string, string>(), null), () => [], sample, systems, TimeProvider.System);
        _export = new TelemetryExport(settings, "benchmark", NullLoggerFactory.Instance);
        if (hasTraces) _traces = Sdk.CreateTracerProviderBuilder().AddSource(TrafficFlowTelemetry.Name).SetSampler(new TraceIdRatioBasedSampler(0.001)).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks();
        _services = services.BuildServiceProvider();
        _server = new MonitoringServer(
            _socket, _export.Meters, new NodeStanding(systems, _services.GetRequiredService<HealthCheckService>(), sample, hasCameras: true, TimeProvider.System), isOpen: false, NullLogger<MonitoringServer>.Instance);
    }

    /// <summary>Lines of the last answer.</summary>
    public int Lines { get; private set; }

    public static async Task<Watchers> StartAsync(DeliveryNode node, CountedRows rows, bool hasTraces)
    {
        var watchers = new Watchers(node, rows, hasTraces);
        await watchers._server.StartAsync(CancellationToken.None);
        watchers._scraping = watchers.ScrapeAsync();
        return watchers;
    }

    /// <returns>Milliseconds of processor time for one answer, that of the asker included.</returns>
    public async Task<double> ScrapeCostAsync(int times, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var address = new Uri($"{_socket.Url}/metrics");
        var asked = TimeSpan.Zero;
        for (var i = 0; i < times; i++)
        {
            // An answer is kept for 0.3 s for others that ask; what the idle node needs meanwhile is not measured.
            await Task.Delay(350, cancellation);
            var used = Environment.CpuUsage.TotalTime;
            await client.GetStringAsync(address, cancellation);
            asked += Environment.CpuUsage.TotalTime - used;
        }

        return asked.TotalMilliseconds / times;
    }

    private async Task ScrapeAsync()
    {
        using var client = new HttpClient();
        using var pace = new PeriodicTimer(ScrapeEach);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{_socket.Url}/metrics"));
        try
        {
            do Lines = (await client.GetStringAsync(address, _ended.Token)).AsSpan().Count('\n');
            while (await pace.WaitForNextTickAsync(_ended.Token));
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _scraping;
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
        _traces?.Dispose();
        _export.Dispose();
        _instruments.Dispose();
        _socket.Dispose();
        await _services.DisposeAsync();
        _ended.Dispose();
    }

    private sealed class Systems(DeliveryNode node) : INodeSystems
    {
        public ActorSystem? Roadside => node.Roadside.System;

        public ActorSystem? Cluster => node.Cluster.System;

        public IReadOnlyList<EffectiveSetting> Settings => [];

        public IReadOnlyList<Site> Sites => [];

        public Task<OperatorReply> ReloadSitesAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
