using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.Web.Pages.Editor;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>Drafts that are not saved yet: whose they are, which of two pages may change one, how long they are kept, and what is told where they cannot be.</summary>
public sealed class KeptDraftTests : IDisposable
{
    private readonly EditedSite _site = new();

    private string Folder => Path.Combine(_site.Data, KeptDrafts.Folder, "a");

    [Fact]
    public void Drafts_are_kept_for_each_account_and_others_are_named()
    {
        var kept = Drawn(0.3);

        Assert.IsType<DraftKept>(Keep("anna", kept, 0));
        Assert.IsType<DraftKept>(Keep("../../bert", Drawn(0.4), 0));

        var draft = _site.Editor.Draft(EditedSite.Id, "anna")!;
        Assert.Equal((kept.Draft, kept.BeganDraft), (draft.Draft, draft.BeganDraft));
        Assert.Equal(["../../bert"], _site.Editor.OthersDrawing(EditedSite.Id, "anna"));
        Assert.Equal(new DraftKept(0), Keep("anna", null, draft.Number));
        Assert.Null(_site.Editor.Draft(EditedSite.Id, "anna"));
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Combine(_site.Data, KeptDrafts.Folder), "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Of_two_pages_of_an_account_the_second_changes_nothing_until_it_knows_of_the_first()
    {
        var first = Assert.IsType<DraftKept>(Keep("anna", Drawn(0.3), 0));

        var told = Assert.IsType<DraftOfAnotherPage>(Keep("anna", Drawn(0.4), 0));
        Assert.Equal((first.Number, Drawn(0.3).Draft), (told.Now!.Number, told.Now.Draft));
        Assert.IsType<DraftOfAnotherPage>(Keep("anna", null, 0));
        Assert.Equal(Drawn(0.3).Draft, _site.Editor.Draft(EditedSite.Id, "anna")!.Draft);

        Assert.IsType<DraftKept>(Keep("anna", Drawn(0.4), first.Number));
        Assert.IsType<DraftOfAnotherPage>(Keep("anna", Drawn(0.5), first.Number));
    }

    [Fact]
    public void A_draft_that_was_dropped_and_drawn_anew_is_not_taken_for_the_former_one()
    {
        var first = Assert.IsType<DraftKept>(Keep("anna", Drawn(0.3), 0));
        Keep("anna", null, first.Number);
        Assert.Equal(new DraftOfAnotherPage(null), Keep("anna", Drawn(0.4), first.Number));

        Keep("anna", Drawn(0.5), 0);

        Assert.IsType<DraftOfAnotherPage>(Keep("anna", Drawn(0.4), first.Number));
    }

    [Fact]
    public async Task Saving_drops_the_draft_that_was_saved_and_not_what_another_page_keeps()
    {
        var began = _site.Read();
        var kept = Assert.IsType<DraftKept>(Keep("anna", Drawn(0.3), 0));
        Assert.IsType<DraftSaved>(await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "mine", known: kept.Number));
        Assert.Null(_site.Editor.Draft(EditedSite.Id, "anna"));

        var other = Assert.IsType<DraftKept>(Keep("anna", Drawn(0.4), 0));
        var now = _site.Read();
        Assert.IsType<DraftSaved>(await _site.SaveAsync(now, EditedSite.Moved(now, 0.5), "mine", known: 0));
        Assert.Equal(other.Number, _site.Editor.Draft(EditedSite.Id, "anna")?.Number);
    }

    [Fact]
    public void A_draft_of_a_former_release_is_found_again()
    {
        Keep("anna", Drawn(0.3), 0);
        var file = Directory.GetFiles(Folder).Single();
        var text = File.ReadAllText(file);
        File.WriteAllText(file, System.Text.RegularExpressions.Regex.Replace(text, ",\"Number\":[0-9]+", ""));
        Assert.NotEqual(text, File.ReadAllText(file));

        Assert.Equal((0, Drawn(0.3).Draft), (_site.Editor.Draft(EditedSite.Id, "anna")!.Number, _site.Editor.Draft(EditedSite.Id, "anna")!.Draft));
        Assert.IsType<DraftKept>(Keep("anna", Drawn(0.4), 0));
    }

