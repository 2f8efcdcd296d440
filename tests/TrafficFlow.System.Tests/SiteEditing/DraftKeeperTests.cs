using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Web.Pages.Editor;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>What one page draws is kept behind its back, and two pages of an account do not overwrite each other.</summary>
public sealed class DraftKeeperTests : IDisposable
{
    private readonly EditedSite _site = new();
    private readonly WatchedEditor _editor;

    public DraftKeeperTests() => _editor = new WatchedEditor(_site.Editor);

    [Fact]
    public async Task A_slow_disk_keeps_nobody_from_drawing_and_of_many_steps_the_newest_is_kept()
    {
        using var disk = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource();
        var kept = new List<KeptDraft?>();
        _editor.Keeping = (draft, known) =>
        {
            kept.Add(draft);
            begun.TrySetResult();
            disk.Wait();
            return new DraftKept(known + 1);
        };
        var state = Open(new TickedTime());

        // Each of them would wait for the disk here.
        Move(state, 0.3);
        await begun.Task;
        for (var x = 0.31; x < 0.4; x += 0.01) Move(state, x);
        disk.Release(2);
        await state.Keeper.FlushAsync();

        Assert.Equal([0.3, 0.39], kept.Select(k => k!.Draft.Cameras[0].Gates[0].From.X));
        Assert.Equal((2, state.History.Now), (state.Keeper.Known, state.Keeper.Agreed));
        Assert.True(state.Keeper.IsSettled);
    }

    [Fact]
    public async Task What_could_not_be_kept_is_told_and_is_kept_as_soon_as_it_can_be()
    {
        KeepResult? answer = new DraftNotKept("no space");
        _editor.Keeping = (draft, known) => answer ?? _site.Editor.Keep(EditedSite.Id, "anna", draft, known);
        var state = Open();
        var told = new List<string>();
        state.Keeper.Told += () => told.Add(state.Keeper.Problem);

        Move(state, 0.3);
        await state.Keeper.FlushAsync();
        Assert.Equal(["no space"], told);
        Assert.False(state.Keeper.IsSettled);

        answer = null;
        state.Keeper.Again();
        await state.Keeper.FlushAsync();
        Assert.Equal(["no space", ""], told);
        Assert.Equal(state.History.Now, _site.Editor.Draft(EditedSite.Id, "anna")!.Draft);
    }

    [Fact]
    public async Task Of_two_pages_of_an_account_the_second_is_told_what_the_first_drew_and_puts_its_own_on_top()
    {
        var (left, right) = (Open(), Open());
        Move(left, 0.3);
        await left.Keeper.FlushAsync();

        right.Do(c => c.Move(new ShapeRef(ShapeKind.Gate, 1), 1, new PicturePoint(0.97, 0.9)));
        await right.Keeper.FlushAsync();

        Assert.NotNull(right.Keeper.Overtaken);
        Assert.Equal(left.History.Now, _editor.Draft(EditedSite.Id, "anna")!.Draft);
        var pending = Overtaking.OfDraft(right, _site.Read(), right.Keeper.Overtaken.Now);
        Assert.Equal((true, left.History.Now), (pending.IsOwn, pending.Theirs));
        Assert.Empty(pending.Rebase(true).Conflicts);
        Assert.Equal("n-in", Assert.Single(SiteDiff.Of(pending.Began, pending.Rebase(true).TheirDraft)).Name);

        right.Keeper.Know(pending.Kept);
        right.Begin(pending.Now, pending.Rebase(true).Draft);
        await right.Keeper.FlushAsync();
        var both = _editor.Draft(EditedSite.Id, "anna")!.Draft.Cameras[0];
        Assert.Equal((0.3, 0.97), (both.Gates[0].From.X, both.Gates[1].To.X));

        // Now the first one is the one that does not know.
        left.Undo();
        await left.Keeper.FlushAsync();
        Assert.Equal(right.History.Now, left.Keeper.Overtaken?.Now?.Draft);
    }

    [Fact]
    public async Task Where_another_page_has_dropped_the_draft_this_one_is_not_lost()
    {
        var left = Open();
        Move(left, 0.3);
        await left.Keeper.FlushAsync();
        var right = Open();
        right.Keeper.Know(_editor.Draft(EditedSite.Id, "anna"));
        right.Begin(_site.Read(), right.Keeper.Agreed!, isKept: true);
        left.Undo();
        await left.Keeper.FlushAsync();

        right.Do(c => c.Move(new ShapeRef(ShapeKind.Gate, 1), 1, new PicturePoint(0.97, 0.9)));
        await right.Keeper.FlushAsync();

        var pending = Overtaking.OfDraft(right, _site.Read(), right.Keeper.Overtaken!.Now);
        Assert.Null(pending.Kept);
        // What the other one took back is gone, and what was drawn here stays.
        var merged = pending.Rebase(true).Draft.Cameras[0];
        Assert.Equal((0.10, 0.97), (merged.Gates[0].From.X, merged.Gates[1].To.X));
    }

    public void Dispose() => _site.Dispose();

    private EditorState Open(TimeProvider? time = null) => new(_editor, _site.Read(), "anna", time ?? TimeProvider.System);

    private static void Move(EditorState state, double x) => state.Do(c => c.Move(EditedSite.Gate, 0, new PicturePoint(x, 0.6)));
}
