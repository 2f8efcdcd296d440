using System.Text;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>Erasure on a real disk: what is erased does not open, what is not erased does, the receipt says which, and a crash changes nothing of that.</summary>
public sealed class EraserTests : IDisposable
{
    private const int All = 3 * 3 * ErasedVault.PerDay;

    private readonly ErasedVault _erased = new();

    [Fact]
    public void A_time_of_a_camera_is_erased_and_all_else_plays()
    {
        var before = _erased.Left();
        Assert.Equal(All, before.Count);
        var scope = ErasedVault.Kokandori("cam1", ErasedVault.Time(1, 1), ErasedVault.Time(1, 2).AddSeconds(1));
        var victims = before.Where(s => s.Place.Camera.Value == "cam1" && s.Place.Site.Value == "kokandori" && s.From >= ErasedVault.Time(1, 1) && s.From <= ErasedVault.Time(1, 2)).ToList();
        Assert.Equal(2, victims.Count);
        var wrapped = victims.Select(v => File.ReadAllBytes(_erased.Vault.FileOf(v.Place))[10..50]).ToList();

        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(scope)));

        Assert.Equal(victims.Select(v => (v.Place.ToString(), v.Commitment)), receipt.Segments.Select(s => (s.Segment, s.Commitment)));
        Assert.Empty(receipt.Days);
        Assert.Equal(All - 2, _erased.Left().Count);
        foreach (var victim in victims)
        {
            Assert.False(File.Exists(_erased.Vault.FileOf(victim.Place)));
            Assert.Contains("was erased", Assert.Throws<SegmentStoreException>(() => _erased.Vault.Recorded.Open(victim.Place)).Message);
        }

        Assert.All(_erased.Left(), s => Assert.Equal(40_000, _erased.Vault.Read(s.Place).Length));
        Assert.Empty(_erased.Vault.Recorded.Verify());
        Assert.All(wrapped, w => Assert.False(IsAnywhere(w)));
        Assert.Contains("2 of 2 segments", receipt.Proved[0]);
        Assert.Equal(victims.Select(v => v.Place), _erased.Vault.Recorded.List().Where(s => s.Receipt == receipt.Id).Select(s => s.Place));
    }

    [Fact]
    public void A_file_that_was_kept_aside_and_put_back_after_its_erasure_does_not_open()
    {
        var victim = _erased.Left().First(s => s.Place.Site.Value == "kokandori");
        var day = _erased.Vault.Keys.FolderOf(victim.Place.Site, victim.Place.Camera, victim.Place.Day);
        var aside = Directory.EnumerateFiles(day).ToDictionary(f => f, File.ReadAllBytes);
        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1")));
        Assert.False(Directory.Exists(day));

        // Of a camera that records again, under a new key of the same day.
        _erased.Vault.Record(RecordedVault.Content(100), victim.From.AddMinutes(30));
        foreach (var (path, content) in aside.Where(f => f.Key.EndsWith(".tfs", StringComparison.Ordinal))) File.WriteAllBytes(path, content);

        Assert.Throws<SegmentStoreException>(() => _erased.Vault.Recorded.Open(victim.Place));
        Assert.Equal(2 * ErasedVault.PerDay, _erased.Vault.Recorded.Verify().Count());
    }

    [Fact]
    public void A_whole_day_loses_its_key_and_its_folder()
    {
        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori(null, ErasedVault.Time(0, -60), ErasedVault.Time(0, 60)))));

        Assert.Equal([("cam1", ErasedVault.PerDay), ("cam2", ErasedVault.PerDay)], receipt.Days.Select(d => (d.Camera, d.Count)));
        Assert.All(receipt.Days, d => Assert.Equal(16, d.KeyId.Length));
        Assert.Empty(receipt.Segments);
        Assert.False(Directory.Exists(Path.Combine(_erased.Vault.Place, "sites", "kokandori", "cam1", "2026-11-29")));
        Assert.Equal(All - (2 * ErasedVault.PerDay), _erased.Left().Count);
        Assert.Empty(_erased.Vault.Recorded.Verify());
    }

    [Theory]
    [InlineData("camera", 2 * 3 * ErasedVault.PerDay)]
    [InlineData("site", 3 * ErasedVault.PerDay)]
    [InlineData("all", 0)]
    public void A_camera_a_site_and_all_are_erased_with_their_keys(string what, int left)
    {
        var keys = new Dictionary<string, byte[]>();
        foreach (var file in Directory.EnumerateFiles(_erased.Vault.Place, "*.key", SearchOption.AllDirectories).Append(Path.Combine(_erased.Vault.Place, "master.json"))) keys[file] = File.ReadAllBytes(file);
        var scope = what switch { "camera" => ErasedVault.Kokandori("cam1"), "site" => ErasedVault.Kokandori(), _ => EraseScope.All };

        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(scope)));

        Assert.Equal(All - left, receipt.Days.Sum(d => d.Count));
        Assert.Equal(what switch { "camera" => [], "site" => ["site:kokandori"], _ => ["site:harbour", "site:kokandori", "master"] }, receipt.Keys.Select(k => k.Name));
        Assert.Equal(left, _erased.Left().Count);
        foreach (var (path, content) in keys.Where(k => !File.Exists(k.Key)))
        {
            var wrapped = System.Text.RegularExpressions.Regex.Match(Encoding.UTF8.GetString(content), "\"(wrapped|sealed)\": \"([^\"]+)\"").Groups[2].Value;
            Assert.False(IsAnywhere(Encoding.ASCII.GetBytes(wrapped)), path);
        }

        if (what == "all")
        {
            Assert.Equal(VaultState.Absent, _erased.Vault.Keys.State);
            Assert.DoesNotContain(Directory.EnumerateFiles(_erased.Vault.Place, "*", SearchOption.AllDirectories), f => !f.Contains("receipts", StringComparison.Ordinal));
        }
        else
        {
            Assert.Empty(_erased.Vault.Recorded.Verify());
        }
    }

    [Fact]
    public void A_vault_that_is_put_back_whole_from_a_copy_of_before_a_rotation_stays_closed()
    {
        // The worst case that the receipt names: old blocks of everything survive. After a rotation of site and master, and with the slot's secret, the erased segment stays closed.
        var victim = _erased.Left().First(s => s.Place.Site.Value == "kokandori");
        var aside = File.ReadAllBytes(_erased.Vault.FileOf(victim.Place));
        var day = Path.Combine(_erased.Vault.Keys.FolderOf(victim.Place.Site, victim.Place.Camera, victim.Place.Day), "day.key");
        var dayAside = File.ReadAllBytes(day);
        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1")));
        _erased.Vault.Keys.RotateSite(victim.Place.Site);
        _erased.Vault.Keys.RotateMaster();

        Directory.CreateDirectory(Path.GetDirectoryName(day)!);
        File.WriteAllBytes(day, dayAside);
        File.SetUnixFileMode(day, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(_erased.Vault.FileOf(victim.Place), aside);

        Assert.Contains("was wrapped by another key", Assert.Throws<VaultKeyException>(() => _erased.Vault.Recorded.Open(victim.Place)).Message);
    }

    [Fact]
    public void What_is_held_is_not_erased_until_the_hold_ends_or_is_released()
    {
        var hold = _erased.Holds.Add(ErasedVault.Kokandori("cam1", ErasedVault.Time(0, 1), ErasedVault.Time(0, 2)), "accident of 11-29, police 4711", "tanaka", _erased.Vault.Clock.GetUtcNow().AddDays(30));

        var refused = Assert.Throws<ErasureException>(() => _erased.Eraser.Erase(ErasedVault.Order(EraseScope.All))).Message;
        Assert.Contains("police 4711", refused);
        Assert.Contains("hold-1", refused);
        Assert.Equal(All, _erased.Left().Count);
        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam2")));
        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(1, 0))));

        _erased.Holds.Release(hold.Id, "suzuki");
        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1")));
        Assert.Equal(3 * ErasedVault.PerDay, _erased.Left().Count);
        Assert.Throws<FormatException>(() => _erased.Holds.Release(hold.Id, "suzuki"));
        Assert.Throws<FormatException>(() => _erased.Holds.Add(EraseScope.All, "", "tanaka", _erased.Vault.Clock.GetUtcNow().AddDays(1)));
        Assert.Throws<FormatException>(() => _erased.Holds.Add(EraseScope.All, "why", "tanaka", _erased.Vault.Clock.GetUtcNow()));
    }

    [Fact]
    public void What_is_being_written_is_ended_and_erased_and_recording_goes_on_afterwards()
    {
        using var writer = _erased.Vault.Store.Begin(RecordedVault.Start(_erased.Vault.Clock.GetUtcNow()));
        writer.Write(RecordedVault.Content(100_000));

        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1")));

        Assert.Contains("was ended", Assert.Throws<SegmentStoreException>(() => writer.Write([1])).Message);
        Assert.DoesNotContain(_erased.Left(), s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" });
        _erased.Vault.Record(RecordedVault.Content(1000), _erased.Vault.Clock.GetUtcNow());
        Assert.Empty(_erased.Vault.Recorded.Verify());
    }

    [Fact]
    public void Copies_that_are_known_stand_in_the_receipt_until_they_have_ended()
    {
        var (far, near) = (_erased.Vault.Clock.GetUtcNow().AddDays(60), _erased.Vault.Clock.GetUtcNow().AddDays(1));
        var police = _erased.Copies.Add(CopyKind.Export, ErasedVault.Kokandori("cam1", ErasedVault.Time(0, 0), ErasedVault.Time(0, 1)), "tanaka", "police, USB stick 3", far);
        var ended = _erased.Copies.Add(CopyKind.Bundle, ErasedVault.Kokandori(), "tanaka", "server", near);
        _erased.Copies.End(ended.Id, "imported and confirmed");
        _erased.Copies.Add(CopyKind.Backup, new EraseScope(new SiteId("harbour")), "suzuki", "safe", near);

        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori())));

        Assert.Equal(police.Id, Assert.Single(receipt.Copies).Id);
        Assert.True(_erased.Copies.All[2].IsOverdue(near));
        Assert.False(_erased.Copies.All[1].IsOverdue(far));
        Assert.Throws<FormatException>(() => _erased.Copies.End(ended.Id, "again"));
    }

    [Fact]
    public void What_nobody_can_know_depends_on_what_the_vault_lies_on()
    {
        _erased.Medium = new MediumFacts("btrfs", true, true, "test");
        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori())));
        Assert.Contains(receipt.NotProved, l => l.Contains("flash", StringComparison.Ordinal));
        Assert.Contains(receipt.NotProved, l => l.Contains("writes elsewhere", StringComparison.Ordinal));
        Assert.Contains(receipt.NotProved, l => l.Contains("rotate", StringComparison.Ordinal));

        _erased.Medium = new MediumFacts("ext4", false, false, "test");
        receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(EraseScope.All)));
        Assert.DoesNotContain(receipt.NotProved, l => l.Contains("flash", StringComparison.Ordinal));
        Assert.Contains(receipt.NotProved, l => l.Contains("without the master key", StringComparison.Ordinal));
    }

    [Fact]
    public void Orders_that_are_none_are_refused()
    {
        Assert.Throws<FormatException>(() => _erased.Eraser.Erase(ErasedVault.Order(new EraseScope(null, new CameraId("cam1")))));
        Assert.Throws<FormatException>(() => _erased.Eraser.Erase(ErasedVault.Order(EraseScope.All with { From = ErasedVault.Time(1, 0), To = ErasedVault.Time(0, 0) })));
        Assert.Throws<FormatException>(() => _erased.Eraser.Erase(ErasedVault.Order(EraseScope.All) with { Reason = " " }));
        _erased.Vault.Keys.Lock();
        Assert.Throws<VaultKeyException>(() => _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(0, 1), ErasedVault.Time(0, 2)))));
        Assert.Equal(All, _erased.Left().Count);
    }

    [Fact]
    public void A_locked_vault_erases_nothing_for_nobody_can_check_what_is_held()
    {
        _erased.Vault.Keys.Lock();
        Assert.Contains("cannot be checked", Assert.Throws<VaultKeyException>(() => _erased.Eraser.Erase(ErasedVault.Order(EraseScope.All))).Message);
        _erased.Vault.Restart();
        Assert.Equal(All, _erased.Left().Count);
    }

    [Fact]
    public void A_segment_that_was_not_closed_is_erased_and_not_saved_from_its_erasure()
    {
        // As a full disk leaves one: the writer has given up, and its file keeps the ending of an open one.
        var victim = _erased.Left().First(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" } && s.From == ErasedVault.Time(1, 0)).Place;
        var folder = _erased.Vault.Keys.FolderOf(victim.Site, victim.Camera, victim.Day);
        File.Move(_erased.Vault.FileOf(victim), Path.Combine(folder, victim.Name + ".open"));
        File.Delete(Path.Combine(folder, "segments.log"));
        foreach (var other in Directory.GetFiles(folder, "*.tfs").Skip(1)) File.Delete(other);

        // All but the one that is left, so that the key of the day stays.
        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(1, 0), ErasedVault.Time(1, 0).AddSeconds(30)))));

        Assert.Contains(receipt.Segments, s => s.Segment == victim.ToString());
        Assert.Empty(Directory.GetFiles(folder, "*.open"));
        Assert.Empty(_erased.Vault.Restart());
        Assert.Empty(Directory.GetFiles(folder, victim.Name + "*"));
    }

    [Fact]
    public void A_hold_that_comes_while_an_erasure_is_planned_is_respected()
    {
        using var key = TrafficFlow.Vault.Audit.AuditKey.Create();
        var eraser = new Eraser(
            _erased.Vault.Keys, _erased.Vault.Store, _erased.Vault.Recorded, _erased.Vault.Options, _erased.Holds, _erased.Copies, key, "x", () => _erased.Medium, new AskedClock(_erased.Vault.Clock, () =>
                new LegalHolds(_erased.Vault.Keys, _erased.Vault.Clock).Add(ErasedVault.Kokandori(), "police", "tanaka", _erased.Vault.Clock.GetUtcNow().AddDays(1))));
        Assert.Contains("is held", Assert.Throws<ErasureException>(() => eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori()))).Message);
        Assert.Equal(All, _erased.Left().Count);
    }

    /// <summary>Does something when it is first asked, which is when the plan has looked for holds.</summary>
    private sealed class AskedClock(TimeProvider clock, Action first) : TimeProvider
    {
        private int _asked;

        public override DateTimeOffset GetUtcNow()
        {
            if (++_asked == 1) first();
            return clock.GetUtcNow();
        }
    }

    [Fact]
    public void Nothing_is_no_erasure_and_gets_no_receipt()
    {
        Assert.Contains("nothing of", Assert.Throws<ErasureException>(() => _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(20, 0), ErasedVault.Time(20, 1))))).Message);
        Assert.False(Directory.Exists(Path.Combine(_erased.Vault.Place, "receipts")));
    }

    [Fact]
    public void An_erasure_that_cannot_be_ended_lets_nothing_be_recorded_there_until_it_is()
    {
        var victim = _erased.Left().First(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" }).Place;
        var (file, other) = (_erased.Vault.FileOf(victim), Path.Combine(_erased.Vault.Place, "..", "other"));
        File.WriteAllText(other, "x");
        File.Delete(file);
        File.CreateSymbolicLink(file, other);
        Assert.ThrowsAny<Exception>(() => _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1"))));

        Assert.Contains("are being erased", Assert.Throws<SegmentStoreException>(() => _erased.Vault.Store.Begin(RecordedVault.Start(_erased.Vault.Clock.GetUtcNow()))).Message);
        var elsewhere = _erased.Vault.Record(RecordedVault.Content(100), _erased.Vault.Clock.GetUtcNow(), "cam2");
        File.Delete(file);
        Assert.Single(_erased.Eraser.Resume([]));

        Assert.Equal(100, _erased.Vault.Read(elsewhere).Length);
    }

    [Fact]
    public void An_erasure_that_fails_again_and_again_lets_recording_go_on_when_it_is_ended()
    {
        var victim = _erased.Left().First(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" }).Place;
        var blocked = Block(victim);
        Assert.ThrowsAny<Exception>(() => _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1"))));
        for (var hour = 0; hour < 3; hour++)
        {
            var told = new List<string>();
            Assert.Empty(_erased.Eraser.Resume(told));
            Assert.Contains("cannot be ended now", Assert.Single(told));
        }

        File.Delete(blocked);
        Assert.Single(_erased.Eraser.Resume([]));

        var place = _erased.Vault.Record(RecordedVault.Content(100), _erased.Vault.Clock.GetUtcNow());
        Assert.Equal(100, _erased.Vault.Read(place).Length);
    }

    [Fact]
    public void Old_parts_of_two_sites_that_cannot_be_erased_keep_no_camera_from_recording_and_no_other_erasure_from_its_end()
    {
        var only = _erased.Left().Where(s => s.From == ErasedVault.Time(0, 1)).Select(s => s.Place).ToHashSet();
        var blocked = Block(only.First());
        Assert.ThrowsAny<Exception>(() => _erased.Eraser.Erase(ErasedVault.Order(EraseScope.All), only));
        var other = _erased.Left().First(s => s.From == ErasedVault.Time(1, 1) && s.Place.Camera.Value == "cam2").Place;
        var second = Block(other);
        Assert.ThrowsAny<Exception>(() => _erased.Eraser.Erase(ErasedVault.Order(EraseScope.All), new HashSet<SegmentPlace> { other }));
        File.Delete(second);

        var told = new List<string>();
        Assert.Single(_erased.Eraser.Resume(told));
        Assert.Contains("cannot be ended now", Assert.Single(told));

        foreach (var camera in new[] { "cam1", "cam2" }) _erased.Vault.Record(RecordedVault.Content(100), _erased.Vault.Clock.GetUtcNow(), camera);
        // Of the very time, too: the segments that are named go, and no time was ordered.
        _erased.Vault.Record(RecordedVault.Content(100), ErasedVault.Time(0, 1).AddSeconds(30));
        File.Delete(blocked);
        Assert.Single(_erased.Eraser.Resume([]));
        Assert.Equal(All - only.Count - 1 + 3, _erased.Left().Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_day_whose_key_is_damaged_is_erased_like_the_others_and_the_receipt_says_what_could_not_be_tried(bool anew)
    {
        var scope = ErasedVault.Kokandori("cam1", ErasedVault.Time(0, 3), ErasedVault.Time(1, 1).AddSeconds(1));
        var victims = _erased.Left().Where(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" } && s.From >= ErasedVault.Time(0, 3) && s.From <= ErasedVault.Time(1, 1)).Select(s => s.Place).ToList();
        Assert.Equal(3, victims.Count);
        var wrapped = victims.Select(v => File.ReadAllBytes(_erased.Vault.FileOf(v))[10..50]).ToList();
        File.WriteAllText(Path.Combine(_erased.Vault.Keys.FolderOf(victims[^1].Site, victims[^1].Camera, victims[^1].Day), "day.key"), "{}");
        // Else the key is held in memory still.
        if (anew) _erased.Vault.Restart();

        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(scope)));

        Assert.Equal(victims.Select(v => v.ToString()), receipt.Segments.Select(s => s.Segment));
        Assert.Contains(anew ? "1 of 3 segments" : "3 of 3 segments", receipt.Proved[0]);
        Assert.Equal(anew, receipt.Proved.Any(p => p.Contains("2 more were overwritten", StringComparison.Ordinal)));
        Assert.Contains(receipt.NotProved, p => p.Contains("does not open", StringComparison.Ordinal) && p.Contains("cam1 of site kokandori on 2026-11-30", StringComparison.Ordinal));
        Assert.All(victims, v => Assert.False(File.Exists(_erased.Vault.FileOf(v))));
        Assert.All(wrapped, w => Assert.False(IsAnywhere(w)));
        Assert.Equal(All - 3, _erased.Left().Count);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_erased.Vault.Place, "erasures"), "*.json"));
    }

    [Fact]
    public void A_new_key_of_a_site_that_the_disk_does_not_take_now_is_waited_for()
    {
        var obstacle = Path.Combine(_erased.Vault.Place, "sites", "kokandori", "site.key.dying");
        Directory.CreateDirectory(obstacle);
        Assert.ThrowsAny<Exception>(() => _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(0, 3), ErasedVault.Time(1, 1).AddSeconds(1)))));
        var told = new List<string>();
        Assert.Empty(_erased.Eraser.Resume(told));
        Assert.Contains("cannot be ended now", Assert.Single(told));

        Directory.Delete(obstacle);
        var receipt = _erased.Receipt(Assert.Single(_erased.Eraser.Resume([])));

        Assert.Contains(receipt.Proved, p => p.Contains("So has site kokandori", StringComparison.Ordinal));
        Assert.DoesNotContain(receipt.NotProved, p => p.Contains("could not be renewed", StringComparison.Ordinal));
        Assert.Equal(All - 3, _erased.Left().Count);
    }

    [Fact]
    public void A_link_in_the_place_of_a_segment_is_told_and_what_it_points_at_stays()
    {
        var victim = _erased.Left()[0].Place;
        var other = Path.Combine(_erased.Vault.Place, "..", "other");
        File.WriteAllText(other, "somebody else's");
        File.Delete(_erased.Vault.FileOf(victim));
        File.CreateSymbolicLink(_erased.Vault.FileOf(victim), other);

        Assert.Contains("is a link", Assert.ThrowsAny<Exception>(() => _erased.Eraser.Erase(ErasedVault.Order(new EraseScope(victim.Site, victim.Camera)))).Message);
        Assert.Equal("somebody else's", File.ReadAllText(other));

        File.Delete(_erased.Vault.FileOf(victim));
        Assert.Single(_erased.Eraser.Resume([]));
        Assert.DoesNotContain(_erased.Left(), s => (s.Place.Site, s.Place.Camera) == (victim.Site, victim.Camera));
    }

    public void Dispose() => _erased.Dispose();

    /// <summary>A link, which nothing overwrites, in the place of a segment.</summary>
    private string Block(SegmentPlace place)
    {
        var (file, other) = (_erased.Vault.FileOf(place), Path.Combine(_erased.Vault.Place, "..", "other"));
        File.WriteAllText(other, "somebody else's");
        File.Delete(file);
        File.CreateSymbolicLink(file, other);
        return file;
    }

    private bool IsAnywhere(byte[] bytes) =>
        Directory.EnumerateFiles(_erased.Vault.Place, "*", SearchOption.AllDirectories).Any(f => File.ReadAllBytes(f).AsSpan().IndexOf(bytes) >= 0);
}
