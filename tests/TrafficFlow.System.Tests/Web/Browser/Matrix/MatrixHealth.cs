using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Health;
using TrafficFlow.Web.Pages.Health;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>A server, a node beside cameras that is in doubt, and one that is silent.</summary>
internal sealed class MatrixHealth : IHealthQuery, INodeFacts
{
    public Task<HealthOverview?> ReadAsync(SiteId? site, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        KnownNode[] nodes =
        [
            Node("10.20.1.2:4053", "server", now, 2, [], 182),
            Node("10.20.1.11:4053", "roadside", now, 3, [MatrixSites.Heavy], 41),
            Node("10.20.1.12:4053", "roadside", now, 72, [MatrixSites.Blind], 0.4) with { ReceivedAt = now.AddSeconds(-4) },
            Node("10.20.1.13:4053", "roadside", now, 1, [MatrixSites.Empty], 60) with { ReceivedAt = now.AddMinutes(-47) },
        ];
        return Task.FromResult<HealthOverview?>(new HealthOverview(now, [.. nodes.Where(n => site is not { } s || n.Report.Sites.Contains(s))], TimeSpan.FromSeconds(20)));
    }

    public Task<NodeFacts> ReadAsync(CancellationToken cancellation) => Task.FromResult(new NodeFacts(
        [
            new NodeCheck("cameras", true, "3 of 4 cameras stream"),
            new NodeCheck("database", true, "answers in 2 ms"),
            new NodeCheck("disk", false, "0.4 GB free under /var/lib/trafficflow: at 0.2 GB counts that wait for a server are dropped, the oldest first; free some space"),
        ],
        [
            new NodeCertificate("pages", "/etc/trafficflow/pages.pem", DateTimeOffset.UtcNow.AddDays(200)),
            new NodeCertificate("remoting", "/etc/trafficflow/node.pem", DateTimeOffset.UtcNow.AddDays(12)),
        ],
        null, 3));

    private static KnownNode Node(string address, string role, DateTimeOffset now, double clock, IReadOnlyList<Site> sites, double free) => new(
        new NodeReport(
            $"akka.tcp://trafficflow@{address}", [role], "1.0.0", now, TimeSpan.FromSeconds(clock), [new DiskReport("/var/lib/trafficflow", (long)(free * 1e9), 250_000_000_000)], [.. sites.Select(s => s.Id)],
            [.. sites.SelectMany(MatrixTopics.Cameras).Select(c => new CameraReport(c, "vehicles", c.State == CameraState.Streaming ? WatchState.Watching : WatchState.Degraded, new OutboxReport(c.State == CameraState.Streaming ? 3 : 1_204, 0)))]),
        now.AddSeconds(-2));
}
