using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Operations;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Health;

public sealed class HealthBoardStateTests
{
    private static readonly HealthSettings Settings = new() { SilentAfter = TimeSpan.FromSeconds(20), ForgetAfter = TimeSpan.FromSeconds(1000), MaxNodes = 2 };

    [Fact]
    public void A_node_that_falls_silent_is_shown_as_silent_since_when_and_never_as_healthy()
    {
        var board = HealthBoardState.Empty.Take(Report("a:1"), At(0));

        Assert.Equal("streaming", Camera(board.Answer(null, At(20), Settings.SilentAfter), "state"));
        var silent = board.Answer(null, At(21), Settings.SilentAfter);
        Assert.Equal("silent", Camera(silent, "state"));
        Assert.Equal("unknown", Camera(silent, "coverage"));
        Assert.Null(Camera(silent, "rate_frames_per_s"));
        Assert.Matches("its node is silent since .*; it was streaming then", (string)Camera(silent, "reason")!);
        Assert.Matches("a:1 is silent since", Assert.Single(HealthTables.Nodes(silent).Notes));
    }

    [Fact]
    public void The_last_value_counts_by_the_servers_time_whatever_the_nodes_clock_says()
    {
        var board = HealthBoardState.Empty.Take(Report("a:1") with { Time = At(1e6) }, At(0)).Take(Report("a:1") with { Time = At(-1e6) }, At(5));

        var node = Assert.Single(board.Answer(null, At(6), Settings.SilentAfter).Nodes);
        Assert.Equal((At(5), At(-1e6)), (node.ReceivedAt, node.Report.Time));
    }

    [Theory]
    [InlineData(3 * 3600, "03:00:00 ahead of")]
    [InlineData(-3 * 3600, "03:00:00 behind")]
    [InlineData(-49 * 3600, "2.01:00:00 behind")]
    [InlineData(30, null)]
    public void A_node_whose_clock_differs_by_a_minute_or_more_is_doubtful(double seconds, string? told)
    {
        var board = HealthBoardState.Empty.Take(Report("a:1") with { Time = At(seconds), Problem = "the other one" }, At(0));

        var table = HealthTables.Nodes(board.Answer(null, At(1), Settings.SilentAfter));
        var problem = (string)Assert.Single(table.Rows)[^1]!;
        Assert.EndsWith("the other one", problem, StringComparison.Ordinal);
        if (told is null) Assert.DoesNotContain("clock", problem, StringComparison.Ordinal);
        else Assert.Contains($"its clock is {told} this server's", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_stored_comes_back_unless_the_node_has_reported_since()
    {
        var stored = HealthBoardState.Empty.Take(Report("a:1"), At(0)).Take(Report("b:1"), At(0)).Snapshot();

        var board = HealthBoardState.Empty.Take(Report("b:1"), At(9)).Restore(stored);

        Assert.Equal([At(0), At(9)], board.Answer(null, At(10), Settings.SilentAfter).Nodes.Select(n => n.ReceivedAt));
    }

    [Fact]
    public void Nodes_are_forgotten_after_a_while_and_beyond_the_bound_the_longest_silent_first()
    {
        var board = HealthBoardState.Empty.Take(Report("a:1"), At(0)).Take(Report("b:1"), At(500)).Take(Report("c:1"), At(600));

        Assert.Equal(["b:1", "c:1"], Names(board.Forget(At(700), Settings)));
        Assert.Equal(["c:1"], Names(board.Forget(At(1600), Settings)));
        var kept = board.Forget(At(700), Settings);
        Assert.Same(kept, kept.Forget(At(700), Settings));
    }

    [Fact]
    public void A_site_is_asked_for_alone()
    {
        var board = HealthBoardState.Empty.Take(Report("a:1"), At(0)).Take(Report("b:1") with { Sites = [new SiteId("other")] }, At(0));

        Assert.Equal(["b:1"], Names(board, new SiteId("other")));
        Assert.Equal(2, Names(board).Count());
    }

    private static IEnumerable<string> Names(HealthBoardState board, SiteId? site = null) =>
        board.Answer(site, At(700), Settings.SilentAfter).Nodes.Select(n => n.Report.ShortName);

    private static object? Camera(HealthOverview health, string column)
    {
        var table = HealthTables.Cameras(health, null);
        return Assert.Single(table.Rows)[table.Columns.Select(c => c.Key).ToList().IndexOf(column)];
    }

    private static NodeReport Report(string node) => new(
        $"akka.tcp://trafficflow@{node}", ["roadside"], "1.0", At(0), null, [new DiskReport("/data", 5, 9)], [TestSites.Kokandori],
        [
            new CameraReport(
                new CameraStatus(TestSites.Kokandori, Cam1, CameraState.Streaming, "", 10, 0, 9.9, 0, At(0), 1, 0, ""), "motion", WatchState.Watching, new OutboxReport(0, 0)),
        ]);
}
