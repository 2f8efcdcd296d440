using System.Collections.Immutable;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using Xunit;

namespace TrafficFlow.Core.Tests.Sites;

public sealed class DraftRebaseTests
{
    private static readonly GateMeaning s_enters = new(GateRole.Enters, new ApproachId("north"));

    private static readonly CameraDraft s_camera = new(
        "cam1",
        [new MaskDraft(0, [new(0, 0), new(0.2, 0), new(0.2, 0.2)]), new MaskDraft(1, [new(0.8, 0), new(1, 0), new(1, 0.2)])],
        [new GateDraft(0, "in", new(0.1, 0.5), new(0.4, 0.5), s_enters), new GateDraft(1, "out", new(0.6, 0.5), new(0.9, 0.5))],
        [new GroundDraft(0, new(0.1, 0.9), 0, 0), new GroundDraft(1, new(0.9, 0.9), 10, 0), new GroundDraft(2, new(0.9, 0.3), 10, 30), new GroundDraft(3, new(0.1, 0.3), 0, 30)]);

    private static readonly SiteDraft s_began = new([new ApproachDraft(0, "north", "North")], [s_camera]);

    private static readonly ShapeRef s_in = new(ShapeKind.Gate, 0);
    private static readonly ShapeRef s_out = new(ShapeKind.Gate, 1);

    [Fact]
    public void Changes_of_different_things_are_both_kept()
    {
        var mine = s_began.With(s_camera.Move(s_in, 0, new(0.15, 0.55)).AddGate(new(0.2, 0.2), new(0.3, 0.2), out _));
        // Their file has lost its first mask, and its gates stand in another order.
        var theirs = s_began.With(s_camera with { Masks = [s_camera.Masks[1].WithKey(0)], Gates = [s_camera.Gates[1].WithKey(0) with { Id = "out" }, s_camera.Gates[0].WithKey(1)] });
        theirs = theirs.With(theirs.Cameras[0].Move(new ShapeRef(ShapeKind.Gate, 0), 1, new(0.95, 0.5)));

        var rebased = DraftRebase.Rebase(s_began, mine, theirs, prefersMine: true);

        Assert.Empty(rebased.Conflicts);
        var camera = rebased.Draft.Cameras[0];
        Assert.Equal([new MaskDraft(0, s_camera.Masks[1].Points)], camera.Masks);
        Assert.Equal(["out", "in", "gate-1"], camera.Gates.Select(g => g.Id));
        Assert.Equal((0, 1), (camera.Gates[0].Key, camera.Gates[1].Key));
        Assert.True(camera.Gates[2].Key < 0);
        Assert.Equal((new PicturePoint(0.95, 0.5), new PicturePoint(0.15, 0.55)), (camera.Gates[0].To, camera.Gates[1].From));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_both_changed_otherwise_is_told_and_decided_by_a_person(bool prefersMine)
    {
        var mine = s_began.With(s_camera.Move(s_in, 0, new(0.2, 0.5)));
        var theirs = s_began.With(s_camera.Move(s_in, 0, new(0.3, 0.5)));

        var rebased = DraftRebase.Rebase(s_began, mine, theirs, prefersMine);

        Assert.Equal([new DraftConflict(DraftPart.Gate, "cam1", "in")], rebased.Conflicts);
        Assert.Equal(prefersMine ? 0.2 : 0.3, rebased.Draft.Cameras[0].Gates[0].From.X);
    }

    [Fact]
    public void What_one_removed_and_the_other_changed_is_a_conflict_and_what_both_did_alike_is_none()
    {
        var moved = s_began.With(s_camera.Move(s_out, 0, new(0.65, 0.5)).RemovePoint(new ShapeRef(ShapeKind.Ground, 3), 0));
        var removed = s_began.With(s_camera with { Gates = [s_camera.Gates[0]], Ground = s_camera.Ground[..3] });

        Assert.Equal(["out"], DraftRebase.Rebase(s_began, moved, removed, true).Conflicts.Select(c => c.Name));
        Assert.Equal(["out"], DraftRebase.Rebase(s_began, removed, moved with { Cameras = [moved.Cameras[0] with { Ground = s_camera.Ground[..3] }] }, true).Conflicts.Select(c => c.Name));
        Assert.Equal(["in", "out"], DraftRebase.Rebase(s_began, moved, removed, true).Draft.Cameras[0].Gates.Select(g => g.Id));
        Assert.Equal(["in"], DraftRebase.Rebase(s_began, moved, removed, false).Draft.Cameras[0].Gates.Select(g => g.Id));
        Assert.Empty(DraftRebase.Rebase(s_began, moved, moved, true).Conflicts);
    }

    [Fact]
    public void What_they_changed_is_told_in_terms_of_the_version_that_the_draft_began_from()
    {
        var theirs = new SiteDraft([new ApproachDraft(0, "south", "South"), new ApproachDraft(1, "north", "North")], [s_camera.Move(s_out, 1, new(0.95, 0.5)) with { Masks = [s_camera.Masks[1].WithKey(0)] }]);

        var changes = SiteDiff.Of(s_began, DraftRebase.Rebase(s_began, s_began, theirs, true).TheirDraft);

        Assert.Equal(
            [(DraftPart.Approach, "south", ChangedField.Added), (DraftPart.Mask, "1", ChangedField.Removed), (DraftPart.Gate, "out", ChangedField.Place)],
            changes.Select(c => (c.Part, c.Name, c.Field)));
    }
}
