using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.SiteEditing;
using TrafficFlow.SystemTests.Faults;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Web.Pages.Editor;
using Xunit;

namespace TrafficFlow.SystemTests.SiteEditing;

/// <summary>What becomes of the versions of a site file where something comes between, and what an older one brings back.</summary>
public sealed class SiteVersionTests : IDisposable
{
    private readonly EditedSite _site = new();

    [Fact]
    public async Task A_version_that_a_killed_node_did_not_put_in_force_is_listed_as_such()
    {
        var began = _site.Read();
        await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "first");
        var file = _site.Text;
        // The node is killed behind the version, and before the file.
        new SiteVersions(_site.Data).Keep(EditedSite.Id, "trafficflow"u8.ToArray(), "", DateTimeOffset.UtcNow, "anna", VersionKind.Edited, "second");

        _site.Start();

        Assert.Equal([(3, false), (2, true), (1, true)], _site.Editor.Versions(EditedSite.Id).Select(v => (v.Number, v.WasInForce)));
        var now = _site.Read();
        Assert.IsType<DraftSaved>(await _site.SaveAsync(now, EditedSite.Moved(now, 0.31), "third"));
        // Nobody changed the file by hand.
        Assert.DoesNotContain(_site.Editor.Versions(EditedSite.Id), v => v.Kind == VersionKind.ByHand);
        Assert.Equal(file.Replace("0.3, 0.6", "0.31, 0.6"), _site.Text);
    }

    [Fact]
    public async Task A_version_that_a_killed_node_did_put_in_force_counts_from_the_next_start_on()
    {
        var began = _site.Read();
        await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "first");
        var text = _site.Text.Replace("0.3, 0.6", "0.32, 0.6");
        new SiteVersions(_site.Data).Keep(EditedSite.Id, System.Text.Encoding.UTF8.GetBytes(text), "", DateTimeOffset.UtcNow, "anna", VersionKind.Edited, "second");
        _site.Text = text;

        _site.Start();
        _site.Text = text.Replace("Crossing", "Harbour");

        Assert.True(_site.Editor.Versions(EditedSite.Id)[0].WasInForce);
    }

    [Fact]
    public async Task What_was_changed_by_hand_while_the_node_refused_a_version_is_left()
    {
        var began = _site.Read();
        var byHand = SettingsFolder.GoodSite.Replace("Crossing", "Harbour");
        (_site.ReloadFails, _site.Reloading) = ("another file is wrong", () => _site.Text = byHand);

        var refused = Assert.IsType<SaveRefused>(await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "try"));

        Assert.Equal(byHand, _site.Text);
        Assert.Contains("another file is wrong", refused.Reason);
        Assert.Contains("left", refused.Reason);
        Assert.DoesNotContain(_site.Editor.Versions(EditedSite.Id), v => v.Kind == VersionKind.Edited);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_site.Path)!, "*site*"));
    }

    [Fact]
    public async Task Where_the_disk_of_the_site_file_is_full_the_file_in_force_stays_or_comes_back()
    {
        var folder = Path.Combine(Path.GetDirectoryName(_site.Path)!, "small");
        await using var disk = await LabSkips.OrSkipAsync(SmallDisk.MountAsync(folder, "64k"));
        var place = Path.Combine(folder, "site.conf");
        File.Move(_site.Path, place);
        File.CreateSymbolicLink(_site.Path, place);
        var began = _site.Read();

        disk.Fill();
        Assert.Contains("space", Assert.IsType<SaveRefused>(await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "try")).Reason);
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(place));

        disk.Free();
        (_site.ReloadFails, _site.Reloading) = ("another file is wrong", disk.Fill);
        Assert.IsType<SaveRefused>(await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "try"));
        Assert.Equal(SettingsFolder.GoodSite, File.ReadAllText(place));
        Assert.DoesNotContain(_site.Editor.Versions(EditedSite.Id), v => v.Kind == VersionKind.Edited);
        Assert.Equal(["filler", "site.conf"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_older_version_comes_back_with_the_passwords_of_today()
    {
        var began = _site.Read();
        await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "first");
        _site.Text = _site.Text.Replace("root:secret@", "viewer:changed@");

        Assert.Empty(_site.Editor.Version(EditedSite.Id, 1)!.Regained);
        Assert.IsType<DraftSaved>(await _site.Editor.RestoreAsync(EditedSite.Anna, _site.Read(), 1, "back", TestContext.Current.CancellationToken));

        Assert.Equal(SettingsFolder.GoodSite.Replace("root:secret@", "viewer:changed@"), _site.Text);
    }

    [Theory]
    [InlineData("rtsp://viewer:changed@cam1.example/other.amp", "rtsp://viewer:changed@cam1.example/axis-media/media.amp", false)]
    [InlineData("rtsp://viewer:changed@cam2.example/axis-media/media.amp", "rtsp://root:secret@cam1.example/axis-media/media.amp", true)]
    [InlineData("rtsp://cam1.example/axis-media/media.amp", "rtsp://cam1.example/axis-media/media.amp", false)]
    [InlineData("synthetic:north", "rtsp://root:secret@cam1.example/axis-media/media.amp", true)]
    public async Task An_older_address_has_the_password_of_its_host_today_and_where_there_is_none_the_page_says_so(string today, string expected, bool isRegained)
    {
        var began = _site.Read();
        await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "first");
        const string Then = "rtsp://root:secret@cam1.example/axis-media/media.amp";
        _site.Text = _site.Text.Replace(Then, today);

        Assert.Equal(isRegained ? ["cam1"] : [], _site.Editor.Version(EditedSite.Id, 1)!.Regained);
        Assert.IsType<DraftSaved>(await _site.Editor.RestoreAsync(EditedSite.Anna, _site.Read(), 1, "back", TestContext.Current.CancellationToken));

        Assert.Equal(SettingsFolder.GoodSite.Replace(Then, expected), _site.Text);
    }

    [Theory]
    [InlineData("# password: hunter2")]
    [InlineData("// Password hunter2, since May")]
    [InlineData("# the old camera: rtsp://admin:hunter2@10.0.0.7/stream")]
    [InlineData("# admin:hunter2@10.0.0.7")]
    [InlineData("# login admin / hunter2")]
    [InlineData("# camera_pw=hunter2")]
    [InlineData("# パスワード：hunter2")]
    public async Task Secrets_in_comments_are_not_shown(string comment)
    {
        _site.Text = _site.Text.Replace("        s_out", $"        {comment}\n        s_out").Replace("detector = default", $"detector = default {comment}");
        var began = _site.Read();
        var draft = began.Draft.With(began.Draft.Cameras[0].Remove(new ShapeRef(ShapeKind.Gate, 1)));
        await _site.SaveAsync(began, EditedSite.Moved(began, 0.3), "try");

        var check = _site.Editor.Check(began, draft);
        foreach (var shown in new[] { began.Text, check.Text!, _site.Editor.Version(EditedSite.Id, 1)!.Text, string.Join('\n', check.LostComments) })
        {
            Assert.DoesNotContain("hunter2", shown);
        }

        Assert.Contains(comment[..2], began.Text);
        Assert.Contains("0.60], to = [0.45", began.Text);
        Assert.Equal(_site.Text.Split('\n').Length, began.Text.Split('\n').Length);
    }

    [Fact]
    public async Task Two_new_gates_of_one_name_are_told_with_whose_the_other_is_and_a_name_that_is_free()
    {
        var began = _site.Read();
        SiteDraft Added(double y) => began.Draft.With(began.Draft.Cameras[0].AddGate(new(0.1, y), new(0.4, y), out _));
        Assert.IsType<DraftSaved>(await _site.SaveAsync(began, Added(0.7), "bert's", EditedSite.Anna with { Name = "bert" }));
        var now = _site.Read();
        var rebased = DraftRebase.Rebase(began.Draft, Added(0.8), now.Draft, prefersMine: true);
        Assert.Empty(rebased.Conflicts);

        var fault = Assert.Single(_site.Editor.Check(now, rebased.Draft).Faults);

        Assert.Equal("cameras.cam1.gates.gate-1", fault.Key);
        Assert.Contains("bert added one in version 2", fault.Text);
        Assert.Contains("gate-2", fault.Remedy);
        Assert.Equal("bert, 2", fault.Fault!.Second);
        var refused = Assert.IsType<SaveRefused>(await _site.SaveAsync(now, rebased.Draft, "mine"));
        Assert.Contains("gate-1", refused.Reason);

        var mine = rebased.Draft.Cameras[0].Gates.Single(g => g.Key < 0);
        Assert.IsType<DraftSaved>(await _site.SaveAsync(now, rebased.Draft.With(rebased.Draft.Cameras[0].Put(mine with { Id = "gate-2" })), "mine"));
    }

    public void Dispose() => _site.Dispose();
}
