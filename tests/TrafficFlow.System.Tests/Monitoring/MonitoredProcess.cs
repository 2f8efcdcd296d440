using System.Globalization;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>One node for all tests of a class, with metrics, health and a collector: a synthetic camera, which is to be recorded and has no vault for it, and four replay cameras that bring a minute of traffic each second.</summary>
public sealed class MonitoredProcess : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly NodeFolder _folder = new(NodeFolder.Live.Replace("detector = motion", "detector = motion, recording { record = on }", StringComparison.Ordinal));
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private TrafficflowProcess? _process;

    internal Collector Collector { get; } = new();

    internal TrafficflowProcess Process => _process!;

    public int Port { get; } = Tools.FreePort();

    public string Folder => _folder.Path;

    public string Data => _folder.Data;

    public async ValueTask InitializeAsync()
    {
        await Collector.StartAsync(0);
        var replay = await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "hocon", "sites", "replay.conf"));
        _folder.Write("replay.conf", replay.Replace("&speed=10", "&speed=60", StringComparison.Ordinal));
        var config = _folder.Write("monitored.conf", string.Create(CultureInfo.InvariantCulture, $$"""
            trafficflow {
              node { roles = [roadside, server], sites = ["site.conf", "replay.conf"], data-directory = "data" }
              actors.camera.coverage-interval = 1s
              monitoring {
                listen = "127.0.0.1:{{Port}}"
                otlp { endpoint = "http://127.0.0.1:{{Collector.Port}}", protocol = http, interval = 1s, trace-share = 1 }
              }
            }
            """));
        _process = TrafficflowProcess.Start("run", "--config", config);
        await Process.SayAsync($"Metrics: http://127.0.0.1:{Port}/metrics; health: http://127.0.0.1:{Port}/healthz, /readyz", Patience);
        await UntilAsync(e => e.Sum("trafficflow_bin_closed_total") > 0 && e.Sum("trafficflow_table_write_duration_seconds_count") > 0, "bins closed and were written");
    }

    internal async Task<Exposition> ScrapeAsync() => Exposition.Parse(await _client.GetStringAsync(new Uri($"http://127.0.0.1:{Port}/metrics")));

    internal async Task<(int Status, string Body)> GetAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"http://127.0.0.1:{Port}{path}"));
        using var answer = await _client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    internal async Task<Exposition> UntilAsync(Func<Exposition, bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (true)
        {
            Assert.True(Process.IsRunning, Process.Error);
            try
            {
                var now = await ScrapeAsync();
                if (holds(now)) return now;
            }
            catch (HttpRequestException)
            {
                // Others hold all connections; they let go.
            }

            Assert.True(await pace.WaitForNextTickAsync(CancellationToken.None) && !patience.IsCancellationRequested, $"it was not seen that {what}\n{Process.Error}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        await Collector.DisposeAsync();
        _client.Dispose();
        _folder.Dispose();
    }
}
