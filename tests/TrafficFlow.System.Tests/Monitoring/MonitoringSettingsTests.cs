using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TrafficFlow.Node;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Telemetry;
using Xunit;

namespace TrafficFlow.SystemTests.Monitoring;

public sealed class MonitoringSettingsTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void Without_the_section_nothing_is_served_and_nothing_is_sent() => Assert.Equal(MonitoringSettings.Off, Load(null));

    [Theory]
    [InlineData("off", null, false)]
    [InlineData("\"127.0.0.1:9464\"", "127.0.0.1:9464", false)]
    [InlineData("\"localhost:0\"", "127.0.0.1:0", false)]
    [InlineData("\"[::1]:9464\"", "[::1]:9464", false)]
    [InlineData("\"0.0.0.0:9464\"", "0.0.0.0:9464", true)]
    [InlineData("\"[::]:9464\"", "[::]:9464", true)]
    [InlineData("\"192.0.2.7:80\"", "192.0.2.7:80", true)]
    public void An_address_is_read_as_it_is_written(string listen, string? address, bool isOpen)
    {
        var settings = Load($"listen = {listen}");

        Assert.Equal(address, settings.Listen?.ToString());
        Assert.Equal(isOpen, settings.IsOpen);
    }

    [Fact]
    public void A_collector_is_read_with_its_defaults()
    {
        var otlp = Load("otlp { endpoint = \"https://collector.example:4317\" }").Otlp;

        Assert.Equal(new OtlpSettings(new Uri("https://collector.example:4317"), OtlpProtocol.Grpc, TimeSpan.FromMinutes(1), 0.001), otlp);
    }

    [Theory]
    [InlineData("listen = 9464", "\"9464\" has no port; write off, or \"ADDRESS:PORT\"")]
    [InlineData("listen = \"127.0.0.1\"", "\"127.0.0.1\" has no port")]
    [InlineData("listen = \"127.0.0.1:http\"", "has no port")]
    [InlineData("listen = \"127.0.0.1:65536\"", "has no port")]
    [InlineData("listen = \"127.1:9464\"", "\"127.1\" is not an IP address")]
    [InlineData("listen = \"::1:9464\"", "\"::1\" is not an IP address")]
    [InlineData("listen = \"[127.0.0.1]:9464\"", "is not an IP address")]
    [InlineData("listen = \"metrics.example:9464\"", "\"metrics.example\" is not an IP address")]
    [InlineData("listen = on", "\"on\" has no port")]
    [InlineData("lisen = off", "monitoring.lisen: is not a known key; did you mean listen")]
    [InlineData("otlp {}", "otlp.endpoint: is missing; write \"http://HOST:PORT\"")]
    [InlineData("otlp { endpoint = \"grpc://collector:4317\" }", "grpc: is not spoken")]
    [InlineData("otlp { endpoint = \"collector:4317\" }", "is not an address")]
    [InlineData("otlp { endpoint = \"http://u:pw@collector:4317\" }", "has a user or password in it")]
    [InlineData("otlp { endpoint = \"http://collector:4318/v1/traces\" }", "leave out what follows the port")]
    [InlineData("otlp { endpoint = \"http://collector:4317\", protocol = htp }", "\"htp\" is no protocol of OTLP; did you mean http?")]
    [InlineData("otlp { endpoint = \"http://collector:4317\", interval = 10ms }", "interval: 10ms is out of range")]
    [InlineData("otlp { endpoint = \"http://collector:4317\", trace-share = 2 }", "trace-share: 2 is out of range")]
    [InlineData("otlp { endpoint = \"http://collector:4317\", traceshare = 1 }", "did you mean trace-share")]
    public void A_slip_is_told_in_one_line_with_what_to_write(string monitoring, string told)
    {
        var problem = Assert.Single(Assert.Throws<SettingsException>(() => Load(monitoring)).Problems);

        Assert.Contains(told, problem.ToString());
        Assert.DoesNotContain("pw", problem.ToString());
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_one_line_and_a_check_says_it_too()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var node = new NodeFolder(NodeFolder.Live);
        var config = node.Write("monitored.conf", $$"""
            trafficflow {
              node { roles = [roadside, server], sites = ["site.conf"], data-directory = "data" }
              monitoring { listen = "127.0.0.1:{{port}}", otlp { endpoint = "http://127.0.0.1:{{Tools.FreePort()}}" } }
            }
            """);

        var run = await TrafficflowProcess.RunAsync("run", "--config", config);
        Assert.Equal(ExitCodes.Failed, run.Code);
        Assert.Contains($"port {port} of 127.0.0.1 is taken: does another node, or another exporter, run here? Stop it, or set another port in trafficflow.monitoring.listen", run.Error);
        Assert.False(File.Exists(node.Outbox));

        var check = await TrafficflowProcess.RunAsync("run", "--check", "--config", config);
        Assert.Equal(ExitCodes.Failed, check.Code);
        Assert.Matches($"BAD +metrics +port {port} of 127.0.0.1 is taken", check.Output);
        Assert.Matches("look +collector +http://127.0.0.1:[0-9]+/ does not answer", check.Output);
    }

    [Fact]
    public void An_address_of_another_machine_is_told()
    {
        var problem = MonitoringSocket.Problem(IPEndPoint.Parse("192.0.2.7:0"));

        Assert.Contains("192.0.2.7 is no address of this machine", problem);
    }

    [Fact]
    public void IPv6_is_bound_without_taking_IPv4_along()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6 && File.ReadAllText("/proc/net/if_inet6").Length > 0, "this machine has no IPv6");
        using var socket = MonitoringSocket.Bind(new MonitoringSettings(IPEndPoint.Parse("[::1]:0"), null))!;
        socket.Bound.Listen();

        Assert.Equal($"http://[::1]:{socket.Address.Port}", socket.Url);
        using var other = new TcpClient(AddressFamily.InterNetwork);
        Assert.Throws<SocketException>(() => other.Connect(IPAddress.Loopback, socket.Address.Port));
    }

    [Theory]
    [InlineData(OtlpProtocol.Grpc, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")]
    [InlineData(OtlpProtocol.Http, "/v1/metrics")]
    public async Task A_collector_that_is_away_is_one_line_and_one_more_when_it_is_back(OtlpProtocol protocol, string path)
    {
        var port = Tools.FreePort();
        using var lines = new Lines();
        using var logs = LoggerFactory.Create(b => b.AddProvider(lines));
        using var export = new TelemetryExport(new MonitoringSettings(null, new OtlpSettings(new Uri($"http://127.0.0.1:{port}"), protocol, TimeSpan.FromHours(1), 0)), "node-7", logs);
        for (var i = 0; i < 3; i++) OpenTelemetry.Metrics.MeterProviderExtensions.ForceFlush(export.Meters);

        Assert.Equal("Warning", Assert.Single(lines.Written).Level);
        Assert.Contains($"The collector at http://127.0.0.1:{port}/ takes no metrics (Connection refused)", lines.Written[0].Text);
        await using var collector = new Collector();
        await collector.StartAsync(port, isGrpc: protocol == OtlpProtocol.Grpc);
        for (var i = 0; i < 2; i++) OpenTelemetry.Metrics.MeterProviderExtensions.ForceFlush(export.Meters);
        Assert.Equal(["Warning", "Information"], lines.Written.Select(l => l.Level));
        Assert.Contains("node-7", collector.Received(path));
    }

    [Fact]
    public async Task A_collector_that_takes_metrics_and_no_traces_is_told_once()
    {
        using var lines = new Lines();
        using var logs = LoggerFactory.Create(b => b.AddProvider(lines));
        await using var collector = new Collector { Refuses = "/v1/traces" };
        await collector.StartAsync(0);
        using var export = new TelemetryExport(new MonitoringSettings(null, new OtlpSettings(new Uri($"http://127.0.0.1:{collector.Port}"), OtlpProtocol.Http, TimeSpan.FromHours(1), 1)), "node-7", logs);
        for (var i = 0; i < 3; i++)
        {
            TrafficFlowTelemetry.Activities.StartActivity("deliver")?.Dispose();
            OpenTelemetry.Trace.TracerProviderExtensions.ForceFlush(export.Spans!);
            OpenTelemetry.Metrics.MeterProviderExtensions.ForceFlush(export.Meters);
        }

        Assert.Equal("Warning", Assert.Single(lines.Written).Level);
        Assert.Contains("takes no traces (it answers 404 Not Found)", lines.Written[0].Text);
        Assert.Contains("node-7", collector.Received("/v1/metrics"));
    }

    private MonitoringSettings Load(string? monitoring)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return NodeSettings.Load(_folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = [roadside, server], sites = ["site.conf"], data-directory = "data" }
              {{(monitoring is null ? "" : $"monitoring {{ {monitoring} }}")}}
            }
            """)).Monitoring;
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<(string Level, string Text)> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add((logLevel.ToString(), formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
