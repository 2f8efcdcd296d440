using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;

namespace TrafficFlow.Benchmarks.Restart;

/// <summary>The node's files as an operator writes them: settings, and the synthetic junction as its site.</summary>
internal sealed class NodeFiles
{
    private NodeFiles(string config, string dataFolder, Site site)
    {
        Config = config;
        Journal = Path.Combine(dataFolder, "journal.db");
        Outbox = Path.Combine(dataFolder, "outbox.db");
        Site = site;
    }

    public string Config { get; }

    /// <summary>Of the aggregators.</summary>
    public string Journal { get; }

    /// <summary>Of the cameras.</summary>
    public string Outbox { get; }

    public Site Site { get; }

    public static NodeFiles Write(TempFolder folder, int seed)
    {
        var seeded = SyntheticJunction.Site with
        {
            Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with
            {
                Source = string.Create(CultureInfo.InvariantCulture, $"{c.Source}?seed={seed}"),
                Detector = "motion",
            })],
        };
        var site = folder.File("site.conf");
        File.WriteAllText(site, SyntheticSiteFile.Write(seeded));
        var config = folder.File("node.conf");
        var data = folder.File("data");
        // Nothing trims, so that the journal keeps all that was ever stored. Small reports and snapshots often: a kill then falls
        // among more writes. The last life waits longer at its end, so that nothing is on its way when it is over.
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
            trafficflow.node {
              roles = [roadside, server]
              sites = ["site.conf"]
              data-directory = "data"
            }
            trafficflow.actors {
              outbox { trim-after-entries = 2000000000, trim-interval = 20d }
              camera { coverage-interval = 500ms, flush-timeout = 5s }
              aggregation { snapshot-every = 20, trim-margin = 1000000000 }
            }

            """));
        return new NodeFiles(config, data, SiteSettings.Load(site).Site);
    }
}
