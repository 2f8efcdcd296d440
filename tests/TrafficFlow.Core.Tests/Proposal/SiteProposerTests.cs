using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Proposal;

public sealed class SiteProposerTests
{
    [Theory]
    [InlineData("down", 320, 20, 320, 340, "top")]
    [InlineData("up", 320, 340, 320, 20, "bottom")]
    [InlineData("right", 20, 180, 620, 180, "left")]
    [InlineData("left", 620, 180, 20, 180, "right")]
    [InlineData("down-right", 150, 20, 450, 320, "top")]
    [InlineData("down-left", 450, 20, 150, 320, "top")]
    [InlineData("up-right", 150, 340, 450, 40, "bottom")]
    [InlineData("up-left", 450, 340, 150, 40, "bottom")]
    public void A_stream_gets_one_gate_across_it_named_by_its_heading(string heading, double fromX, double fromY, double toX, double toY, string edge)
    {
        var paths = Ways.Several(3, 0, 40, (fromX, fromY), (toX, toY)).ToList();

        var proposal = SiteProposer.Propose(paths, Ways.Frame);

        var gate = Assert.Single(proposal.Gates).Gate;
        Assert.Equal($"stream-1-{heading}", gate.Id.Value);
        Assert.Equal(new GateMeaning(GateRole.Enters, new ApproachId(edge)), gate.Forward);
        Assert.All(paths, p => Assert.True(gate.Passes(p)));
        Assert.True(gate.From.IsInside && gate.To.IsInside);
        Assert.Equal(edge, Assert.Single(proposal.Approaches).Id.Value);
    }

    [Fact]
    public void One_vehicle_makes_a_stream()
    {
        var path = Ways.Through(0, 40, 80, (200, 50), (260, 330));

        Assert.True(Assert.Single(SiteProposer.Propose([path], Ways.Frame).Gates).Gate.Passes(path));
    }

    [Fact]
    public void Opposite_streams_get_a_gate_each_that_leaves_the_other_alone()
    {
        var down = Ways.Several(4, 0, 40, (240, 20), (200, 340)).ToList();
        var up = Ways.Several(3, 10, 40, (320, 340), (300, 20)).ToList();

        var proposal = SiteProposer.Propose([.. down, .. up], Ways.Frame);

        Assert.Equal(["stream-1-down", "stream-2-up"], proposal.Gates.Select(g => g.Gate.Id.Value));
        Assert.All(down, p => Assert.True(proposal.Gates[0].Gate.Passes(p)));
        Assert.All(up, p => Assert.True(proposal.Gates[1].Gate.Passes(p)));
        var turned = proposal.Gates.Select(g => g.Gate with { From = g.Gate.To, To = g.Gate.From }).ToList();
        Assert.DoesNotContain(up, p => turned[0].Passes(p));
        Assert.DoesNotContain(down, p => turned[1].Passes(p));
    }

    [Fact]
    public void Lanes_of_one_carriageway_share_a_gate()
    {
        List<MotionPath> paths = [.. Enumerable.Range(0, 3).SelectMany(lane => Ways.Several(2, 10 * lane, 40, (150 + (70 * lane), 20), (150 + (110 * lane), 340)))];

        var gate = Assert.Single(SiteProposer.Propose(paths, Ways.Frame).Gates).Gate;

        Assert.All(paths, p => Assert.True(gate.Passes(p)));
    }

    [Fact]
    public void Pieces_of_tracks_along_a_stream_make_no_stream_of_their_own()
    {
        List<MotionPath> paths =
        [
            .. Ways.Several(3, 0, 40, (320, 20), (320, 340)),
            Ways.Through(10, 40, 80, (325, 30), (325, 120)),
            Ways.Through(11, 40, 80, (318, 240), (318, 320)),
        ];

        Assert.Single(SiteProposer.Propose(paths, Ways.Frame).Gates);
    }

    [Fact]
    public void Gates_lie_away_from_the_border_and_from_where_vehicles_stand()
    {
        // All stand for half a minute at y = 100, and go on.
        var paths = Enumerable.Range(0, 3).Select(i =>
        {
            var moving = Ways.Through(i, 40, 80, (300 + (20 * i), 20), (300 + (20 * i), 340));
            return new MotionPath(i, moving.Points.Select(p => p with { Time = p.Time + (p.Y > 100 ? 30 : 0) }), 0.75);
        }).ToList();

        var gate = Assert.Single(SiteProposer.Propose(paths, Ways.Frame).Gates).Gate;

        Assert.InRange(gate.From.Y * Ways.Frame.Height, 120, 325);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1.2)]
    public void What_shuttles_on_the_spot_is_no_stream(double sizes)
    {
        var turns = Enumerable.Range(0, 12).Select(i => (300.0 + (i % 2 * sizes * 40), 200.0)).ToArray();

        Assert.Empty(SiteProposer.Propose([Ways.Through(0, 40, 20, turns)], Ways.Frame).Gates);
    }

    [Fact]
    public void A_car_that_creeps_up_steadily_in_a_queue_gets_a_gate()
    {
        var path = Ways.Through(0, 40, 2, (300, 200), (300, 218));

        Assert.True(Assert.Single(SiteProposer.Propose([path], Ways.Frame).Gates).Gate.Passes(path));
    }

    [Fact]
    public void Where_a_stream_parts_each_branch_gets_a_gate_and_a_movement()
    {
        List<MotionPath> paths =
        [
            .. Ways.Several(6, 0, 30, (300, 10), (300, 350)),
            .. Ways.Several(4, 20, 30, (300, 10), (300, 150), (340, 190), (620, 200)),
        ];

        var proposal = SiteProposer.Propose(paths, Ways.Frame);

        var entry = Assert.Single(proposal.Gates, g => g.Gate.Forward!.Role == GateRole.Enters);
        Assert.All(paths, p => Assert.True(entry.Gate.Passes(p)));
        Assert.Equal(["right"], proposal.Gates.Where(g => g.Gate.Id.Value.EndsWith("-right", StringComparison.Ordinal)).Select(g => g.Gate.Forward!.Approach.Value));
        var turning = Assert.Single(proposal.Movements, m => m.To.Value.EndsWith("-right", StringComparison.Ordinal));
        Assert.Equal((entry.Gate.Id, 4), (turning.From, turning.Vehicles));
    }

    [Fact]
    public void A_stream_that_goes_on_together_gets_no_second_gate()
    {
        Assert.DoesNotContain(SiteProposer.Propose([.. Ways.Several(9, 0, 20, (100, 10), (120, 180), (200, 350))], Ways.Frame).Gates, g => g.IsSecond);
    }

    [Fact]
    public void The_same_scene_at_another_resolution_gives_the_same_gates()
    {
        List<MotionPath> paths = [.. Ways.Several(4, 0, 40, (240, 20), (200, 340)), .. Ways.Several(3, 10, 40, (420, 340), (400, 20))];
        var doubled = paths.Select(p => new MotionPath(
            p.Number, p.Points.Select(q => new PathPoint(q.Time, 2 * q.X, 2 * q.Y, 2 * q.Width, 2 * q.Height)), 0.75)).ToList();

        var (small, large) = (SiteProposer.Propose(paths, Ways.Frame), SiteProposer.Propose(doubled, new FrameFormat(1280, 720, 10)));

        Assert.Equal(small.Gates.Select(g => g.Gate), large.Gates.Select(g => g.Gate));
    }

    [Fact]
    public void Nothing_gives_nothing() => Assert.Empty(SiteProposer.Propose([], Ways.Frame).Gates);
}
