using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Web.Live;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

public sealed class CameraAgesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Site = SyntheticJunction.Site;
    private static readonly CameraId One = Site.Cameras[0].Id;
    private static readonly CameraStatus Green = new(Site.Id, One, CameraState.Streaming, "", 100, 0, 10, 0, Now, 1, 0, "");

    [Fact]
    public void A_camera_that_has_told_of_itself_just_now_is_as_it_told() =>
        Assert.Same(Green, Of(Known(), Now.AddSeconds(-10), null)[One]);

    [Fact]
    public void A_camera_that_is_silent_does_not_stay_green()
    {
        var silent = Of(Known(), Now.AddMinutes(-2), null)[One];

        Assert.NotEqual(CameraState.Streaming, silent.State);
        Assert.Equal(0, silent.FramesPerSecond);
        Assert.Contains("nothing heard since 2026-11-29 11:58:00Z", silent.Reason);
    }

    [Fact]
    public void A_camera_whose_node_was_away_before_anybody_looked_is_shown_as_that()
    {
        var shown = Of([], null, Board(Now.AddHours(-1)))[One];

        Assert.NotEqual(CameraState.Streaming, shown.State);
        Assert.Contains("nothing heard since 2026-11-29 11:00:00Z", shown.Reason);
    }

    [Fact]
    public void What_the_board_has_heard_counts_where_topics_do_not_come() =>
        Assert.Equal(CameraState.Streaming, Of(Known(), Now.AddMinutes(-2), Board(Now.AddSeconds(-3)))[One].State);

    [Fact]
    public void A_camera_that_was_taken_down_goes()
    {
        var gone = new CameraId("gone");

        Assert.DoesNotContain(gone, Of(Known().Add(gone, Green with { Camera = gone }), Now, null).Keys);
    }

    private static ImmutableDictionary<CameraId, CameraStatus> Of(ImmutableDictionary<CameraId, CameraStatus> known, DateTimeOffset? heard, HealthOverview? board) =>
        CameraAges.Of(Site, known, heard is { } at ? new Dictionary<CameraId, DateTimeOffset> { [One] = at } : [], board, Now);

    private static ImmutableDictionary<CameraId, CameraStatus> Known() => ImmutableDictionary<CameraId, CameraStatus>.Empty.Add(One, Green);

    private static HealthOverview Board(DateTimeOffset receivedAt) => new(
        Now,
        [new KnownNode(new NodeReport("akka.tcp://trafficflow@pole:4055", ["roadside"], "1", receivedAt, null, [], [Site.Id], [new CameraReport(Green, "motion", null, null)]), receivedAt)],
        TimeSpan.FromSeconds(20));
}
