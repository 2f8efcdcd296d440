using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TrafficFlow.SystemTests.Processes;
using Xunit;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>What a running node tells those that watch it.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class MonitoringTests(MonitoredProcess node) : IClassFixture<MonitoredProcess>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] s_sites = ["live", "replay"];
    private static readonly string[] s_cameras = ["cam1", "cam-north", "cam-east", "cam-south", "cam-west"];

    /// <summary>Every label there is, with all its values, or null where the machine gives them: bounded by nodes, disks and versions.</summary>
    private static readonly Dictionary<string, string[]?> s_labels = new()
    {
        ["trafficflow_site"] = s_sites,
        ["trafficflow_camera"] = s_cameras,
        ["trafficflow_approach"] = ["north", "east", "south", "west", "_gates", "_journeys"],
        ["trafficflow_camera_state"] = ["connecting", "streaming", "backing-off", "finished", "failed"],
        ["trafficflow_bin_quality"] = ["complete", "partial", "blind", "degraded"],
        ["trafficflow_journal"] = ["outbox", "journal", "tables"],
        ["trafficflow_member_state"] = ["up", "joining", "weaklyup", "leaving", "exiting", "down", "removed", "unreachable"],
        ["trafficflow_node"] = ["127.0.0.1:4053"],
        ["trafficflow_vault_item"] = ["copy", "bundle", "hold", "key"],
        ["trafficflow_vault_standing"] = ["soon", "overdue"],
        ["trafficflow_vault_way"] = ["credential", "passphrase", "shares"],
        ["trafficflow_actor"] = ["reader", "detector", "tracker", "outbox", "cluster"],
        ["system_filesystem_mountpoint"] = null,
        ["trafficflow_version"] = null,
        ["trafficflow_commit"] = null,
        ["error_type"] = null,
        ["le"] = null,
    };

    [Fact]
    public async Task Labels_take_few_values_that_settings_name_and_never_one_of_a_vehicle_a_track_or_a_user()
    {
        var own = (await node.ScrapeAsync()).Series.Where(s => s.Name.StartsWith("trafficflow_", StringComparison.Ordinal)).ToList();

        Assert.Empty(own.SelectMany(s => s.Labels.Keys).Distinct().Except(s_labels.Keys));
        Assert.All(own.SelectMany(s => s.Labels), l => Assert.True(s_labels[l.Key] is not { } known || known.Contains(l.Value), $"{l.Key} = {l.Value}"));
        // As deploy/MONITORING.md says: 24 for a camera and 30 for an approach, of them at most 22 a histogram, and some 30 for a node.
        Assert.InRange(own.Count, 50, (30 * s_cameras.Length) + (45 * 12) + 60);
    }

    [Fact]
    public async Task What_grows_with_the_traffic_are_values_and_not_series()
    {
        var before = await node.ScrapeAsync();
        var after = await node.UntilAsync(e => e.Sum("trafficflow_approach_vehicle_counted_total") > before.Sum("trafficflow_approach_vehicle_counted_total") + 100, "100 vehicles more were counted");

        var vehicles = after.Series.Where(s => s.Name == "trafficflow_approach_vehicle_counted_total").ToList();
        Assert.InRange(vehicles.Count, 4, 2 * 6);
        // As the answer of `ctl`: what was counted is what is told.
        Assert.Equal(["north", "east", "south", "west"], vehicles.Where(v => v.Labels["trafficflow_site"] == "replay" && v.Labels["trafficflow_approach"] != "_gates").Select(v => v.Labels["trafficflow_approach"])
            .OrderBy(a => Array.IndexOf(["north", "east", "south", "west"], a)));
    }

    [Fact]
    public async Task What_is_served_stands_in_the_manual()
    {
        var told = (await node.ScrapeAsync()).Families.Where(f => f.StartsWith("trafficflow_", StringComparison.Ordinal)).ToHashSet();

        Assert.Empty(told.Except(Manual.Metrics));
        Assert.True(told.Count > 20, string.Join(", ", told));
    }

    [Fact]
    public async Task A_camera_that_should_be_recorded_and_has_no_vault_counts_and_says_so()
    {
        var told = await node.UntilAsync(
            e => e.Sum("trafficflow_recorder_troubled") == 1 && e.Sum("trafficflow_recorder_frame_lost_total") > 20 && e.Sum("trafficflow_recorder_segment_stored_total") == 0, "nothing is recorded");
        Assert.Equal("cam1", Assert.Single(told.Series, s => s.Name == "trafficflow_recorder_troubled").Labels["trafficflow_camera"]);
        await node.UntilAsync(e => e.Series.Any(s => s.Name == "trafficflow_camera_state" && s.Labels is { } l && l["trafficflow_camera"] == "cam1" && l["trafficflow_camera_state"] == "streaming" && s.Value == 1), "the camera streams");

        var list = await TrafficflowProcess.RunAsync("ctl", "--data", node.Data, "camera", "list");
        Assert.Contains("troubled", list.Output.Split('\n').Single(l => l.Contains("cam1", StringComparison.Ordinal)));
        var shown = await TrafficflowProcess.RunAsync("ctl", "--data", node.Data, "camera", "show", "cam1", "--json");
        Assert.Contains("troubled: the vault has no key yet: trafficflow vault init makes one", shown.Output);
    }

    [Fact]
    public async Task A_probe_tells_that_it_is_alive_and_ready_and_by_which_checks()
    {
        var alive = await node.GetAsync("/healthz");
        Assert.Equal((200, """{"alive":true,"silent":[]}"""), alive);

        await node.UntilAsync(e => e.Series.Any(s => s.Name == "trafficflow_camera_state" && s.Labels is { } l && l["trafficflow_camera"] == "cam1" && l["trafficflow_camera_state"] == "streaming" && s.Value == 1), "the camera streams");
        var ready = await node.GetAsync("/readyz");
        Assert.True(ready.Status == 200, ready.Body);
        var body = JsonDocument.Parse(ready.Body).RootElement;
        Assert.Equal(["cameras", "cluster", "journal", "outbox-journal", "tables"], body.GetProperty("checks").EnumerateObject().Select(c => c.Name).Order());
        Assert.All(body.GetProperty("checks").EnumerateObject(), c => Assert.True(c.Value.GetProperty("ok").GetBoolean()));
    }

    [Theory]
    [InlineData("GET", "/", 404, "Here are /metrics, /healthz and /readyz")]
    [InlineData("GET", "/metrics/x", 404, "Here are /metrics")]
    [InlineData("POST", "/metrics", 405, "use GET")]
    [InlineData("DELETE", "/healthz", 405, "use GET")]
    public async Task What_is_not_there_is_answered_with_what_is(string method, string path, int status, string told)
    {
        var answer = await node.GetAsync(path, new HttpMethod(method));

        Assert.Equal(status, answer.Status);
        Assert.Contains(told, answer.Body);
    }

    [Theory]
    [InlineData("GET /metrics HTTP/1.0\r\n\r\n", "200 OK", "trafficflow_build_info")]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n", "200 OK", "\"alive\":true")]
    [InlineData("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "200 OK", "Content-Length")]
    [InlineData("These are the minutes of a meeting.\r\n\r\n", "400 Bad Request", "")]
    public async Task Old_clients_and_such_as_speak_no_HTTP_get_an_answer(string request, string status, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", node.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync();

        Assert.Contains(status, answer.Split('\n')[0]);
        Assert.Contains(body, answer);
    }

    [Fact]
    public async Task A_thousand_clients_that_say_nothing_keep_no_vehicle_from_being_counted()
    {
        var before = await node.ScrapeAsync();
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                var client = new TcpClient();
                silent.Add(client);
                await client.ConnectAsync("127.0.0.1", node.Port);
            }

            // The control socket is another server: it tells that the node counts on meanwhile.
            var shown = await TrafficflowProcess.RunAsync("ctl", "--data", node.Data, "camera", "list");
            Assert.Equal(0, shown.Code);
        }
        finally
        {
            foreach (var client in silent) client.Dispose();
        }

        await node.UntilAsync(e => e.Sum("trafficflow_approach_vehicle_counted_total") > before.Sum("trafficflow_approach_vehicle_counted_total"), "it counts on, and tells it");
        Assert.True(node.Process.IsRunning);
    }

    [Fact]
    public async Task A_collector_gets_metrics_and_the_spans_of_a_crossing()
    {
        await node.Process.UntilAsync(() => Spans().All(node.Collector.Received("/v1/traces").Contains) && node.Collector.Received("/v1/metrics").Contains("trafficflow.bin.closed", StringComparison.Ordinal), Patience, "the collector got traces and metrics");

        Assert.Contains("service.name", node.Collector.Received("/v1/traces"));
        Assert.Contains("trafficflow.outbox.delivery.duration", node.Collector.Received("/v1/metrics"));
        // Of a replay camera, which has no frames.
        static string[] Spans() => ["outbox store", "deliver", "aggregate", "table write"];
    }

    [Fact]
    public async Task Prometheus_loads_the_shipped_files_and_every_query_of_dashboard_and_alerts_can_be_asked()
    {
        await using var prometheus = await PrometheusServer.StartAsync(node);
        await prometheus.UntilAsync("up{job=\"trafficflow\"} == 1", Patience);
        await prometheus.UntilAsync("sum(rate(trafficflow_approach_vehicle_counted_total[1m])) > 0", Patience);

        var rules = await prometheus.RulesAsync();
        Assert.Equal(Manual.Alerts.Order(), rules.Select(r => r.Name).Order());
        Assert.All(rules, r => Assert.True(r.Health is "ok" or "unknown", $"{r.Name}: {r.Health}"));
        var queries = Manual.DashboardQueries();
        Assert.True(queries.Count > 30);
        var empty = new List<string>();
        foreach (var (panel, query) in queries)
            if ((await prometheus.QueryAsync(query.Replace("[5m]", "[1m]", StringComparison.Ordinal).Replace("[2m]", "[1m]", StringComparison.Ordinal))).Count == 0) empty.Add(panel);
        // A node that is well, has no peers, no junction and no live camera that is too slow has nothing to say to these.
        Assert.Empty(empty.Distinct().Except(["First certificate to expire", "Frames dropped", "Journeys per minute", "Revised bins, late and held entries", "Restarts and refusals", "Batches per second", "Event time behind now", "Bins not complete, last hour", "Detector: time of one look"]));
    }
}
