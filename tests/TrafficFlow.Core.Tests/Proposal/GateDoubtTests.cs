using TrafficFlow.Core.Proposal;
using Xunit;

namespace TrafficFlow.Core.Tests.Proposal;

public sealed class GateDoubtTests
{
    [Fact]
    public void A_stream_of_several_vehicles_across_the_picture_is_not_doubted() =>
        Assert.Empty(Doubts(Ways.Several(3, 0, 40, (320, 20), (320, 340))));

    [Fact]
    public void Two_vehicles_are_few() =>
        Assert.Equal([GateDoubt.FewVehicles], Doubts(Ways.Several(2, 0, 40, (320, 20), (320, 340))));

    [Fact]
    public void A_way_of_two_lengths_is_short() =>
        Assert.Equal([GateDoubt.ShortWay], Doubts(Ways.Several(3, 0, 40, (320, 140), (320, 220))));

    [Fact]
    public void What_goes_along_the_border_is_cut_off_by_it() =>
        Assert.Equal([GateDoubt.EdgeOfPicture], Doubts(Ways.Several(3, 0, 40, (24, 60), (24, 340))));

    [Fact]
    public void What_is_taller_than_wide_may_walk() =>
        Assert.Equal([GateDoubt.LikePeople], Doubts(Ways.Several(3, 0, 40, (20, 200), (620, 200)).Select(p => Reshaped(p, 20, 50))));

    [Fact]
    public void What_is_doubted_is_told_in_words()
    {
        var gate = Assert.Single(SiteProposer.Propose([.. Ways.Several(1, 0, 40, (320, 20), (320, 340))], Ways.Frame).Gates);

        Assert.Equal(["only 1 vehicle was seen"], gate.Doubts.Select(d => d.Explain(gate.Stream)));
    }

    private static IReadOnlyList<GateDoubt> Doubts(IEnumerable<MotionPath> paths) => Assert.Single(SiteProposer.Propose([.. paths], Ways.Frame).Gates).Doubts;

    private static MotionPath Reshaped(MotionPath path, double width, double height) =>
        new(path.Number, path.Points.Select(p => p with { Width = width, Height = height }), ProposalSettings.Default.DirectionReach);
}
