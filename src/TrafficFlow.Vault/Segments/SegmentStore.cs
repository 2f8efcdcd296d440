using TrafficFlow.Core.Files;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>
/// Recorded segments of a vault folder. Written under the ending .open; closed they are first listed and then take their name, so that at any moment a crash leaves what <see cref="Recover"/> ends: a segment that
/// was closed is never lost, and one that was not is kept as far as whole chunks of it are on the disk. Thread-safe.
/// </summary>
public sealed partial class SegmentStore(VaultKeys keys, SegmentStoreOptions options) : ISegmentStore
{
    private const int MostOfOneTime = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(SiteId, CameraId), SegmentWriter> _writers = [];
    private readonly Dictionary<string, Func<SiteId, CameraId, DateTimeOffset, bool>> _refused = new(StringComparer.Ordinal);

    private bool _isOpening;

    public string? Problem => keys.State switch
    {
        VaultState.Open when Volatile.Read(ref _isOpening) => "the vault is being opened: what was cut is ended first",
        VaultState.Absent => "the vault has no key yet: trafficflow vault init makes one",
        VaultState.Locked => "the vault is locked: trafficflow vault unlock opens it",
        _ when Full is { } full => full,
        _ => FreeBytes() is { } free && free < options.MinFreeBytes ? $"{free >> 20} MB of the disk are free, and {options.MinFreeBytes >> 20} MB are kept for counting: erase recordings, or give it a larger disk" : null,
    };

    /// <summary>Why nothing is recorded until there is room below <see cref="SegmentStoreOptions.MostBytes"/>; null while there is.</summary>
    internal string? Full { get; set; }

    /// <summary>Segments that are being written.</summary>
    public IReadOnlyList<SegmentPlace> Open
    {
        get
        {
            lock (_lock) return [.. _writers.Values.Select(w => w.Place)];
        }
    }

    public ISegmentWriter Begin(SegmentStart start)
    {
        if (Problem is { } problem) throw new SegmentStoreException(problem);
        if (!SegmentPlace.IsPlausible(start.From)) throw new SegmentStoreException($"the pictures of camera {start.Camera} say that they are of {start.From:yyyy-MM-dd}: set the camera's clock right");
        lock (_lock)
        {
            if (_refused.Values.Any(r => r(start.Site, start.Camera, start.From))) throw new SegmentStoreException($"recordings of camera {start.Camera} of site {start.Site} are being erased: recording goes on afterwards");
            if (_writers.TryGetValue((start.Site, start.Camera), out var other)) throw new SegmentStoreException($"camera {start.Camera} of site {start.Site} records into {other.Place} already");
            try
            {
                return _writers[(start.Site, start.Camera)] = Make(start);
            }
            catch (Exception e) when (e is VaultFileException or VaultKeyException or IOException or UnauthorizedAccessException)
            {
                throw new SegmentStoreException($"camera {start.Camera} of site {start.Site} cannot record: {e.Message}", e);
            }
        }
    }

    /// <summary>Gives a camera's day a new key, and wraps with it what is there. Recording waits meanwhile; of each segment 40 bytes are written.</summary>
    /// <returns>False where the day has no key.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written; <see cref="FinishRenewals"/> goes on.</exception>
    internal bool RenewDay(SiteId site, CameraId camera, DateOnly day)
    {
        lock (_lock) return keys.RenewDay(site, camera, day, (old, key) => Rewrap(site, camera, day, old, key));
    }

    /// <summary>Ends renewals of days' keys that a crash has cut. Call it when the vault was opened, before any list is read.</summary>
    /// <returns>What could not be ended, for the log.</returns>
    internal IReadOnlyList<string> FinishRenewals()
    {
        var told = new List<string>();
        foreach (var site in keys.Sites)
        {
            foreach (var (camera, day, _) in SegmentFolders.Of(keys, site))
            {
                try
                {
                    lock (_lock) keys.FinishDay(site, camera, day, (old, key) => Rewrap(site, camera, day, old, key));
                }
                catch (Exception e) when (e is VaultFileException or VaultKeyException or IOException or UnauthorizedAccessException)
                {
                    told.Add($"the key of {camera} of site {site} on {VaultKeys.TextOf(day)} was being renewed, and that cannot be ended: {e.Message}");
                }
            }
        }

        return told;
    }

