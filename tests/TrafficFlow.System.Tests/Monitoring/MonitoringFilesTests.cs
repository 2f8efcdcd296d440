using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Telemetry;
using Xunit;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>The files in deploy/monitoring against the code, and against Prometheus' own tools.</summary>
public sealed class MonitoringFilesTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, Instrument>> s_instruments = new(All);

    [Fact]
    public void The_manual_lists_every_instrument_of_the_code_and_no_other() => Assert.Equal(s_instruments.Value.Keys.Order(), Manual.Metrics.Order());

    [Fact]
    public void Every_instrument_says_what_it_is_and_is_named_as_OpenTelemetry_wants() => Assert.All(s_instruments.Value.Values, i =>
    {
        Assert.Matches("^trafficflow(\\.[a-z]+)+$", i.Name);
        Assert.True(i.Description is { Length: > 20 }, i.Name);
    });

    [Fact]
    public void Alerts_and_dashboard_ask_only_for_metrics_that_there_are()
    {
        var asked = Manual.AlertQueries.Concat(Manual.DashboardQueries().Select(q => q.Query)).SelectMany(Manual.MetricsIn).ToHashSet();

        Assert.Empty(asked.Except(s_instruments.Value.Keys));
        Assert.True(asked.Count > 25, string.Join(", ", asked));
        Assert.Equal(Manual.Alerts.Count, Manual.AlertQueries.Count);
    }

    [Fact]
    public async Task Each_alert_fires_where_it_should_and_nowhere_else()
    {
        PrometheusServer.Require();
        using var folder = new SettingsFolder();
        folder.Write("alerts.yml", Manual.AlertFile);
        var tests = await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "tests", "TrafficFlow.System.Tests", "Monitoring", "alerts.test.yml"));
        Assert.All(Manual.Alerts, a => Assert.Contains($"\"{a}\"", tests));

        await Tools.RunAsync("promtool", "check", "rules", folder.Write("alerts.yml", Manual.AlertFile));
        await Tools.RunAsync("promtool", "check", "config", Path.Combine(Manual.Folder, "prometheus.yml"));
        Assert.Contains("SUCCESS", await Tools.RunAsync("promtool", "test", "rules", folder.Write("alerts.test.yml", tests)));
    }

    [Fact]
    public void Each_alert_has_a_severity_a_summary_and_a_page_that_is_there()
    {
        var rules = Manual.AlertFile.Split("- alert: ")[1..];
        Assert.All(rules, rule =>
        {
            Assert.Matches("severity: (warning|critical)", rule);
            Assert.Contains("summary: \"", rule);
            Assert.Contains("description: \"", rule);
            var page = rule.Split("runbook: ")[1].Split('\n')[0].Split('#');
            var text = File.ReadAllText(Path.Combine(SharedFiles.Repository, page[0]));
            if (page.Length > 1) Assert.Contains(text.Split('\n'), l => l.StartsWith('#') && l.TrimStart('#', ' ').ToLowerInvariant().Replace(' ', '-') == page[1]);
        });
    }

    /// <summary>By their names at Prometheus.</summary>
    private static Dictionary<string, Instrument> All()
    {
        var all = new Dictionary<string, Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (i, _) => Add(all, i) };
        listener.Start();
        foreach (var type in new[] { "TrafficFlow.Wire", "TrafficFlow.Roadside", "TrafficFlow.Server", "TrafficFlow.Web" }.SelectMany(a => Assembly.Load(a).GetTypes()).Where(HasInstruments))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        using var node = new NodeInstruments(new MonitoredNode("x", new Dictionary<string, string>(), "node.crt", "subscribers.crt"), () => [], () => null, new NoSystems(), TimeProvider.System);
        return all;
    }

    private static bool HasInstruments(Type type) => !type.ContainsGenericParameters
        && type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public).Any(f => typeof(Instrument).IsAssignableFrom(f.FieldType) || (f.FieldType.IsGenericType && f.FieldType.GetGenericTypeDefinition() == typeof(LiveGauge<,>)));

    private static void Add(Dictionary<string, Instrument> all, Instrument instrument)
    {
        if (instrument.Meter.Name != TrafficFlowTelemetry.Name) return;
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "{frame}/s" => "_per_second", _ => "" };
        var kind = instrument.GetType().Name;
        all[kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? $"{name}_total" : name] = instrument;
    }

    private sealed class NoSystems : INodeSystems
    {
        public ActorSystem? Roadside => null;

        public ActorSystem? Cluster => null;

        public IReadOnlyList<EffectiveSetting> Settings => [];

        public IReadOnlyList<Site> Sites => [];

        public Task<OperatorReply> ReloadSitesAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
