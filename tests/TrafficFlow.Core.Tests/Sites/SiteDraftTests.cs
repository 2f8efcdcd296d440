using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using Xunit;

namespace TrafficFlow.Core.Tests.Sites;

public sealed class SiteDraftTests
{
    private static readonly CameraDraft s_empty = new("cam1", [], [], []);

    private static readonly SiteDraft s_site = new([new ApproachDraft(0, "north", "North")], [s_empty]);

    [Fact]
    public void Points_stay_in_the_picture_and_whole_shapes_stop_at_its_border_without_losing_their_form()
    {
        var camera = s_empty.AddGate(new(0.1, 0.5), new(0.4, 0.6), out var gate);

        Assert.Equal([new PicturePoint(1, 0), new PicturePoint(0.4, 0.6)], camera.Move(gate, 0, new(1.7, -3)).PointsOf(gate));
        Assert.Equal([new PicturePoint(0.7, 0.9), new PicturePoint(1, 1)], camera.Shift(gate, 5, 5).PointsOf(gate));
        Assert.Equal([new PicturePoint(0, 0), new PicturePoint(0.4, 0.6)], camera.Move(gate, 0, new(double.NaN, double.NaN)).PointsOf(gate));
        Assert.Same(camera, camera.Move(gate, 7, default));
        Assert.Same(camera, camera.Move(new ShapeRef(ShapeKind.Mask, 3), 0, default));
    }

    [Fact]
    public void A_mask_keeps_three_corners_and_goes_as_a_whole_with_the_next()
    {
        var camera = s_empty.AddMask([new(0, 0), new(1, 0), new(1, 1), new(0, 1)], out var mask);

        var triangle = camera.RemovePoint(mask, 1);
        Assert.Equal([new PicturePoint(0, 0), new PicturePoint(1, 1), new PicturePoint(0, 1)], triangle.PointsOf(mask));
        Assert.Empty(triangle.RemovePoint(mask, 0).Masks);
        Assert.Equal(new PicturePoint(0.5, 0), camera.Insert(mask.Key, 1, new(0.5, 0)).PointsOf(mask)[1]);
    }

    [Fact]
    public void Added_gates_have_free_names_and_keys_of_their_own()
    {
        var camera = s_empty.AddGate(default, new(1, 1), out var first).AddGate(default, new(1, 1), out var second);

        Assert.Equal(["gate-1", "gate-2"], camera.Gates.Select(g => g.Id));
        Assert.Equal(2, new[] { first, second }.Distinct().Count(s => s.Key < 0));
        Assert.Equal("gate-1", camera.Remove(first).AddGate(default, new(1, 1), out _).Gates[^1].Id);
    }

    [Fact]
    public void A_gate_that_is_turned_round_counts_from_the_other_side()
    {
        var gate = new GateDraft(0, "in", new(0.1, 0.5), new(0.4, 0.5), new GateMeaning(GateRole.Enters, new ApproachId("north")));

        Assert.Equal(gate with { From = gate.To, To = gate.From }, gate.Flip());
        Assert.Equal(gate, gate.Flip().Flip());
    }

    [Fact]
    public void Gates_follow_the_new_name_of_their_approach()
    {
        var meaning = new GateMeaning(GateRole.Exits, new ApproachId("north"));
        var site = s_site.With(s_empty with { Gates = [new GateDraft(0, "out", default, new(1, 1), null, meaning)] });

        Assert.Equal("harbour", site.RenameApproach(0, "harbour").Cameras[0].Gates[0].Backward?.Approach.Value);
        // Of two with one name gates stay with the one that keeps it.
        var twice = site.AddApproach();
        twice = twice.With(twice.Approaches[1] with { Id = "north" });
        Assert.Equal("north", twice.RenameApproach(twice.Approaches[1].Key, "east").Cameras[0].Gates[0].Backward?.Approach.Value);
    }

    [Fact]
    public void Steps_are_taken_back_and_again_until_another_one_is_taken()
    {
        var (one, two) = (s_site.AddApproach(), s_site.AddApproach().AddApproach());
        var history = new DraftHistory(s_site).Do(one).Do(one).Do(two);

        Assert.Equal(one, history.Undo().Now);
        Assert.Equal(s_site, history.Undo().Undo().Undo().Now);
        Assert.False(history.Undo().Undo().CanUndo);
        Assert.Equal(two, history.Undo().Undo().Redo().Redo().Redo().Now);
        Assert.False(history.Undo().Do(s_site).CanRedo);
    }

    [Fact]
    public void Steps_are_bounded()
    {
        var history = new DraftHistory(s_site);
        for (var i = 0; i <= DraftHistory.MostSteps; i++) history = history.Do(s_site.With(new ApproachDraft(0, "north", $"{i}")));
        var undone = 0;
        for (; history.CanUndo; undone++) history = history.Undo();

        Assert.Equal(DraftHistory.MostSteps, undone);
    }

    [Fact]
    public void What_differs_is_told_field_by_field()
    {
        var before = s_site.With(s_empty with { Gates = [new GateDraft(0, "in", new(0.1, 0.5), new(0.4, 0.5), new GateMeaning(GateRole.Enters, new ApproachId("north")))], Ground = [new GroundDraft(0, new(0.5, 0.5), 1, 2)] });
        var gate = before.Cameras[0].Gates[0];
        var after = before.With(before.Cameras[0] with { Gates = [gate.Flip() with { Forward = null, Id = "north-in" }], Ground = [] });

        Assert.Equal(
            [
                new SiteChange(DraftPart.Gate, "cam1", 0, "in", ChangedField.Name, "in", "north-in"),
                new SiteChange(DraftPart.Gate, "cam1", 0, "in", ChangedField.Place, "[0.1, 0.5] – [0.4, 0.5]", "[0.4, 0.5] – [0.1, 0.5]"),
                new SiteChange(DraftPart.Gate, "cam1", 0, "in", ChangedField.Forward, "enters = north", ""),
                new SiteChange(DraftPart.Ground, "cam1", 0, "1", ChangedField.Removed, "[0.5, 0.5], 1 m E, 2 m N", ""),
            ],
            SiteDiff.Of(before, after));
        Assert.Empty(SiteDiff.Of(before, before));
    }
}
