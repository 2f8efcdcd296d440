using System.Diagnostics;
using System.Security.Cryptography;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>A disk that does not fit, is slow, or holds what it should not; and a roadside that is cut, or whose disk does not write.</summary>
public sealed class CarriedDiskTests : IDisposable
{
    private const int Segments = 6;
    private const int Large = 100_000;
    private const long Plenty = 1L << 40;

    private static readonly SiteId s_site = new("kokandori");
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SettingsFolder _folder = new();
    private readonly VaultClock _clock = new();
    private readonly CredentialSecret _credential = new(RandomNumberGenerator.GetBytes(32));
    private readonly List<RecordingVault> _opened = [];
    private long _free = Plenty;
    private Func<string, Stream> _open = CarriedFile.Open;
    private RecordingVault _roadside;
    private RecordingVault _server;

    public CarriedDiskTests()
    {
        (_roadside, _server) = (Vault("roadside"), Vault("server"));
        foreach (var vault in new[] { _roadside, _server }) vault.Keys.Create([SlotRequest.Of("unit", _credential)]);
        _roadside.Trusted.Add(_server.Identity().Identity, _server.Identity().Identity.Fingerprint, "tanaka");
        _server.Trusted.Add(_roadside.Identity().Identity, _roadside.Identity().Identity.Fingerprint, "suzuki");
        for (var i = 0; i < Segments; i++) Record(i);
        _clock.Move(TimeSpan.FromDays(5));
        Directory.CreateDirectory(Disk);
    }

    private string Disk => Path.Combine(_folder.Path, "disk");

    [Fact]
    public void What_does_not_fit_the_bound_is_not_taken_in_and_not_confirmed()
    {
        var volume = Carry();
        Reopen(new SegmentStoreOptions { MinFreeBytes = 0, MostBytes = 3 * Large });

        var refused = Assert.Throws<HandCarryException>(() => _server.Import(volume)).Message;

        Assert.Contains("max-gigabytes", refused, StringComparison.Ordinal);
        Assert.Contains("Nothing of it was taken in or confirmed", refused, StringComparison.Ordinal);
        Assert.Empty(_server.Recorded.List());
        Assert.False(File.Exists(Path.Combine(volume, "CONFIRMATION")));
        Assert.False(_server.Trusted.All.Count == 0);

        Reopen(new SegmentStoreOptions { MinFreeBytes = 0, MostBytes = 7 * Large });
        Assert.Equal(Segments, _server.Import(volume).TakenIn);
        // What is here needs no room.
        Reopen(new SegmentStoreOptions { MinFreeBytes = 0, MostBytes = Large });
        Assert.Equal((0, Segments), (_server.Import(volume).TakenIn, _server.Import(volume).Before));
        Assert.All(_server.Recorded.List(), s => Assert.True(s.IsCarried));
        Assert.All(_roadside.Recorded.List(), s => Assert.False(s.IsCarried));
    }

