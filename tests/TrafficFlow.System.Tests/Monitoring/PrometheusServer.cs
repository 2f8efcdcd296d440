using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>Debian's Prometheus with the shipped files; its target is a test's node, and it asks each second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly string _address;

    private PrometheusServer(Process process, string address) => (_process, _address) = (process, address);

    public static bool IsInstalled => File.Exists("/usr/bin/prometheus") && File.Exists("/usr/bin/promtool");

    /// <summary>Skips the test where there is none.</summary>
    public static void Require() => Assert.SkipUnless(IsInstalled, "needs Debian's package prometheus: deploy/prepare.sh installs it");

    public static async Task<PrometheusServer> StartAsync(MonitoredProcess node)
    {
        Require();
        var folder = Directory.CreateDirectory(Path.Combine(node.Folder, "prometheus")).FullName;
        var config = await File.ReadAllTextAsync(Path.Combine(Manual.Folder, "prometheus.yml"));
        Assert.Contains("127.0.0.1:9464", config);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "prometheus.yml"),
            config.Replace("127.0.0.1:9464", $"127.0.0.1:{node.Port}", StringComparison.Ordinal).Replace("interval: 15s", "interval: 1s", StringComparison.Ordinal));
        File.Copy(Path.Combine(Manual.Folder, "alerts.yml"), Path.Combine(folder, "alerts.yml"), overwrite: true);
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Tools.FreePort()}");
        var process = Process.Start(new ProcessStartInfo("/usr/bin/prometheus",
            [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/data", $"--web.listen-address={address}", "--log.level=error"]))!;
        return new PrometheusServer(process, $"http://{address}");
    }

    /// <summary>Waits until a query has an answer.</summary>
    public async Task UntilAsync(string query, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (await pace.WaitForNextTickAsync())
        {
            Assert.False(_process.HasExited, "prometheus has ended: see its lines above");
            Assert.True(clock.Elapsed < patience, $"prometheus found nothing for {query}");
            try
            {
                if ((await QueryAsync(query)).Count > 0) return;
            }
            catch (HttpRequestException)
            {
                // It is not up yet.
            }
        }
    }

    public async Task<IReadOnlyList<double>> QueryAsync(string query)
    {
        using var answer = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
            .Select(r => double.Parse(r.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))];
    }

    public async Task<IReadOnlyList<(string Name, string Health)>> RulesAsync()
    {
        using var answer = await AskAsync("/api/v1/rules");
        return [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray())
            .Select(r => (r.GetProperty("name").GetString()!, r.GetProperty("health").GetString()!))];
    }

    private async Task<JsonDocument> AskAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(_address + path));
        var body = await answer.Content.ReadAsStringAsync();
        // Before it is up it answers 503; a query that is none gets 400.
        if ((int)answer.StatusCode == 503) throw new HttpRequestException("not ready");
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {body}");
        return JsonDocument.Parse(body);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
    }
}