    private void Rewrap(SiteId site, CameraId camera, DateOnly day, LockedBytes old, LockedBytes key)
    {
        var folder = keys.FolderOf(site, camera, day);
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is SegmentPlace.Ending or SegmentPlace.OpenEnding or SegmentPlace.ImportEnding && new FileInfo(f).LinkTarget is null))
            {
                var place = new SegmentPlace(site, camera, day, Path.GetFileNameWithoutExtension(path));
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                // What the old key does not open was erased, is damaged, or is wrapped anew already.
                if (SegmentHeader.Read(file) is not { } header) continue;
                using var own = KeyWrap.Unwrap(old, place.KeyName, header.WrappedKey);
                if (own is null) continue;
                file.Seek(SegmentHeader.WrappedKeyAt, SeekOrigin.Begin);
                file.Write(KeyWrap.Wrap(key, place.KeyName, own));
            }

            SegmentList.Rekey(folder, old, key);
            Shredding.SyncAll(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw PrivateFile.Unwritable(folder, e);
        }
    }

    private SegmentWriter Make(SegmentStart start)
    {
        var day = SegmentPlace.DayOf(start.From);
        using var dayKey = keys.DayKey(start.Site, start.Camera, day, make: true)!;
        var folder = keys.FolderOf(start.Site, start.Camera, day);
        var list = SegmentList.Read(folder, dayKey);
        if (list.Problems.Count > 0) throw new VaultFileException($"{list.Problems[0]}: trafficflow vault verify tells more. Nothing is added to a list that does not hold together; move the folder of the day away, and recording goes on");
        var (listed, number) = (list.ByName(), 1);
        while (number < MostOfOneTime && IsTaken(SegmentPlace.NameOf(start.From, number))) number++;
        var place = new SegmentPlace(start.Site, start.Camera, day, SegmentPlace.NameOf(start.From, number));
        var path = Path.Combine(folder, place.Name + SegmentPlace.OpenEnding);
        using var key = LockedBytes.Random(KeyWrap.KeyBytes);
        var header = SegmentHeader.Of(place, start, p => KeyWrap.Wrap(dayKey, p.KeyName, key));
        return SegmentWriter.Begin(path, header, key, this);

        bool IsTaken(string name) => listed.ContainsKey(name) || File.Exists(Path.Combine(folder, name + SegmentPlace.OpenEnding)) || File.Exists(Path.Combine(folder, name + SegmentPlace.Ending));
    }

    /// <summary>Lists a segment that is whole on the disk, and gives it its name.</summary>
    /// <exception cref="SegmentStoreException">It cannot be done now; <see cref="Recover"/> does it later.</exception>
    internal void Closed(SegmentWriter writer, SegmentLine line)
    {
        lock (_lock)
        {
            try
            {
                var place = writer.Place;
                using var dayKey = keys.DayKey(place.Site, place.Camera, place.Day, make: false) ?? throw new SegmentStoreException($"the key of the day of segment {place} was destroyed while it was written: it cannot be opened any more");
                List(place, line, dayKey);
            }
            catch (Exception e) when (e is VaultFileException or VaultKeyException or IOException or UnauthorizedAccessException)
            {
                throw new SegmentStoreException($"segment {writer.Place} is written and cannot be listed: {e.Message}", e);
            }
        }
    }

    internal void Ended(SegmentWriter writer)
    {
        lock (_lock)
        {
            if (_writers.TryGetValue((writer.Place.Site, writer.Place.Camera), out var own) && own == writer) _writers.Remove((writer.Place.Site, writer.Place.Camera));
        }
    }

    /// <summary>
    /// Ends segments that are being written, as cut, and begins none until <see cref="Release"/>; their writers learn it at their next write.
    /// </summary>
    /// <param name="erasure">For which this is; what was said for it before is forgotten.</param>
    /// <param name="which">By site, camera and event time of the first frame.</param>
    internal void Suspend(string erasure, Func<SiteId, CameraId, DateTimeOffset, bool> which)
    {
        List<SegmentWriter> ended;
        lock (_lock)
        {
            _refused[erasure] = which;
            ended = [.. _writers.Values.Where(w => which(w.Place.Site, w.Place.Camera, SegmentPlace.TimeOf(w.Place.Name) ?? default))];
        }

        foreach (var writer in ended) writer.Dispose();
    }

    /// <summary>Begins nothing while what a crash has cut is found: a day, or a site, of which the keys are being destroyed must not get new ones.</summary>
    /// <param name="open">Opens the vault, and finds it.</param>
    internal T WhileOpening<T>(Func<T> open)
    {
        Volatile.Write(ref _isOpening, true);
        try
        {
            return open();
        }
        finally
        {
            Volatile.Write(ref _isOpening, false);
        }
    }

    /// <summary>An erasure is ended, and recording goes on.</summary>
    internal void Release(string erasure)
    {
        lock (_lock) _refused.Remove(erasure);
    }

    /// <summary>Erasures that are not begun any more keep nothing from being recorded: somebody has put them aside.</summary>
    internal void ReleaseAllBut(IEnumerable<string> begun)
    {
        lock (_lock)
        {
            foreach (var erasure in _refused.Keys.Except(begun, StringComparer.Ordinal).ToList()) _refused.Remove(erasure);
        }
    }

    /// <returns>Why so many bytes more cannot lie here without taking from counting what is kept free for it; null where they can.</returns>
    internal string? WhyNoRoom(long bytes) => FreeBytes() is { } free && free - bytes < options.MinFreeBytes
        ? $"{bytes >> 20} MB are needed, {free >> 20} MB of the disk are free, and {options.MinFreeBytes >> 20} MB of them are kept for counting (trafficflow.vault.min-free-gigabytes): give it a larger disk, or erase recordings" : null;

    /// <summary>Takes in a segment of another vault: the same ciphertext, its key wrapped by the key of its day here.</summary>
    /// <param name="staged">Verified.</param>
    /// <exception cref="SegmentStoreException">It cannot be written.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    internal void Import(StagedSegment staged, SegmentLine line)
    {
        var place = staged.Place;
        using var dayKey = keys.DayKey(place.Site, place.Camera, place.Day, make: true)!;
        var folder = keys.FolderOf(place.Site, place.Camera, place.Day);
        var path = Path.Combine(folder, place.Name + SegmentPlace.ImportEnding);
        try
        {
            Shredding.Delete(path);
            staged.MoveTo(path, dayKey);
            using (var written = SegmentFile.Open(path, place, dayKey))
            {
                if (written.Commitment != line.Commitment) throw new SegmentStoreException($"segment {place} is not the one that the bundle names");
            }

            lock (_lock)
            {
                var list = SegmentList.Read(folder, dayKey);
                if (!list.ByName().ContainsKey(place.Name)) list.Append(dayKey, line with { IsCarried = true });
                File.Move(path, Path.Combine(folder, place.Name + SegmentPlace.Ending));
                Shredding.Sync(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SegmentStoreException)
        {
            Shredding.Delete(path);
            if (e is SegmentStoreException) throw;
            throw new SegmentStoreException($"segment {place} cannot be taken in: {e.Message}", e);
        }
    }

    /// <summary>Notes in the list of its day that the key of a segment was destroyed.</summary>
    /// <exception cref="VaultFileException">The list cannot be read.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Erased(SegmentPlace place, LockedBytes dayKey, string receipt)
    {
        lock (_lock)
        {
            var list = SegmentList.Read(keys.FolderOf(place.Site, place.Camera, place.Day), dayKey);
            var line = list.ByName().GetValueOrDefault(place.Name);
            if (line?.Event == SegmentEvent.Erased) return;
            line ??= new SegmentLine(0, SegmentEvent.Closed, place.Name, SegmentPlace.TimeOf(place.Name) ?? default, null, 0, 0, 0, "", true, null, "");
            list.Append(dayKey, line with { Event = SegmentEvent.Erased, Receipt = receipt });
        }
    }

    private void List(SegmentPlace place, SegmentLine line, LockedBytes dayKey)
    {
        var folder = keys.FolderOf(place.Site, place.Camera, place.Day);
        var list = SegmentList.Read(folder, dayKey);
        if (!list.ByName().ContainsKey(place.Name)) list.Append(dayKey, line);
        File.Move(Path.Combine(folder, place.Name + SegmentPlace.OpenEnding), Path.Combine(folder, place.Name + SegmentPlace.Ending));
        Shredding.Sync(folder);
    }

    private long? FreeBytes() => options.FreeBytesOf(keys.Folder);
}