    [Fact]
    public void A_draft_that_nobody_has_changed_for_long_is_hidden()
    {
        Keep("anna", Drawn(0.3), 0);
        Keep("bert", Drawn(0.3), 0);
        foreach (var file in Directory.GetFiles(Folder)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow - KeptDraft.For + TimeSpan.FromHours(1));
        Assert.NotNull(_site.Editor.Draft(EditedSite.Id, "anna"));

        foreach (var file in Directory.GetFiles(Folder)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow - KeptDraft.For - TimeSpan.FromHours(1));
        Assert.Empty(_site.Editor.OthersDrawing(EditedSite.Id, "anna"));
        Assert.Null(_site.Editor.Draft(EditedSite.Id, "anna"));

        // A clock that stood ahead for a moment has deleted nothing.
        Assert.NotEmpty(Directory.GetFiles(Folder));
        foreach (var file in Directory.GetFiles(Folder)) File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
        Assert.NotNull(_site.Editor.Draft(EditedSite.Id, "anna"));
    }

    [Fact]
    public void What_has_been_old_for_a_day_of_the_machines_own_time_is_deleted()
    {
        var clock = new Support.TickedTime();
        var drafts = new KeptDrafts(_site.Data, clock);
        Assert.IsType<DraftKept>(drafts.Keep(EditedSite.Id, "anna", Drawn(0.3), 0));

        clock.Move(KeptDraft.For + TimeSpan.FromHours(1));
        Assert.Null(drafts.Of(EditedSite.Id, "anna"));
        Assert.NotEmpty(Directory.GetFiles(Folder));
        clock.Move(KeptDrafts.HiddenFor);
        Assert.Null(drafts.Of(EditedSite.Id, "carl"));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void Where_no_draft_can_be_kept_it_is_said_and_all_else_goes_on()
    {
        // A file in the folder's place stands in the way of anybody, of root too.
        Directory.CreateDirectory(Path.Combine(_site.Data, KeptDrafts.Folder));
        File.WriteAllText(Folder, "");

        Assert.NotEmpty(Assert.IsType<DraftNotKept>(Keep("anna", Drawn(0.3), 0)).Reason);

        Assert.Null(_site.Editor.Draft(EditedSite.Id, "anna"));
        Assert.Empty(_site.Editor.OthersDrawing(EditedSite.Id, "anna"));
    }

    [Fact]
    public async Task On_a_full_disk_no_draft_and_no_version_is_kept_which_is_said_and_the_file_in_force_stays()
    {
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(_site.Data, "256k"));
        var kept = Assert.IsType<DraftKept>(Keep("anna", Drawn(0.3), 0));
        disk.Fill();

        Assert.Contains("space", Assert.IsType<DraftNotKept>(Keep("anna", Drawn(0.4), kept.Number)).Reason);
        Assert.Equal(Drawn(0.3).Draft, _site.Editor.Draft(EditedSite.Id, "anna")!.Draft);
        var before = _site.Text;
        var began = _site.Read();
        Assert.Contains("space", Assert.IsType<SaveRefused>(await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "try", known: kept.Number)).Reason);
        Assert.Equal(before, _site.Text);
        Assert.Empty(_site.Editor.Versions(EditedSite.Id));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_site.Path)!, "*site*"));

        disk.Free();
        Assert.IsType<DraftKept>(Keep("anna", Drawn(0.4), kept.Number));
        Assert.IsType<DraftSaved>(await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "again", known: kept.Number));
    }

    public void Dispose() => _site.Dispose();

    private KeepResult Keep(string account, KeptDraft? draft, long known) => _site.Editor.Keep(EditedSite.Id, account, draft, known);

    private KeptDraft Drawn(double x) => _site.Read() is var began ? new KeptDraft(began.Version, began.Draft, EditedSite.Moved(began, x), DateTimeOffset.UnixEpoch) : null!;
}
