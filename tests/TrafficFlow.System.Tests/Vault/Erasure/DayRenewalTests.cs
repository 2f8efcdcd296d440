using TrafficFlow.Core.Segments;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Erasure;

/// <summary>When a part of a day is erased, what stays is wrapped by a new key: old copies of wrapped keys, and of the day's key, open nothing.</summary>
public sealed class DayRenewalTests : IDisposable
{
    private readonly ErasedVault _erased = new();

    private RecordedVault Vault => _erased.Vault;

    [Fact]
    public void Whole_copies_of_the_day_from_before_open_nothing_and_the_rest_plays()
    {
        var all = _erased.Left().Where(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" } && s.Place.Day == SegmentPlace.DayOf(ErasedVault.Time(1, 0))).Select(s => s.Place).ToList();
        var folder = Vault.Keys.FolderOf(all[0].Site, all[0].Camera, all[0].Day);
        var before = Directory.EnumerateFiles(folder).ToDictionary(f => f, File.ReadAllBytes);
        using var oldKey = Vault.Keys.DayKey(all[0].Site, all[0].Camera, all[0].Day, make: false);

        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(1, 1), ErasedVault.Time(1, 1).AddSeconds(5)))));

        Assert.Contains(receipt.Proved, p => p.Contains("1 days of which a part stays have a new key", StringComparison.Ordinal));
        Assert.Contains(receipt.Proved, p => p.Contains("site kokandori", StringComparison.Ordinal));
        Assert.Empty(Vault.Recorded.Verify());
        Assert.All(all.Where(p => p != all[1]), p => Assert.Equal(40_000, Vault.Read(p).Length));
        // What stays is wrapped anew, and nothing else of it was written.
        var now = File.ReadAllBytes(Vault.FileOf(all[0]));
        Assert.False(now.AsSpan(10, 40).SequenceEqual(before[Vault.FileOf(all[0])].AsSpan(10, 40)));
        Assert.Equal(before[Vault.FileOf(all[0])][50..], now[50..]);

        // The erased segment put back: under the day's key of now it does not unwrap.
        var victim = Vault.FileOf(all[1]);
        File.WriteAllBytes(victim, before[victim]);
        Assert.Contains("does not unwrap", Assert.Throws<SegmentStoreException>(() => Vault.Recorded.Open(all[1])).Message);
        using (var day = Vault.Keys.DayKey(all[0].Site, all[0].Camera, all[0].Day, make: false)) Assert.False(day!.Span.SequenceEqual(oldKey!.Span));

        // And the day's key put back with it: the site's key of now does not open that.
        foreach (var (path, content) in before) File.WriteAllBytes(path, content);
        Vault.Restart();
        Assert.Contains("was wrapped by another key", Assert.Throws<VaultKeyException>(() => Vault.Recorded.Open(all[1])).Message);
    }

    [Fact]
    public void A_renewal_that_is_cut_at_any_file_is_ended_at_the_next_start()
    {
        var all = _erased.Left().Where(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" } && s.Place.Day == SegmentPlace.DayOf(ErasedVault.Time(1, 0))).Select(s => s.Place).ToList();
        var (site, camera, day) = (all[0].Site, all[0].Camera, all[0].Day);
        var folder = Vault.Keys.FolderOf(site, camera, day);
        for (var cut = 0; cut <= all.Count; cut++)
        {
            var left = cut;
            // As a crash leaves it: so many segments are wrapped anew, the list is not.
            Assert.Throws<VaultFileException>(() => Vault.Keys.RenewDay(site, camera, day, (old, key) =>
            {
                foreach (var place in all.Take(left))
                {
                    using var own = KeyWrap.Unwrap(old, place.KeyName, File.ReadAllBytes(Vault.FileOf(place)).AsSpan(10, 40));
                    using var file = File.OpenWrite(Vault.FileOf(place));
                    file.Seek(10, SeekOrigin.Begin);
                    file.Write(KeyWrap.Wrap(key, place.KeyName, own!));
                }

                if (left == all.Count) SegmentList.Rekey(folder, old, key);
                throw new VaultFileException("cut");
            }));
            Vault.Restart();
            Assert.Empty(Vault.Store.FinishRenewals());
            Assert.Empty(Vault.Recorded.Verify());
            Assert.All(all, p => Assert.Equal(40_000, Vault.Read(p).Length));
            Assert.DoesNotContain("\"previous\": \"", File.ReadAllText(Path.Combine(folder, "day.key")));
        }
    }

    [Fact]
    public void What_is_recorded_into_a_day_while_its_key_is_renewed_is_whole_afterwards()
    {
        using var writer = (SegmentWriter)Vault.Store.Begin(RecordedVault.Start(ErasedVault.Time(1, 30)));
        var content = RecordedVault.Content(100_000, 7);
        writer.Write(content.AsSpan(0, 3000));
        _erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(1, 1), ErasedVault.Time(1, 1).AddSeconds(5))));
        writer.Write(content.AsSpan(3000));
        writer.Close(new SegmentEnd(ErasedVault.Time(1, 31), 600, 0));

        Assert.Equal(content, Vault.Read(writer.Place));
        Assert.Empty(Vault.Recorded.Verify());
    }

    [Fact]
    public void What_a_list_had_lost_stays_lost_under_its_new_key()
    {
        var place = _erased.Left().First(s => s.Place is { Camera.Value: "cam1", Site.Value: "kokandori" }).Place;
        var folder = Vault.Keys.FolderOf(place.Site, place.Camera, place.Day);
        var lines = File.ReadAllLines(Path.Combine(folder, "segments.log")).ToList();
        lines.RemoveAt(1);
        lines[1] = lines[1].Replace("\"frames\":600", "\"frames\":900", StringComparison.Ordinal);
        File.WriteAllLines(Path.Combine(folder, "segments.log"), lines);
        File.SetUnixFileMode(Path.Combine(folder, "segments.log"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var before = Vault.Recorded.Verify().ToList();
        Assert.NotEmpty(before);

        Vault.Store.RenewDay(place.Site, place.Camera, place.Day);

        Assert.Equal(before, Vault.Recorded.Verify());
    }

    [Fact]
    public void A_day_that_is_damaged_hinders_no_erasure_of_another_and_stands_in_the_receipt()
    {
        var other = Path.Combine(Vault.Keys.FolderOf(RecordedVault.Site, new("cam2"), SegmentPlace.DayOf(ErasedVault.Time(0, 0))), "day.key");
        File.WriteAllText(other, "{}");
        var receipt = _erased.Receipt(_erased.Eraser.Erase(ErasedVault.Order(ErasedVault.Kokandori("cam1", ErasedVault.Time(1, 1), ErasedVault.Time(1, 1).AddSeconds(5)))));
        Assert.Contains(receipt.NotProved, l => l.Contains("could not be renewed", StringComparison.Ordinal) && l.Contains("kokandori", StringComparison.Ordinal));
        Assert.Single(receipt.Segments);
    }

    public void Dispose() => _erased.Dispose();
}
