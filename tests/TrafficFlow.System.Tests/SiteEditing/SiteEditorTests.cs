using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Editor;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>Site files of a node, changed by people: what is in force, what is kept, who may, and two at a time.</summary>
public sealed class SiteEditorTests : IDisposable
{
    private static readonly SiteId s_site = EditedSite.Id;
    private static readonly ShapeRef s_gate = EditedSite.Gate;
    private static readonly Caller s_anna = EditedSite.Anna;

    private readonly EditedSite _site = new();

    [Fact]
    public async Task A_draft_becomes_a_version_in_force_that_says_who_and_why_and_the_one_before_is_kept()
    {
        var began = _site.Editor.Read(s_site)!;
        var draft = Moved(began, 0.3);

        var saved = Assert.IsType<DraftSaved>(await SaveAsync(s_anna, began, draft, "  the lane was\nmoved "));

        Assert.Equal(0.3, _site.InForce.Cameras[0].Gates[0].From.X);
        Assert.Equal((_site.InForce.Hash, "anna", VersionKind.Edited), (saved.Version.SiteHash, saved.Version.By, saved.Version.Kind));
        Assert.DoesNotContain('\n', saved.Version.Reason);
        Assert.Equal([2, 1], _site.Editor.Versions(s_site).Select(v => v.Number));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(Path.Combine(_site.Data, SiteVersions.Folder, "a", "000001.conf")));
        Assert.Equal(SettingsFolder.GoodSite.Replace("from = [0.10, 0.60]", "from = [0.3, 0.6]"), File.ReadAllText(_site.Path));
        var change = Assert.Single(_site.Recorded, e => e.Kind == AuditKind.Change);
        Assert.Equal(("anna", "account[operator]:anna", "site edit", "site a", "done"), (change.By, change.Account, change.Action, change.Target, change.Outcome));
        Assert.Contains(saved.Version.Version, change.Details);

