using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Pages.Health;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

public sealed class HealthViewTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_silentAfter = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_node_that_reports_is_good()
    {
        var view = View(Node());

        var node = Assert.Single(view.Nodes);
        Assert.Equal((NodeStanding.Good, "10.0.0.1:4053", 1, 2), (node.Standing, node.Name, node.Streaming, node.Cameras));
        var (first, second) = (view.Cameras[0], view.Cameras[1]);
        Assert.Equal((CameraState.Streaming, 9.8, 3L), (first.State, first.FramesPerSecond, first.Pending));
        Assert.Equal([(CameraState.BackingOff, "is the camera on?")], new[] { (second.State!.Value, Assert.Single(second.Reasons("en")).Text) });
    }

    [Fact]
    public void Of_a_silent_node_nothing_is_shown_as_if_it_were_so_now()
    {
        var view = View(Node() with { ReceivedAt = s_now - TimeSpan.FromSeconds(21) });

        var node = Assert.Single(view.Nodes);
        Assert.Equal((NodeStanding.Silent, 0, null), (node.Standing, node.Streaming, node.ClockOff));
        Assert.Empty(node.Disks);
        Assert.All(view.Cameras, c =>
        {
            Assert.Equal((null, null, null, null, null), (c.State, c.FramesPerSecond, c.Coverage, c.Scene, c.Pending));
            Assert.Empty(c.Reasons("en"));
        });
        Assert.Equal([CameraState.Streaming, CameraState.BackingOff], view.Cameras.Select(c => c.Was));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(-59, false)]
    [InlineData(60, true)]
    [InlineData(-7200, true)]
    public void A_clock_that_is_a_minute_off_makes_a_node_doubtful(int seconds, bool isWrong)
    {
        var node = Assert.Single(View(Node() with { Report = Node().Report with { ClockOffset = TimeSpan.FromSeconds(seconds) } }).Nodes);

        Assert.Equal((isWrong, isWrong ? NodeStanding.Doubtful : NodeStanding.Good), (node.IsClockWrong, node.Standing));
    }

    [Fact]
    public void A_full_disk_and_a_problem_of_its_own_make_a_node_doubtful_and_come_first()
    {
        var full = Node("10.0.0.2:4053") with { Report = Node("10.0.0.2:4053").Report with { Disks = [new DiskReport("/data", 400_000_000, 1_000_000_000)] } };
        var told = Node("10.0.0.3:4053") with { Report = Node("10.0.0.3:4053").Report with { Problem = "the audit cannot be written" } };

        var view = View(Node(), full, told);

        Assert.Equal([NodeStanding.Doubtful, NodeStanding.Doubtful, NodeStanding.Good], view.Nodes.Select(n => n.Standing));
        Assert.True(view.Nodes[0].Disks.Single().IsLow);
        Assert.Equal("the audit cannot be written", view.Nodes[1].Problem);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(-1, true)]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public void A_certificate_is_renewed_within_its_last_month(int? days, bool must) =>
        Assert.Equal(must, HealthView.MustBeRenewed(new NodeCertificate("pages", "a.pem", days is { } d ? s_now.AddDays(d) : null), s_now));

    [Fact]
    public async Task The_page_is_there_for_technicians_before_anything_is_known()
    {
        await using var host = await WebHost.StartAsync();
        using var page = await host.SendAsync("GET", "/health", Role.Operator);

        Assert.Contains("The health board is asked", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static HealthView View(params KnownNode[] nodes) => HealthView.Of(new HealthOverview(s_now, [.. nodes], s_silentAfter));

    private static KnownNode Node(string address = "10.0.0.1:4053") => new(
        new NodeReport(
            $"akka.tcp://trafficflow@{address}", ["roadside"], "1.0", s_now, TimeSpan.FromSeconds(0.2), [new DiskReport("/data", 9_000_000_000, 10_000_000_000)], [new SiteId("kokandori")],
            [Camera("cam1", CameraState.Streaming, ""), Camera("cam2", CameraState.BackingOff, "is the camera on?")]),
        s_now - TimeSpan.FromSeconds(3));

    private static CameraReport Camera(string name, CameraState state, string reason) => new(
        new CameraStatus(new SiteId("kokandori"), new CameraId(name), state, reason, 100, 2, 9.8, 0, s_now, 1, 0, "", SceneState.InPlace), "vehicles", WatchState.Watching, new OutboxReport(3, 0));
}
