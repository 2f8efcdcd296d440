using System.Net;
using Akka.Configuration;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Membership;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Node.Demo;

/// <summary>Makes up the node of the demo: the embedded default on the synthetic junction.</summary>
internal static class DemoNode
{
    // What Akka says past the log would go into the table; and a busy machine takes its time to start a logger.
    private static readonly Config Quiet = ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, logger-startup-timeout = 120s, log-dead-letters = off, log-dead-letters-during-shutdown = off }");

    public static NodeDefinition Define(DemoOptions options, string dataFolder, DateTimeOffset start, DemoLog log)
    {
        var detectors = options.Model is { } model ? Given(model) : SiteSettings.LoadDetectors(config: null);
        var site = SyntheticJunction.Site with
        {
            Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with { Source = $"{c.Source}?seed={options.Seed}&light={options.Light}" })],
        };
        // What is shown should be fresh: coverage each second instead of each five.
        var actors = ActorsSettings.Default with
        {
            // A street is painted as fast as the machine can, and there is no camera that could be off; and Ctrl-C should not be waited for.
            Cameras = ActorsSettings.Default.Cameras with
            {
                CoverageInterval = TimeSpan.FromSeconds(1),
                OpenTimeout = TimeSpan.FromMinutes(10),
                StopTimeout = TimeSpan.FromSeconds(1),
                FlushTimeout = TimeSpan.FromMilliseconds(200),
            },
        };
        return new NodeDefinition(
            [new SiteSettings("demo", site, detectors)],
            dataFolder,
            new SqliteJournal(Path.Combine(dataFolder, "journal.db")),
            ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server),
            actors,
            FfmpegTimeouts.Default,
            Quiet,
            start)
        {
            LogTarget = log.Configure,
            Web = new WebSettings(new IPEndPoint(IPAddress.Loopback, 0)),
            WebCallers = new LinkCallers(),
        };
    }

    private static DetectorCatalog Given(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var entry = new DetectorSettings(name, DetectorKind.Onnx, new OnnxModelSettings(name, Path.GetFullPath(file)));
        return new DetectorCatalog(name, new Dictionary<string, DetectorSettings> { [name] = entry });
    }
}
