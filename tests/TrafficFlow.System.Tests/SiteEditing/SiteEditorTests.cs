using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Run;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Authorization;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Editor;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Operations;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>Site files of a node, changed by people: what is in force, what is kept, who may, and two at a time.</summary>
public sealed class SiteEditorTests : IDisposable
{
    private static readonly SiteId s_site = new("a");
    private static readonly ShapeRef s_gate = new(ShapeKind.Gate, 0);
    private static readonly Caller s_anna = new("anna", new HashSet<Role> { Role.Operator }, "session");

    private readonly SettingsFolder _folder = new();
    private readonly List<AuditEvent> _recorded = [];
    private readonly string _file;
    private readonly SiteEditor _editor;
    private IReadOnlyList<SiteSettings> _inForce;
    private string? _reloadFails;

    public SiteEditorTests()
    {
        _file = _folder.Write("site.conf", SettingsFolder.GoodSite);
        var config = _folder.Write("node.conf", "trafficflow.node { roles = [server], sites = [\"site.conf\"], data-directory = \"data\" }");
        _inForce = [SiteSettings.Load(_file, config)];
        var gate = new CommandGate(new RoleAuthorization(NodeCommandRoles.Table), new NoTrail(), NullLogger<CommandGate>.Instance);
        _editor = new SiteEditor(new EditorNode(
            Path.Combine(_folder.Path, "data"), config, () => _inForce,
            (caller, target, run) => gate.RunAsync(CallerAudit.PrincipalOf(caller), ["site", "reload"], ReloadSites.Instance, target, run),
            _ =>
            {
                if (_reloadFails is { } why) return Task.FromResult<OperatorReply>(new CommandFailed(why, "mend it"));
                _inForce = [SiteSettings.Load(_file, config)];
                return Task.FromResult<OperatorReply>(new InspectionTables([]));
            },
            e =>
            {
                _recorded.Add(e);
                return Task.CompletedTask;
            },
            _ => null, _ => null, TimeProvider.System));
    }

    [Fact]
    public async Task A_draft_becomes_a_version_in_force_that_says_who_and_why_and_the_one_before_is_kept()
    {
        var began = _editor.Read(s_site)!;
        var draft = Moved(began, 0.3);

        var saved = Assert.IsType<DraftSaved>(await SaveAsync(s_anna, began, draft, "  the lane was\nmoved "));

        Assert.Equal(0.3, InForce.Cameras[0].Gates[0].From.X);
        Assert.Equal((InForce.Hash, "anna", VersionKind.Edited), (saved.Version.SiteHash, saved.Version.By, saved.Version.Kind));
        Assert.DoesNotContain('\n', saved.Version.Reason);
        Assert.Equal([2, 1], _editor.Versions(s_site).Select(v => v.Number));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(Path.Combine(_folder.Path, "data", SiteVersions.Folder, "a", "000001.conf")));
        Assert.Equal(SettingsFolder.GoodSite.Replace("from = [0.10, 0.60]", "from = [0.3, 0.6]"), File.ReadAllText(_file));
        var change = Assert.Single(_recorded, e => e.Kind == AuditKind.Change);
        Assert.Equal(("anna", "account[operator]:anna", "site edit", "site a", "done"), (change.By, change.Account, change.Action, change.Target, change.Outcome));
        Assert.Contains(saved.Version.Version, change.Details);