    [Fact]
    public void What_is_kept_free_for_counting_is_kept_and_the_rest_comes_when_there_is_room()
    {
        var volume = Carry();
        Reopen(new SegmentStoreOptions { MinFreeBytes = 10 * Large });
        _free = 11 * Large;
        var refused = Assert.Throws<HandCarryException>(() => _server.Import(volume)).Message;
        Assert.Contains("min-free-gigabytes", refused, StringComparison.Ordinal);
        Assert.Empty(_server.Recorded.List());

        // Somebody else fills the disk while the volume comes in.
        _free = 17 * Large;
        _open = path =>
        {
            _free -= 2 * Large;
            return CarriedFile.Open(path);
        };
        var outcome = _server.Import(volume);

        Assert.Equal(3, outcome.TakenIn);
        Assert.Contains("3 segments", Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Equal(3, outcome.Confirmation.Segments.Count);
        Assert.Equal(3, _roadside.Confirm(Confirmation(volume), "tanaka", "x").Erased);
        Assert.Equal(Segments - 3, Whole(_roadside).Count);

        (_free, _open) = (Plenty, CarriedFile.Open);
        Assert.Equal((3, 3), _server.Import(volume) is var second ? (second.TakenIn, second.Before) : default);
        Assert.Equal(3, _roadside.Confirm(Confirmation(volume), "tanaka", "x").Erased);
        Assert.Equal(Segments, Whole(_server).Count);
        Assert.Empty(_server.Recorded.Verify());
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("link")]
    [InlineData("folder")]
    [InlineData("device")]
    public async Task Whatever_is_no_file_is_told_and_not_waited_for(string what)
    {
        var volume = Carry();
        var (files, secret) = (Directory.GetFiles(volume, "*.tfs").Order().ToList(), _folder.Write("elsewhere", "x"));
        File.Copy(files[0], secret, overwrite: true);
        Plant(files[0], what, secret);

        var outcome = await Task.Run(() => _server.Import(volume)).WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal((Segments - 1, 1), (outcome.TakenIn, outcome.Problems.Count));
        Assert.Contains("which trafficflow never writes there", outcome.Problems[0], StringComparison.Ordinal);

        var manifest = Path.Combine(volume, "MANIFEST");
        File.Copy(manifest, secret, overwrite: true);
        Plant(manifest, what, secret);
        var refused = await Assert.ThrowsAsync<HandCarryException>(() => Task.Run(() => _server.Import(volume)).WaitAsync(s_patience, TestContext.Current.CancellationToken));
        Assert.Contains("cannot be read", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_is_not_written_through_a_link_that_lies_on_the_disk()
    {
        var bundle = Plan();
        var elsewhere = Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(Disk, $"trafficflow-{bundle.Bundle}-1"), elsewhere);
        Assert.Contains("is a link", Assert.Throws<HandCarryException>(() => _roadside.WriteVolume(bundle.Bundle, 1, Disk)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
    }

    [Fact]
    public async Task No_erasure_waits_for_a_disk_that_is_slow_and_what_it_ends_meanwhile_does_not_come_in()
    {
        var volume = Carry();
        var (reading, erased) = (new TaskCompletionSource(), new TaskCompletionSource());
        _open = path => new SlowStream(CarriedFile.Open(path), reading, erased.Task);
        var importing = Task.Run(() => _server.Import(volume));
        await reading.Task.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        // While the first segment is read: the experiment ends, and an erasure goes through.
        await _server.Ends.BeginAsync(s_site, "over", new TrafficFlow.Vault.Registers.RegisterAuthor("anna", "x"), null);
        var erasing = Task.Run(() => Assert.Throws<ErasureException>(() => _server.Erase(new EraseOrder(new EraseScope(s_site), "over", "anna", "x"))));
        await erasing.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        erased.SetResult();

        var outcome = await importing.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal((0, Segments), (outcome.TakenIn, outcome.Problems.Count));
        Assert.Empty(Whole(_server));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_server.Folder, "imports"), ".*"));
    }

    [Fact]
    public void Of_a_segment_that_a_crash_leaves_half_copied_nothing_stays_and_no_key_of_the_disk_opens_it()
    {
        var volume = Carry();
        string? staged = null;
        _open = path => new SlowStream(CarriedFile.Open(path), null, Task.CompletedTask, () => staged = Directory.GetFiles(Path.Combine(_server.Folder, "imports"), ".taken*").SingleOrDefault(f => new FileInfo(f).Length > Large / 2) is { } draft ? Copied(draft) : staged);
        _server.Import(volume);
        var content = File.ReadAllBytes(staged!);
        // In the place of the wrapped key there is nothing.
        Assert.All(content.AsSpan(10, 40).ToArray(), b => Assert.Equal(0, b));

        File.Move(staged!, Path.Combine(_server.Folder, "imports", ".taken.0123456789abcdef.part.tfs"));
        Reopen(new SegmentStoreOptions { MinFreeBytes = 0 });
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_server.Folder, "imports"), ".*"));
        Assert.Equal(Segments, Whole(_server).Count);
    }

    [Theory]
    [InlineData("copies.json")]
    [InlineData("key")]
    [InlineData("record")]
    public void Of_a_bundle_whose_planning_was_cut_nothing_stays_and_all_of_it_can_be_carried(string cut)
    {
        _roadside.Copies.Add(CopyKind.Export, new EraseScope(s_site), "tanaka", "in clear, /home/x", _clock.GetUtcNow().AddDays(1));
        var (registers, before) = (_roadside.Keys.Registers, _roadside.Keys.Registers.Read("copies.json", 1 << 20)!);
        var bundle = Plan().Bundle;
        var key = Path.Combine(_roadside.Folder, "exports", bundle + ".key");
        Assert.True(File.Exists(key));
        // As a crash leaves it: the record comes first, then the key, then the ledger.
        registers.Write("copies.json", before);
        if (cut == "key") File.Delete(key);
        if (cut == "record") registers.Remove($"exports/{bundle}.json");

        Restart();

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_roadside.Folder, "exports")));
        Assert.Empty(_roadside.Exports);
        Assert.DoesNotContain(_roadside.Copies.All, c => c.Kind == CopyKind.Bundle);
        Assert.Equal(Segments, Plan().Volumes.Sum(v => v.Segments.Count));
        Restart();
        Assert.Equal(_roadside.Exports.Single().Copy, _roadside.Copies.All.Single(c => c.Kind == CopyKind.Bundle).Id);
    }

    [Fact]
    public void A_bundle_is_not_ended_while_something_that_was_confirmed_is_here_and_not_held()
    {
        var first = _roadside.Recorded.List(s_site, new CameraId("cam1")).First();
        var bundle = _roadside.PlanExport(new EraseScope(s_site, first.Place.Camera, first.From, first.From.AddSeconds(1)), "server", 64 << 20, _clock.GetUtcNow().AddDays(30), "tanaka");
        var volume = _roadside.WriteVolume(bundle.Bundle, 1, Disk);
        _server.Import(volume);
        // Something else is held; and of this one an erasure is begun that a link in its place hinders.
        _roadside.Holds.Add(new EraseScope(s_site, new CameraId("cam2")), "police", "tanaka", _clock.GetUtcNow().AddDays(5));
        var file = Path.Combine(_roadside.Keys.FolderOf(first.Place.Site, first.Place.Camera, first.Place.Day), first.Place.Name + ".tfs");
        File.Move(file, file + ".aside");
        File.CreateSymbolicLink(file, file + ".aside");
        Assert.ThrowsAny<Exception>(() => _roadside.EraseSome(new EraseOrder(EraseScope.All, "age", "retention", "retention"), [first.Place]));

        var refused = Assert.Throws<ErasureException>(() => _roadside.Confirm(Confirmation(volume), "tanaka", "x"));

        Assert.Contains("has not ended with it here", refused.Message, StringComparison.Ordinal);
        Assert.Equal(VolumeState.Confirmed, _roadside.Exports.Single().Volumes.Single().State);
        Assert.True(File.Exists(Path.Combine(_roadside.Folder, "exports", bundle.Bundle + ".key")));

        File.Delete(file);
        File.Move(file + ".aside", file);
        _roadside.Resume();
        _roadside.Confirm(Confirmation(volume), "tanaka", "x");
        Assert.True(_roadside.Exports.Single().IsEnded);
        Assert.False(File.Exists(Path.Combine(_roadside.Folder, "exports", bundle.Bundle + ".key")));
        // What is held ends no less than before.
        var held = _roadside.Recorded.List(s_site, new CameraId("cam2")).First();
        var second = _roadside.PlanExport(new EraseScope(s_site, held.Place.Camera, held.From, held.From.AddSeconds(1)), "server", 64 << 20, _clock.GetUtcNow().AddDays(30), "tanaka");
        var other = _roadside.WriteVolume(second.Bundle, 1, Disk);
        _server.Import(other);
        Assert.Equal(0, _roadside.Confirm(Confirmation(other), "tanaka", "x").Erased);
        Assert.All(_roadside.Exports, e => Assert.True(e.IsEnded));
    }

    [Fact]
    public void No_disk_outlives_the_first_of_its_sources_and_what_is_at_its_age_is_not_carried()
    {
        var all = _roadside.Recorded.List().OrderBy(s => s.From).ToList();
        var now = _clock.GetUtcNow();
        DateTimeOffset? EndOf(RecordedSegment s) => all.FindIndex(a => a.Place == s.Place) is var at && at == 0 ? now : now.AddDays(at);

        var bundle = _roadside.PlanExport(new EraseScope(s_site), "server", 64 << 20, now.AddDays(30), "tanaka", EndOf);

        Assert.Equal(now.AddDays(1), _roadside.Copies.All.Single().Until);
        Assert.Equal(all.Skip(1).Select(s => s.Place.ToString()).Order(), bundle.Volumes.Single().Segments.Order());
        // Two days later two more have reached theirs.
        _clock.Move(TimeSpan.FromDays(2));
        Assert.Equal(Segments - 3, Directory.GetFiles(_roadside.WriteVolume(bundle.Bundle, 1, Disk, EndOf), "*.tfs").Length);
        _roadside.CancelExport(bundle.Bundle);
        _clock.Move(TimeSpan.FromDays(30));
        Assert.Contains("has reached the age", Assert.Throws<HandCarryException>(() => _roadside.PlanExport(new EraseScope(s_site), "server", 64 << 20, _clock.GetUtcNow().AddDays(1), "tanaka", EndOf)).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (var vault in _opened) vault.Dispose();
        _credential.Dispose();
        _folder.Dispose();
    }

    private static byte[] Confirmation(string volume) => File.ReadAllBytes(Path.Combine(volume, "CONFIRMATION"));

    private static List<RecordedSegment> Whole(RecordingVault vault) => [.. vault.Recorded.List().Where(s => s.State == SegmentState.Whole)];

    private string Copied(string draft)
    {
        var copy = Path.Combine(_folder.Path, "copy");
        File.Copy(draft, copy, overwrite: true);
        return copy;
    }

    private static void Plant(string path, string what, string elsewhere)
    {
        File.Delete(path);
        switch (what)
        {
            case "pipe":
                using (var mkfifo = Process.Start("mkfifo", [path])) mkfifo.WaitForExit();
                break;
            case "link":
                File.CreateSymbolicLink(path, elsewhere);
                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            default:
                Directory.CreateDirectory(path);
                break;
        }
    }

    private RecordingVault Vault(string name, SegmentStoreOptions? options = null)
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;
        var vault = new RecordingVault(data, name, (options ?? new SegmentStoreOptions { MinFreeBytes = 0 }) with { FreeBytesOf = _ => _free }, () => new MediumFacts("ext4", false, null, "test"), _clock) { CarriedDisk = path => _open(path) };
        _opened.Add(vault);
        return vault;
    }

    private void Reopen(SegmentStoreOptions options)
    {
        _server.Dispose();
        _server = Vault("server", options);
        _server.Unlock(_credential);
    }

    private void Restart()
    {
        _roadside.Dispose();
        _roadside = Vault("roadside");
        _roadside.Unlock(_credential);
    }

    private void Record(int index)
    {
        var from = RecordedVault.Noon.AddHours(index);
        using var writer = _roadside.Store.Begin(RecordedVault.Start(from, index % 2 == 0 ? "cam1" : "cam2"));
        writer.Write(RecordedVault.Content(Large, index));
        writer.Close(new SegmentEnd(from.AddSeconds(60), 600, 0));
    }

    private BundleRecord Plan() => _roadside.PlanExport(new EraseScope(s_site), "server", 64 << 20, _clock.GetUtcNow().AddDays(30), "tanaka");

    private string Carry() => _roadside.WriteVolume(Plan().Bundle, 1, Disk);

    /// <summary>Gives nothing behind its beginning before it is let.</summary>
    private sealed class SlowStream(Stream inner, TaskCompletionSource? reading, Task let, Action? read = null) : Stream
    {
        private const int MostAtOnce = 10_000;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (inner.Position > 0)
            {
                reading?.TrySetResult();
                if (!let.IsCompleted) ((IAsyncResult)let).AsyncWaitHandle.WaitOne(s_patience);
                read?.Invoke();
            }

            return inner.Read(buffer, offset, Math.Min(count, MostAtOnce));
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