        var now = _site.Editor.Read(s_site)!;
        Assert.IsType<DraftSaved>(await _site.Editor.RestoreAsync(s_anna, now, 1, "back", TestContext.Current.CancellationToken));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_site.Path));
        Assert.Equal((3, VersionKind.Restored), (_site.Editor.Versions(s_site)[0].Number, _site.Editor.Versions(s_site)[0].Kind));
    }

    [Fact]
    public async Task On_top_of_what_another_one_saved_nothing_is_written_until_the_draft_is_rebased()
    {
        var began = _site.Editor.Read(s_site)!;
        Assert.IsType<DraftSaved>(await SaveAsync(s_anna with { Name = "bert" }, began, Moved(began, 0.3), "bert's"));
        var mine = began.Draft.With(began.Draft.Cameras[0].Move(new ShapeRef(ShapeKind.Gate, 1), 1, new(0.97, 0.9)));

        var overtaken = Assert.IsType<SavedByAnother>(await SaveAsync(s_anna, began, mine, "anna's"));

        Assert.Equal(("bert", "bert's"), (overtaken.Last?.By, overtaken.Last?.Reason));
        Assert.Equal(0.95, _site.InForce.Cameras[0].Gates[1].To.X);
        var rebased = DraftRebase.Rebase(began.Draft, mine, overtaken.Now.Draft, prefersMine: true);
        Assert.Empty(rebased.Conflicts);
        Assert.IsType<DraftSaved>(await SaveAsync(s_anna, overtaken.Now, rebased.Draft, "both"));
        Assert.Equal((0.3, 0.97), (_site.InForce.Cameras[0].Gates[0].From.X, _site.InForce.Cameras[0].Gates[1].To.X));
    }

    [Theory]
    [InlineData(Role.Analyst)]
    [InlineData(Role.Custodian)]
    [InlineData(Role.City)]
    public async Task Who_may_not_reload_sites_may_not_change_them(Role role)
    {
        var began = _site.Editor.Read(s_site)!;

        var refused = Assert.IsType<SaveRefused>(await SaveAsync(s_anna with { Roles = new HashSet<Role> { role } }, began, Moved(began, 0.3), "no"));

        Assert.Contains("operator", refused.Remedy);
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_site.Path));
        Assert.StartsWith("refused", Assert.Single(_site.Recorded).Outcome);
        Assert.Empty(_site.Editor.Versions(s_site));
    }

    [Fact]
    public async Task What_is_wrong_is_told_at_its_place_by_the_files_own_reader_and_is_not_saved()
    {
        var began = _site.Editor.Read(s_site)!;
        var camera = began.Draft.Cameras[0];
        var wrong = began.Draft.With(camera.Move(s_gate, 0, camera.Gates[0].To).Put(camera.Gates[1] with { Id = "No Name", Backward = new GateMeaning(GateRole.Exits, new ApproachId("nowhere")) }));
        wrong = wrong.With(wrong.Cameras[0].AddMask([new(0, 0), new(1, 1), new(1, 0), new(0, 1)], out _).Put(camera.Ground[0] with { Image = new(1.5, 0.5) }));

        var check = _site.Editor.Check(began, wrong);

        Assert.Equal(
            ["cameras.cam1.gates.\"No Name\"", "cameras.cam1.gates.\"No Name\".backward.exits", "cameras.cam1.gates.n-in.to", "cameras.cam1.ground[0].image[0]", "cameras.cam1.masks[1]"],
            check.Faults.Select(f => f.Key).Order(StringComparer.Ordinal));
        Assert.Null(check.Site);
        Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, wrong, "wrong"));
        Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, Moved(began, 0.3), "  "));
        Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, began.Draft, "nothing"));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_site.Path));
    }

    [Fact]
    public async Task A_version_that_cannot_come_into_force_is_put_back()
    {
        _site.ReloadFails = "nothing was changed, the settings have 1 problems: another file";
        var began = _site.Editor.Read(s_site)!;

        var refused = Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, Moved(began, 0.3), "try"));

        Assert.Contains("another file", refused.Reason);
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_site.Path));
        Assert.DoesNotContain(_site.Editor.Versions(s_site), v => v.Kind == VersionKind.Edited);
    }

    [Fact]
    public async Task No_secret_of_the_file_is_shown_and_versions_are_for_the_node_alone()
    {
        var began = _site.Editor.Read(s_site)!;
        await SaveAsync(s_anna, began, Moved(began, 0.3), "try");

        foreach (var shown in new[] { began.Text, _site.Editor.Check(began, Moved(began, 0.3)).Text!, _site.Editor.Version(s_site, 1)!.Text })
        {
            Assert.DoesNotContain("secret", shown);
            Assert.Contains("cam1.example", shown);
        }

        var files = Directory.GetFiles(Path.Combine(_site.Data, SiteVersions.Folder, "a"));
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        Assert.NotEmpty(files);
    }

    [Fact]
    public async Task A_file_that_was_changed_by_hand_is_a_version_of_nobody()
    {
        var began = _site.Editor.Read(s_site)!;
        await SaveAsync(s_anna, began, Moved(began, 0.3), "first");
        File.WriteAllText(_site.Path, File.ReadAllText(_site.Path).Replace("Crossing", "Harbour"));

        var now = _site.Editor.Read(s_site)!;
        await SaveAsync(s_anna, now, Moved(now, 0.31), "second");

        Assert.Equal([VersionKind.Edited, VersionKind.ByHand, VersionKind.Edited, VersionKind.Found], _site.Editor.Versions(s_site).Select(v => v.Kind));
        Assert.Equal("", _site.Editor.Versions(s_site)[1].By);
    }

    public void Dispose() => _site.Dispose();

    private Task<SaveResult> SaveAsync(Caller caller, SiteFileNow began, SiteDraft draft, string reason) => _site.SaveAsync(began, draft, reason, caller);

    private static SiteDraft Moved(SiteFileNow began, double x) => EditedSite.Moved(began, x);
}
