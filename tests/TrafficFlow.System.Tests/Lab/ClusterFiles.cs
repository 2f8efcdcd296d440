using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>The files of a laboratory's cluster, as an operator writes them.</summary>
internal static class ClusterFiles
{
    public const int Port = 4053;

    /// <summary>The synthetic junction with replay cameras, which all see the same vehicles.</summary>
    public static Site Site(int seed, double speed) => SyntheticJunction.Site with
    {
        Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with
        {
            Source = string.Create(CultureInfo.InvariantCulture, $"replay:simulation?seed={seed}&speed={speed}"),
            Detector = "motion",
        })],
    };

    /// <summary>The synthetic junction, live, with pictures so small that it costs little.</summary>
    public static Site Junction(int seed) => SyntheticJunction.Site with
    {
        Id = new SiteId("live"),
        Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with
        {
            Id = new CameraId($"live-{c.Id}"),
            Source = string.Create(CultureInfo.InvariantCulture, $"synthetic:{c.Id.Value[(c.Id.Value.LastIndexOf('-') + 1)..]}?seed={seed}"),
            Frame = new FrameFormat(256, 144, 5),
            Detector = "motion",
        })],
    };

    /// <returns>Path of the settings.</returns>
    /// <param name="tls">The node's folder of certificates; null leaves the link plain.</param>
    /// <param name="journal">Of a server, without braces; null for the file in the data directory.</param>
    public static string Write(string folder, IReadOnlyList<Site> sites, string role, TestHost host, IReadOnlyList<TestHost> seeds, string? tls, string? journal, string more)
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        foreach (var site in sites) File.WriteAllText(Path.Combine(folder, $"{site.Id}.conf"), SyntheticSiteFile.Write(site));
        var security = tls is null ? "" : $$"""tls { ca = "{{tls}}/ca.crt", certificate = "{{tls}}/node.crt", key = "{{tls}}/node.key", pins = "{{tls}}/pins.txt" }""";
        var config = Path.Combine(folder, "node.conf");
        File.WriteAllText(config, $$"""
            trafficflow.node {
              roles = [{{role}}]
              sites = [{{string.Join(", ", sites.Select(s => $"\"{s.Id}.conf\""))}}]
              data-directory = "data"
              remoting {
                hostname = "{{host.Address}}"
                port = {{Port}}
                seed-nodes = [{{string.Join(", ", seeds.Select(s => $"\"{s.Address}:{Port}\""))}}]
                {{security}}
              }
              {{(journal is null ? "" : $"journal {{ {journal} }}")}}
            }
            {{more}}

            """);
        return config;
    }
}
