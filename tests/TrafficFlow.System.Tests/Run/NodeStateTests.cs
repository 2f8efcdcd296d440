using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Run;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

public sealed class NodeStateTests
{
    private static readonly SiteId s_site = new("here");

    [Fact]
    public void A_minute_is_told_by_what_changed_in_it()
    {
        var before = new NodeState([Camera("a", dropped: 5), Camera("b")], [Total("north", 100), Total("south", 7), Total("east", 880)], []);
        var now = new NodeState([Camera("a", dropped: 8, pending: 2), Camera("b", CameraState.Finished)], [Total("north", 112), Total("south", 7), Total("east", 900)], []);

        Assert.Equal("1 of 2 cameras stream, 1 at the end of the file, vehicles: here 32 (north 12, south 0, east 20), 3 frames dropped, 2 entries in the outbox", now.Since(before));
        Assert.Empty(now.Troubles(before));
    }

    [Theory]
    [InlineData(112L, 7L, 905L, "here 17 (north 12, south 0, east 5)")]
    [InlineData(112L, 7L, null, "here 12 (2 of 3 approaches answered: north 12, south 0)")]
    [InlineData(112L, null, null, "here 12 (1 of 3 approaches answered)")]
    [InlineData(null, null, null, "here unknown (no answer of 3 approaches)")]
    public void A_sum_that_lacks_an_approach_says_so(long? north, long? south, long? east, string told)
    {
        var before = new NodeState([], [Total("north", 100), Total("south", 7), Total("east", 900)], []);

        Assert.Equal($"vehicles: {told}", new NodeState([], [Total("north", north), Total("south", south), Total("east", east)], []).Since(before));
    }

    [Fact]
    public void What_an_approach_counted_before_it_answered_is_not_of_this_minute()
    {
        var now = new NodeState([], [Total("north", 112), Total("south", 70_000)], []);

        Assert.Equal("vehicles: here 12 (1 of 2 approaches answered)", now.Since(new NodeState([], [Total("north", 100), Total("south", null)], [])));
        Assert.Equal("nothing to count", now.Since(NodeState.None));
    }

    [Fact]
    public void What_is_wrong_is_told_with_its_reason()
    {
        var before = new NodeState([Camera("a"), Camera("b", lost: 3)], [], []);
        var now = new NodeState([Camera("a", CameraState.BackingOff, "nothing listens there"), Camera("b", lost: 10)], [], ["the disk is full"]);

        Assert.Equal(
            ["camera a: nothing listens there", "the outbox of b is full: 7 entries given up; is the server up, is outbox.max-entries too small?", "the disk is full"], now.Troubles(before));
        Assert.StartsWith("1 of 2 cameras stream", now.Since(before));
        Assert.True(now.IsSettled);
        Assert.False(new NodeState([Camera("a", CameraState.Connecting)], [], []).IsSettled);
    }

    [Fact]
    public void A_camera_that_was_installed_before_the_last_look_has_lost_nothing_in_this_minute() =>
        Assert.Empty(new NodeState([Camera("a", lost: 50)], [], []).Troubles(NodeState.None));

    private static ApproachTotal Total(string approach, long? vehicles) => new(s_site, new ApproachId(approach), vehicles);

    private static CameraReport Camera(string id, CameraState state = CameraState.Streaming, string reason = "", long dropped = 0, long pending = 0, long lost = 0) => new(
        new CameraStatus(s_site, new CameraId(id), state, reason, 100, dropped, 10, 0, null, 1, 0, ""), "default", null, new OutboxReport(pending, lost));
}
