using Serilog.Events;
using TrafficFlow.Node.Logging;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class LogSectionTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_the_libraries_stay_quiet()
    {
        var log = NodeSettings.Load(Write("format = json, level = info, levels { cameras = debug, delivery = error }, file { path = \"log/x.log\", max-megabytes = 1, keep = 3 }")).Log;

        Assert.Equal(LogFormat.Json, log.Format);
        Assert.Equal(new LogFile(Path.Combine(_folder.Path, "data", "log", "x.log"), 1024 * 1024, 3), log.File);
        Assert.Equal(
            ["node info", "cameras debug", "delivery error", "akka warning"],
            new[] { "node", "cameras", "delivery", "akka" }.Select(a => $"{a} {LogSettings.NameOf(log.LevelOf(LogArea.All.Single(l => l.Name == a)))}"));
    }

    [Fact]
    public void Without_the_section_it_is_the_default() => Assert.Equal(LogEventLevel.Information, NodeSettings.Load(Write(null)).Log.LevelOf(LogArea.Node));

    [Theory]
    [InlineData("level = infos", "trafficflow.log.level: \"infos\" is no log level; did you mean info?")]
    [InlineData("levels { cameras = debgu }", "trafficflow.log.levels.cameras: \"debgu\" is no log level; did you mean debug?")]
    [InlineData("levels { camera = debug }", "trafficflow.log.levels.camera: is no area of the log; did you mean cameras?")]
    [InlineData("format = xml", "trafficflow.log.format: \"xml\" is no format of the log; formats: auto, journal, json, text")]
    [InlineData("file { path = \"x.txt\" }", "does not end in .log")]
    [InlineData("file { path = \"x.log\", keep = 0 }", "trafficflow.log.file.keep: 0 is out of range")]
    [InlineData("levle = info", "trafficflow.log.levle: is not a known key; did you mean level")]
    public void A_slip_is_told_with_what_was_meant(string log, string told)
    {
        var problem = Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write(log))).Problems);
        Assert.Contains(told, problem.ToString());
    }

    private string Write(string? log)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return _folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = [roadside, server], sites = ["site.conf"], data-directory = "data" }
              {{(log is null ? "" : $"log {{ {log} }}")}}
            }
            """);
    }

    public void Dispose() => _folder.Dispose();
}
