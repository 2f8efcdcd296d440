using System.Text.Json;
using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using TrafficFlow.Node.Logging;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Hosting;
using Xunit;

namespace TrafficFlow.SystemTests.Logging;

public sealed class NodeLogTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    private string LogFile => Path.Combine(_folder.Path, "log", "node.log");

    [Fact]
    public async Task What_actors_log_has_each_value_at_its_name_in_json_and_in_words()
    {
        foreach (var format in new[] { LogFormat.Json, LogFormat.Text })
        {
            var file = Path.Combine(_folder.Path, $"{format}.log");
            await LogAsync(LogSettings.Default with { Format = format, File = new LogFile(file, 1_000_000, 2) }, log =>
            {
                log.Warning("Camera {Camera}: {Reason}; next attempt in {Wait:0.0} s", "cam1", "it is \u001b[31msilent\u001b[0m {sic}", 1.25);
                log.Warning("{1} is known by {0}, {1}", "first", "second");
                log.Warning("a text with {braces} of its own");
            });

            var lines = (await File.ReadAllLinesAsync(file))[..^1];
            Assert.Equal(3, lines.Length);
            if (format == LogFormat.Text)
            {
                Assert.EndsWith(@"WRN Camera cam1: it is \u001b[31msilent\u001b[0m {sic}; next attempt in 1.3 s", lines[0]);
                Assert.EndsWith("WRN second is known by first, second", lines[1]);
                Assert.EndsWith("WRN a text with {braces} of its own", lines[2]);
                continue;
            }

            var told = lines.Select(l => JsonDocument.Parse(l).RootElement).ToList();
            Assert.Equal("cam1", told[0].GetProperty("values").GetProperty("Camera").GetString());
            Assert.Equal(1.25, told[0].GetProperty("values").GetProperty("Wait").GetDouble());
            Assert.StartsWith("Camera cam1: it is ", told[0].GetProperty("message").GetString());
            Assert.Equal("second is known by first, second", told[1].GetProperty("message").GetString());
            Assert.Equal("first", told[1].GetProperty("values").GetProperty("0").GetString());
            Assert.Equal("a text with {braces} of its own", told[2].GetProperty("message").GetString());
            Assert.All(told, t => Assert.Equal(("warning", typeof(NodeLogTests).FullName), (t.GetProperty("level").GetString(), t.GetProperty("source").GetString())));
        }
    }

    [Fact]
    public async Task Files_are_private_and_bounded_in_size_and_number()
    {
        await LogAsync(LogSettings.Default with { File = new LogFile(LogFile, 4_000, 3) }, log =>
        {
            for (var i = 0; i < 400; i++) log.Warning("Line {Number}: {Text}", i, new string('x', 100));
        });

        var files = Directory.GetFiles(Path.GetDirectoryName(LogFile)!);
        Assert.Equal(3, files.Length);
        Assert.All(files, f => Assert.InRange(new FileInfo(f).Length, 1, 4_400));
    }

    [Fact]
    public async Task A_level_can_be_set_for_one_area_and_changed_while_the_node_runs()
    {
        var settings = LogSettings.Of(LogFormat.Json, LogEventLevel.Error, new Dictionary<string, LogEventLevel> { ["cameras"] = LogEventLevel.Information }, new LogFile(LogFile, 1_000_000, 2));
        var log = new NodeLog(settings);
        var configuration = new LoggerConfiguration();
        log.Configure(configuration);
        await using (var logger = configuration.CreateLogger())
        {
            Say("one");
            log.Set(LogArea.All.Single(a => a.Name == "delivery"), LogEventLevel.Debug);
            Say("two");

            void Say(string word)
            {
                foreach (var source in new[] { "TrafficFlow.Roadside.Cameras.CameraActor", "TrafficFlow.Roadside.Outbox.OutboxActor", "TrafficFlow.Node.Run.X", "Akka.Cluster.Cluster" })
                    logger.ForContext("SourceContext", source).Information("{Word}", word);
            }
        }

        var told = (await File.ReadAllLinesAsync(LogFile)).Select(l => JsonDocument.Parse(l).RootElement).Select(t => (t.GetProperty("message").GetString(), t.GetProperty("area").GetString()));
        Assert.Equal([("one", "cameras"), ("two", "cameras"), ("two", "delivery")], told);
    }

    [Theory]
    [InlineData("TrafficFlow.Roadside.Cameras.CameraActor", "cameras")]
    [InlineData("TrafficFlow.Roadside.Outbox.OutboxActor", "delivery")]
    [InlineData("TrafficFlow.Wire.Tls.TlsTransport", "security")]
    [InlineData("TrafficFlow.RoadsideX", "node")]
    [InlineData("trafficflow", "node")]
    [InlineData("Akka.Cluster.Cluster", "akka")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", "web")]
    public void The_class_that_logs_says_which_area_it_is(string source, string area) => Assert.Equal(area, LogArea.Of(source).Name);

    [Fact]
    public void Quiet_and_verbose_leave_what_the_settings_name()
    {
        var settings = LogSettings.Of(LogFormat.Auto, LogEventLevel.Information, new Dictionary<string, LogEventLevel> { ["cluster"] = LogEventLevel.Error, ["cameras"] = LogEventLevel.Debug }, null);

        Assert.Equal(("debug", "warning", "error"), Of(settings.Verbose()));
        Assert.Equal(("warning", "warning", "error"), Of(settings.Quiet()));
        Assert.Equal(LogEventLevel.Warning, settings.Quiet().LevelOf(LogArea.All.Single(a => a.Name == "cameras")));

        static (string, string, string) Of(LogSettings s) =>
            (LogSettings.NameOf(s.LevelOf(LogArea.Node)), LogSettings.NameOf(s.LevelOf(LogArea.Akka)), LogSettings.NameOf(s.LevelOf(LogArea.All.Single(a => a.Name == "cluster"))));
    }

    [Fact]
    public async Task The_journal_reads_the_stream_that_it_named_and_no_other()
    {
        var path = _folder.Write("stream", "");
        using var stream = File.OpenHandle(path);
        var descriptor = (int)stream.DangerousGetHandle();
        var named = (await Tools.RunAsync("stat", "-c", "%d:%i", path)).Trim();

        Assert.True(JournalStream.Is(named, descriptor));
        using var other = File.OpenHandle(_folder.Write("other", ""));
        // Inherited of a service by what writes elsewhere.
        Assert.False(JournalStream.Is(named, (int)other.DangerousGetHandle()));
        Assert.All(new[] { null, "", "1:2", "nonsense", $"{named}0" }, told => Assert.False(JournalStream.Is(told, descriptor)));
    }

    [Fact]
    public void Every_line_for_the_journal_has_its_priority()
    {
        using var lines = new StringWriter();
        var template = new Serilog.Parsing.MessageTemplateParser().Parse("two\nlines of {Name}");
        var thrown = new InvalidOperationException("because\r\nof that");

        new JournalLineFormatter().Format(new Serilog.Events.LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Error, thrown, template, [new LogEventProperty("Name", new ScalarValue("cam1"))]), lines);

        Assert.Equal(["<3>two", "<3>lines of cam1", "<3>System.InvalidOperationException: because", "<3>of that", ""], lines.ToString().Split('\n'));
    }

    private static async Task LogAsync(LogSettings settings, Action<ILoggingAdapter> say)
    {
        var configuration = new LoggerConfiguration();
        new NodeLog(settings).Configure(configuration);
        var last = new LastLine();
        configuration.WriteTo.Sink(last);
        using var logs = new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
        await using var system = await HostedActorSystem.StartAsync("logged", logs, _ => { });
        var log = Akka.Event.Logging.GetLogger(system.System, typeof(NodeLogTests));
        say(log);
        // What is said while a system ends goes to standard error alone.
        log.Warning(LastLine.Text);
        await last.Written.WaitAsync(TimeSpan.FromMinutes(1));
    }

    private sealed class LastLine : Serilog.Core.ILogEventSink
    {
        public const string Text = "that is all";

        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Written => _written.Task;

        public void Emit(Serilog.Events.LogEvent logEvent)
        {
            if (logEvent.RenderMessage(null).Contains(Text, StringComparison.Ordinal)) _written.TrySetResult();
        }
    }

    public void Dispose() => _folder.Dispose();
}