        var now = _editor.Read(s_site)!;
        Assert.IsType<DraftSaved>(await _editor.RestoreAsync(s_anna, now, 1, "back", TestContext.Current.CancellationToken));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_file));
        Assert.Equal((3, VersionKind.Restored), (_editor.Versions(s_site)[0].Number, _editor.Versions(s_site)[0].Kind));
    }

    [Fact]
    public async Task On_top_of_what_another_one_saved_nothing_is_written_until_the_draft_is_rebased()
    {
        var began = _editor.Read(s_site)!;
        Assert.IsType<DraftSaved>(await SaveAsync(s_anna with { Name = "bert" }, began, Moved(began, 0.3), "bert's"));
        var mine = began.Draft.With(began.Draft.Cameras[0].Move(new ShapeRef(ShapeKind.Gate, 1), 1, new(0.97, 0.9)));

        var overtaken = Assert.IsType<SavedByAnother>(await SaveAsync(s_anna, began, mine, "anna's"));

        Assert.Equal(("bert", "bert's"), (overtaken.Last?.By, overtaken.Last?.Reason));
        Assert.Equal(0.95, InForce.Cameras[0].Gates[1].To.X);
        var rebased = DraftRebase.Rebase(began.Draft, mine, overtaken.Now.Draft, prefersMine: true);
        Assert.Empty(rebased.Conflicts);
        Assert.IsType<DraftSaved>(await SaveAsync(s_anna, overtaken.Now, rebased.Draft, "both"));
        Assert.Equal((0.3, 0.97), (InForce.Cameras[0].Gates[0].From.X, InForce.Cameras[0].Gates[1].To.X));
    }

    [Theory]
    [InlineData(Role.Analyst)]
    [InlineData(Role.Custodian)]
    [InlineData(Role.City)]
    public async Task Who_may_not_reload_sites_may_not_change_them(Role role)
    {
        var began = _editor.Read(s_site)!;

        var refused = Assert.IsType<SaveRefused>(await SaveAsync(s_anna with { Roles = new HashSet<Role> { role } }, began, Moved(began, 0.3), "no"));

        Assert.Contains("operator", refused.Remedy);
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_file));
        Assert.StartsWith("refused", Assert.Single(_recorded).Outcome);
        Assert.Empty(_editor.Versions(s_site));
    }

    [Fact]
    public async Task What_is_wrong_is_told_at_its_place_by_the_files_own_reader_and_is_not_saved()
    {
        var began = _editor.Read(s_site)!;
        var camera = began.Draft.Cameras[0];
        var wrong = began.Draft.With(camera.Move(s_gate, 0, camera.Gates[0].To).Put(camera.Gates[1] with { Id = "No Name", Backward = new GateMeaning(GateRole.Exits, new ApproachId("nowhere")) }));
        wrong = wrong.With(wrong.Cameras[0].AddMask([new(0, 0), new(1, 1), new(1, 0), new(0, 1)], out _).Put(camera.Ground[0] with { Image = new(1.5, 0.5) }));

        var check = _editor.Check(began, wrong);

        Assert.Equal(
            ["cameras.cam1.gates.\"No Name\"", "cameras.cam1.gates.\"No Name\".backward.exits", "cameras.cam1.gates.n-in.to", "cameras.cam1.ground[0].image[0]", "cameras.cam1.masks[1]"],
            check.Faults.Select(f => f.Key).Order(StringComparer.Ordinal));
        Assert.Null(check.Site);
        Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, wrong, "wrong"));
        Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, Moved(began, 0.3), "  "));
        Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, began.Draft, "nothing"));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_file));
    }

    [Fact]
    public async Task A_version_that_cannot_come_into_force_is_put_back()
    {
        _reloadFails = "nothing was changed, the settings have 1 problems: another file";
        var began = _editor.Read(s_site)!;

        var refused = Assert.IsType<SaveRefused>(await SaveAsync(s_anna, began, Moved(began, 0.3), "try"));

        Assert.Contains("another file", refused.Reason);
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(_file));
        Assert.DoesNotContain(_editor.Versions(s_site), v => v.Kind == VersionKind.Edited);
    }

    [Fact]
    public async Task No_secret_of_the_file_is_shown_and_versions_are_for_the_node_alone()
    {
        var began = _editor.Read(s_site)!;
        await SaveAsync(s_anna, began, Moved(began, 0.3), "try");

        foreach (var shown in new[] { began.Text, _editor.Check(began, Moved(began, 0.3)).Text!, _editor.Version(s_site, 1)!.Text })
        {
            Assert.DoesNotContain("secret", shown);
            Assert.Contains("cam1.example", shown);
        }

        var files = Directory.GetFiles(Path.Combine(_folder.Path, "data", SiteVersions.Folder, "a"));
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
        Assert.NotEmpty(files);
    }

    [Fact]
    public async Task A_file_that_was_changed_by_hand_is_a_version_of_nobody()
    {
        var began = _editor.Read(s_site)!;
        await SaveAsync(s_anna, began, Moved(began, 0.3), "first");
        File.WriteAllText(_file, File.ReadAllText(_file).Replace("Crossing", "Harbour"));

        var now = _editor.Read(s_site)!;
        await SaveAsync(s_anna, now, Moved(now, 0.31), "second");

        Assert.Equal([VersionKind.Edited, VersionKind.ByHand, VersionKind.Edited, VersionKind.Found], _editor.Versions(s_site).Select(v => v.Kind));
        Assert.Equal("", _editor.Versions(s_site)[1].By);
    }

    [Fact]
    public void Drafts_are_kept_for_each_account_and_others_are_named()
    {
        var began = _editor.Read(s_site)!;
        var kept = new KeptDraft(began.Version, began.Draft, Moved(began, 0.3), DateTimeOffset.UnixEpoch);

        _editor.Keep(s_site, "anna", kept);
        _editor.Keep(s_site, "../../bert", kept with { Draft = Moved(began, 0.4) });

        Assert.Equal(kept.Draft, _editor.Draft(s_site, "anna")?.Draft);
        Assert.Equal(kept.BeganDraft, _editor.Draft(s_site, "anna")?.BeganDraft);
        Assert.Equal(["../../bert"], _editor.OthersDrawing(s_site, "anna"));
        _editor.Keep(s_site, "anna", null);
        Assert.Null(_editor.Draft(s_site, "anna"));
        Assert.Equal(2, Directory.GetFileSystemEntries(Path.Combine(_folder.Path, "data", KeptDrafts.Folder), "*", SearchOption.AllDirectories).Length);
    }

    public void Dispose() => _folder.Dispose();

    private Site InForce => _inForce[0].Site;

    private Task<SaveResult> SaveAsync(Caller caller, SiteFileNow began, SiteDraft draft, string reason) => _editor.SaveAsync(caller, began, draft, reason, TestContext.Current.CancellationToken);

    private static SiteDraft Moved(SiteFileNow began, double x) => began.Draft.With(began.Draft.Cameras[0].Move(s_gate, 0, new PicturePoint(x, 0.6)));

    private sealed class NoTrail : IAuditTrail
    {
        public Task<long?> BeginAsync(RecordCommand command) => Task.FromResult<long?>(1);

        public void End(long number, string outcome)
        {
        }
    }
}
