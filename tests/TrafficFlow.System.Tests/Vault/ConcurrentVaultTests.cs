using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>A slow disk that is carried, or that is recovered from, keeps neither recording nor erasures waiting.</summary>
public sealed class ConcurrentVaultTests : IDisposable
{
    private static readonly SiteId s_site = new("kokandori");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly CredentialSecret _credential = new(RandomNumberGenerator.GetBytes(32));
    private readonly RecordingVault _vault;

    public ConcurrentVaultTests()
    {
        _vault = new RecordingVault(_folder.Path, "roadside", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", false, null, "test"), _clock);
        _vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        _vault.Trusted.Add(_vault.Identity().Identity, _vault.Identity().Identity.Fingerprint, "tanaka");
        Record("cam1", RecordedVault.Noon.AddDays(-1), 20_000);
        for (var i = 0; i < 6; i++) Record("cam1", RecordedVault.Noon.AddMinutes(i), 20_000);
        _clock.Move(TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task While_a_volume_is_written_recordings_are_erased_and_made_and_what_went_is_not_carried()
    {
        // A disk that stands still: the first file is a pipe into which nobody writes.
        var bundle = _vault.PlanExport(new EraseScope(s_site), "roadside", 64 << 20, _clock.GetUtcNow().AddDays(1), "tanaka");
        var segments = _vault.Recorded.List().Select(s => s.Place).ToList();
        var source = Path.Combine(_vault.Keys.FolderOf(s_site, segments[0].Camera, segments[0].Day), segments[0].Name + ".tfs");
        var aside = await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken);
        File.Delete(source);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [source])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var disk = Directory.CreateDirectory(Path.Combine(_folder.Path, "disk")).FullName;
        var writing = Task.Run(() => _vault.WriteVolume(bundle.Bundle, 1, disk), TestContext.Current.CancellationToken);
        while (Directory.GetDirectories(disk).Length == 0) await Task.Yield();
        Assert.False(writing.IsCompleted);

        await Task.Run(() =>
        {
            Record("cam2", _clock.GetUtcNow(), 5000);
            _vault.EraseSome(new EraseOrder(EraseScope.All, "age", "retention", "x"), [segments[3]]);
            _vault.Holds.Add(new EraseScope(s_site), "police", "tanaka", _clock.GetUtcNow().AddDays(1));
        }, TestContext.Current.CancellationToken).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.False(writing.IsCompleted);

        // The disk moves again.
        await using (var pipe = new FileStream(source, FileMode.Open, FileAccess.Write)) await pipe.WriteAsync(aside, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        File.Delete(source);
        await File.WriteAllBytesAsync(source, aside, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(source, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(segments.Count - 1, Directory.EnumerateFiles(_vault.WriteVolume(bundle.Bundle, 1, disk), "*.tfs").Count());
    }

    [Fact]
    public void What_a_crash_has_left_is_saved_while_the_camera_records()
    {
        var place = _vault.Recorded.List().Last().Place;
        var folder = _vault.Keys.FolderOf(s_site, place.Camera, place.Day);
        var list = File.ReadAllLines(Path.Combine(folder, "segments.log"));
        File.WriteAllLines(Path.Combine(folder, "segments.log"), list.SkipLast(1));
        File.Move(Path.Combine(folder, place.Name + ".tfs"), Path.Combine(folder, place.Name + ".open"));
        using var writer = _vault.Store.Begin(new SegmentStart(s_site, place.Camera, _clock.GetUtcNow(), new FrameFormat(640, 360, 10), "0123456789abcdef", "built-in 4"));
        writer.Write(RecordedVault.Content(50_000));

        Assert.Contains(_vault.Unlock(_credential), t => t.Contains("are kept as", StringComparison.Ordinal));

        writer.Write(RecordedVault.Content(50_000));
        writer.Close(new SegmentEnd(_clock.GetUtcNow().AddSeconds(50), 500, 0));
        Assert.Equal(8, _vault.Recorded.List().Count(s => s.State is SegmentState.Whole or SegmentState.Cut));
        Assert.Empty(_vault.Recorded.Verify());
    }

    [Fact]
    public void A_rotation_leaves_drafts_that_somebody_writes_just_now()
    {
        var draft = Path.Combine(_vault.Folder, ".somebody.0123456789abcdef.part.json");
        File.WriteAllText(draft, "half");
        _vault.Keys.RotateMaster();
        _vault.Unlock(_credential);
        Assert.True(File.Exists(draft));

        using var next = new VaultKeys(_vault.Folder, _clock);
        next.Unlock(_credential);
        Assert.False(File.Exists(draft));
    }

    [Fact]
    public void What_plays_of_a_damaged_segment_is_overwritten_when_it_was_seen()
    {
        var memory = new ClearedMemory(100);
        memory.Write(RecordedVault.Content(80));
        Assert.Throws<IOException>(() => memory.Write(new byte[21]));
        memory.Position = 0;
        Assert.Equal(80, memory.Read(new byte[100]));
        memory.Dispose();
        Assert.True(memory.Memory.IndexOfAnyExcept((byte)0) < 0);
    }

    public void Dispose()
    {
        _vault.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }

    private void Record(string camera, DateTimeOffset from, int bytes)
    {
        using var writer = _vault.Store.Begin(new SegmentStart(s_site, new CameraId(camera), from, new FrameFormat(640, 360, 10), "0123456789abcdef", "built-in 4"));
        writer.Write(RecordedVault.Content(bytes));
        writer.Close(new SegmentEnd(from.AddSeconds(50), 500, 0));
    }
}
