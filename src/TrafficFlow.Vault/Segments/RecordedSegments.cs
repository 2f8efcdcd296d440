using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

public enum SegmentState
{
    Whole = 0,

    /// <summary>Its writer ended before its end: it is shorter than it was meant to be.</summary>
    Cut = 1,

    /// <summary>It is being written, or waits for the vault to be opened after a crash.</summary>
    Open = 2,

    /// <summary>Its key was destroyed; a receipt says so.</summary>
    Erased = 3,

    /// <summary>It is listed and was not erased, and its file is gone.</summary>
    Missing = 4,

    /// <summary>A file that is not in its day's list: brought in, or left by a list that was cut.</summary>
    NotListed = 5,
}

/// <summary>One recorded segment.</summary>
/// <param name="From">Event time of the first frame.</param>
/// <param name="To">Event time behind the last one; null where its writer ended before it could say.</param>
/// <param name="Lost">Frames of this time that could not be recorded.</param>
/// <param name="Bytes">Of the file, encrypted.</param>
/// <param name="Commitment">Of the encryption, hexadecimal; empty where it is not listed.</param>
/// <param name="Receipt">Of the erasure; null where it was not erased.</param>
public sealed record RecordedSegment(SegmentPlace Place, SegmentState State, DateTimeOffset From, DateTimeOffset? To, int Frames, int Lost, long Bytes, string Commitment, string? Receipt)
{
    /// <summary>It was carried here from another vault, as its list says.</summary>
    public bool IsCarried { get; init; }

    /// <summary>Behind its last frame, or the latest that this can be.</summary>
    public DateTimeOffset Until(TimeSpan longest) => To ?? From + longest;

    public bool Overlaps(DateTimeOffset from, DateTimeOffset to, TimeSpan longest) => From < to && Until(longest) > from;
}

/// <summary>What was recorded: listed, opened, verified. It needs no lock: segments are written once. Thread-safe.</summary>
public sealed class RecordedSegments(VaultKeys keys, SegmentStoreOptions options)
{
    /// <param name="site">Null for all.</param>
    /// <param name="camera">Null for all.</param>
    /// <param name="from">Segments that end before are left out; null for none.</param>
    /// <param name="to">Segments that begin then or later are left out; null for none.</param>
    /// <returns>
    /// In the order of sites, cameras and time. While the vault is open, lists are checked with the keys of their days, and what they do not prove is not listed; of a locked vault they are read as they are, so that it can be looked
    /// over.
    /// </returns>
    /// <exception cref="VaultFileException">A list cannot be read.</exception>
    public IEnumerable<RecordedSegment> List(SiteId? site = null, CameraId? camera = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        foreach (var one in keys.SitesWithSegments.Where(s => site is not { } wanted || s == wanted))
        {
            foreach (var (ofCamera, day, folder) in SegmentFolders.Of(keys, one).Where(f => camera is not { } wanted || f.Camera == wanted))
            {
                // The last of the day before may reach into this one.
                if (from is { } begin && day < SegmentPlace.DayOf(begin - options.Longest)) continue;
                if (to is { } end && day > SegmentPlace.DayOf(end)) continue;
                foreach (var segment in OfDay(one, ofCamera, day, folder).Where(s => s.Overlaps(from ?? DateTimeOffset.MinValue, to ?? DateTimeOffset.MaxValue, options.Longest))) yield return segment;
            }
        }
    }

    /// <summary>Sites of which there are days, be they erased.</summary>
    public IReadOnlyList<SiteId> Sites => keys.SitesWithSegments;

    /// <returns>Cameras of a site of which there are days, in order.</returns>
    public IReadOnlyList<CameraId> CamerasOf(SiteId site) => [.. keys.SitesWithSegments.Where(s => s == site).SelectMany(s => SegmentFolders.Of(keys, s)).Select(f => f.Camera).Distinct().OrderBy(c => c.Value, StringComparer.Ordinal)];

    /// <returns>All of a camera's day, in order.</returns>
    internal IEnumerable<RecordedSegment> OfDay(SiteId site, CameraId camera, DateOnly day) => OfDay(site, camera, day, keys.FolderOf(site, camera, day));

    /// <summary>Opens the pictures of a segment: fragmented MP4, readable at any place.</summary>
    /// <param name="asFarAsItGoes">Of one that was cut or whose end is damaged, what is left: chunks that do not open throw. Else it is refused.</param>
    /// <exception cref="SegmentStoreException">It does not open; the message says why.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read.</exception>
    public Stream Open(SegmentPlace place, bool asFarAsItGoes = false)
    {
        var path = Path.Combine(keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + SegmentPlace.Ending);
        SegmentFile Opened(bool isOpen) => keys.WithDayKey(place.Site, place.Camera, place.Day, key =>
            keys.State != VaultState.Open ? throw new VaultKeyException("the vault is locked: trafficflow vault unlock opens it")
            : key is null ? throw new SegmentStoreException($"segment {place} does not open: the key of its day is destroyed")
            : !File.Exists(path) ? throw new SegmentStoreException($"there is no segment {place}: it was erased, or is still being written")
            : SegmentFile.Open(path, place, key, isOpen));
        SegmentFile file;
        try
        {
            file = Opened(isOpen: false);
        }
        catch (SegmentStoreException) when (asFarAsItGoes)
        {
            file = Opened(isOpen: true);
        }

        if (asFarAsItGoes || file.IsWhole) return file.Pictures;
        file.Dispose();
        throw new SegmentStoreException($"segment {place} is cut, or its end is damaged");
    }

    /// <summary>What still plays of a segment that is cut or damaged, in memory that is overwritten when it is disposed of.</summary>
    /// <returns>Null where nothing plays.</returns>
    /// <inheritdoc cref="CopySound"/>
    public Stream? OpenSound(SegmentPlace place)
    {
        using var pictures = (ChunkedReader)Open(place, asFarAsItGoes: true);
        var memory = new ClearedMemory(pictures.Length + SoundFragments.LongestBeginning);
        try
        {
            if (SoundFragments.Copy(pictures, memory, () => BeginningLike(place)) > 0)
            {
                memory.Position = 0;
                return memory;
            }
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        memory.Dispose();
        return null;
    }

    /// <summary>Opens a segment for a viewer elsewhere: ciphertext, and its key sealed to the viewer's session.</summary>
    /// <param name="viewer">Public key of the session, see <see cref="ViewerKey"/>.</param>
    /// <exception cref="FormatException">That is no public key.</exception>
    /// <inheritdoc cref="Open"/>
    public SealedSegment OpenSealed(SegmentPlace place, ReadOnlySpan<byte> viewer)
    {
        using var dayKey = keys.DayKey(place.Site, place.Camera, place.Day, make: false) ?? throw new SegmentStoreException($"segment {place} does not open: the key of its day is destroyed");
        var path = Path.Combine(keys.FolderOf(place.Site, place.Camera, place.Day), place.Name + SegmentPlace.Ending);
        if (!File.Exists(path)) throw new SegmentStoreException($"there is no segment {place}: it was erased, or is still being written");
        return SealedSegment.Open(path, place, dayKey, viewer);
    }

    /// <summary>Writes what still plays of a segment that is cut or damaged: fragmented MP4 of about a second each, without those that do not open.</summary>
    /// <returns>How many fragments were written; 0 where nothing plays.</returns>
    /// <exception cref="SegmentStoreException">Nothing of it opens; the message says why.</exception>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public int CopySound(SegmentPlace place, Stream output)
    {
        using var pictures = (ChunkedReader)Open(place, asFarAsItGoes: true);
        return SoundFragments.Copy(pictures, output, () => BeginningLike(place));
    }

    /// <summary>Of another segment of this camera that day, of the same size and rate: its encoder was told the same.</summary>
    private byte[]? BeginningLike(SegmentPlace place)
    {
        using var dayKey = keys.DayKey(place.Site, place.Camera, place.Day, make: false);
        var folder = keys.FolderOf(place.Site, place.Camera, place.Day);
        if (dayKey is null) return null;
        FrameFormat? format = null;
        foreach (var other in OfDay(place.Site, place.Camera, place.Day).Where(s => s.State is SegmentState.Whole or SegmentState.Cut).OrderBy(s => s.Place != place))
        {
            try
            {
                using var file = SegmentFile.Open(Path.Combine(folder, other.Place.Name + SegmentPlace.Ending), other.Place, dayKey, isOpen: true);
                if (other.Place == place) format = file.Header.Frame;
                else if (file.Header.Frame == format && SoundFragments.Beginning(file.Pictures) is { } beginning) return beginning;
            }
            catch (SegmentStoreException)
            {
                // Damaged as well: the next one.
            }
        }

        return null;
    }

    /// <summary>Whether a segment is what its day's checked list says: erased, or this very file, of which every chunk opens.</summary>
    /// <returns>Why not; null where it is.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read.</exception>
    internal string? WhyNotSound(SegmentPlace place, string commitment, bool isErased)
    {
        using var dayKey = keys.DayKey(place.Site, place.Camera, place.Day, make: false);
        if (dayKey is null) return "the key of its day is destroyed";
        var folder = keys.FolderOf(place.Site, place.Camera, place.Day);
        var list = SegmentList.Read(folder, dayKey);
        if (list.ByName().GetValueOrDefault(place.Name) is not { } line || line.Commitment != commitment || (line.Event == SegmentEvent.Erased) != isErased) return "the list of its day does not say so";
        if (isErased) return null;
        try
        {
            using var file = SegmentFile.Open(Path.Combine(folder, place.Name + SegmentPlace.Ending), place, dayKey);
            if (file.Commitment != commitment) return "another file is in its place";
            for (var chunk = 0L; chunk < file.Pictures.Chunks; chunk++)
            {
                if (!file.Pictures.IsSound(chunk)) return $"chunk {chunk} is damaged";
            }

            return null;
        }
        catch (SegmentStoreException e)
        {
            return e.Message;
        }
    }

    /// <summary>Reads every byte of what <see cref="List"/> gives, and checks the lists.</summary>
    /// <returns>What is wrong, in order; nothing where all is as it was written.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    public IEnumerable<SegmentFinding> Verify(SiteId? site = null, CameraId? camera = null, DateTimeOffset? from = null, DateTimeOffset? to = null, Action<RecordedSegment>? done = null)
    {
        if (keys.State != VaultState.Open) throw new VaultKeyException("the vault is locked: trafficflow vault unlock opens it");
        foreach (var one in keys.SitesWithSegments.Where(s => site is not { } wanted || s == wanted))
        {
            foreach (var (ofCamera, day, folder) in SegmentFolders.Of(keys, one).Where(f => camera is not { } wanted || f.Camera == wanted))
            {
                if ((from is { } begin && day < SegmentPlace.DayOf(begin - options.Longest)) || (to is { } end && day > SegmentPlace.DayOf(end))) continue;
                string key;
                List<SegmentFinding> findings;
                List<RecordedSegment> looked;
                do
                {
                    // Once more where the day got a new key meanwhile.
                    (key, looked) = (VaultKeys.IdOfDay(folder), []);
                    findings = [.. VerifyDay(one, ofCamera, day, folder, s => s.Overlaps(from ?? DateTimeOffset.MinValue, to ?? DateTimeOffset.MaxValue, options.Longest), looked.Add)];
                }
                while (key != VaultKeys.IdOfDay(folder));
                foreach (var finding in findings) yield return finding;
                foreach (var segment in looked) done?.Invoke(segment);
            }
        }
    }

    private IEnumerable<SegmentFinding> VerifyDay(SiteId site, CameraId camera, DateOnly day, string folder, Func<RecordedSegment, bool> isWanted, Action<RecordedSegment>? done)
    {
        LockedBytes? dayKey = null;
        SegmentFinding? damaged = null;
        SegmentList list;
        var ofDay = $"{site}/{camera}/{VaultKeys.TextOf(day)}";
        try
        {
            dayKey = keys.DayKey(site, camera, day, make: false);
        }
        catch (Exception e) when (e is VaultKeyException or VaultFileException)
        {
            damaged = new SegmentFinding(ofDay, null, e.Message);
        }

        if (damaged is not null)
        {
            yield return damaged;
            yield break;
        }

        using (dayKey)
        {
            try
            {
                list = SegmentList.Read(folder, dayKey);
            }
            catch (VaultFileException e)
            {
                damaged = new SegmentFinding(ofDay, null, e.Message);
                list = null!;
            }

            if (damaged is not null)
            {
                yield return damaged;
                yield break;
            }

            foreach (var problem in list.Problems) yield return new SegmentFinding(ofDay, null, problem);
            foreach (var segment in OfDay(site, camera, day, folder).Where(isWanted))
            {
                foreach (var finding in Verify(segment, folder, dayKey)) yield return finding;
                done?.Invoke(segment);
            }
        }
    }

    private static IEnumerable<SegmentFinding> Verify(RecordedSegment segment, string folder, LockedBytes? dayKey)
    {
        var name = segment.Place.ToString();
        switch (segment.State)
        {
            case SegmentState.Open:
                yield break;
            case SegmentState.Erased:
                if (File.Exists(Path.Combine(folder, segment.Place.Name + SegmentPlace.Ending))) yield return new SegmentFinding(name, null, $"it was erased (receipt {segment.Receipt}), and a file of its name is there: somebody has put one back; it cannot be opened");
                yield break;
            case SegmentState.Missing:
                yield return new SegmentFinding(name, null, "it was recorded and never erased, and its file is gone");
                yield break;
            case SegmentState.NotListed:
                yield return new SegmentFinding(name, null, "it is not in the list of its day: it was brought in, or the list was cut");
                break;
        }

        if (dayKey is null)
        {
            yield return new SegmentFinding(name, null, "it is there, and the key of its day is destroyed: it cannot be opened");
            yield break;
        }

        SegmentFile? file = null;
        string? problem = null;
        var path = Path.Combine(folder, segment.Place.Name + SegmentPlace.Ending);
        try
        {
            file = SegmentFile.Open(path, segment.Place, dayKey);
        }
        catch (SegmentStoreException e)
        {
            problem = e.Message;
        }

        if (problem is not null)
        {
            yield return new SegmentFinding(name, null, problem);
            // What is left of one that was cut is looked at all the same.
            try
            {
                file = SegmentFile.Open(path, segment.Place, dayKey, isOpen: true);
            }
            catch (SegmentStoreException)
            {
                yield break;
            }
        }

        using (file!)
        {
            if (segment.Commitment.Length > 0 && segment.Commitment != file!.Commitment) yield return new SegmentFinding(name, null, "it is not the file that the list of its day names: an older or another one was put in its place");
            for (var chunk = 0L; chunk < file!.Pictures.Chunks - (problem is null ? 0 : 1); chunk++)
            {
                if (!file.Pictures.IsSound(chunk)) yield return new SegmentFinding(name, chunk, $"chunk {chunk} of {file.Pictures.Chunks} is damaged");
            }
        }
    }

    /// <summary>A day whose key is destroyed or damaged has no list that anybody could believe: its files go by their names.</summary>
    private IReadOnlyDictionary<string, SegmentLine> ListOf(SiteId site, CameraId camera, DateOnly day, string folder)
    {
        try
        {
            return keys.WithDayKey(site, camera, day, key => key is null && keys.State == VaultState.Open ? new Dictionary<string, SegmentLine>() : SegmentList.Read(folder, key).ByName());
        }
        catch (Exception e) when (e is VaultKeyException || (e is VaultFileException && keys.State == VaultState.Open))
        {
            return new Dictionary<string, SegmentLine>();
        }
    }

    private IEnumerable<RecordedSegment> OfDay(SiteId site, CameraId camera, DateOnly day, string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        var listed = ListOf(site, camera, day, folder);
        var files = Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().ToList();
        var whole = files.Where(f => f.EndsWith(SegmentPlace.Ending, StringComparison.Ordinal)).Select(f => f[..^SegmentPlace.Ending.Length]).ToHashSet(StringComparer.Ordinal);
        var open = files.Where(f => f.EndsWith(SegmentPlace.OpenEnding, StringComparison.Ordinal)).Select(f => f[..^SegmentPlace.OpenEnding.Length]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in listed.Keys.Union(whole).Union(open).Order(StringComparer.Ordinal))
        {
            var place = new SegmentPlace(site, camera, day, name);
            if (listed.TryGetValue(name, out var line))
            {
                var state = line.Event == SegmentEvent.Erased ? SegmentState.Erased
                    : open.Contains(name) ? SegmentState.Open
                    : !whole.Contains(name) ? SegmentState.Missing
                    : line.IsCut ? SegmentState.Cut : SegmentState.Whole;
                yield return new RecordedSegment(place, state, line.From, line.To, line.Frames, line.Lost, line.Bytes, line.Commitment, line.Receipt) { IsCarried = line.IsCarried };
            }
            else
            {
                var isOpen = open.Contains(name);
                var file = new FileInfo(Path.Combine(folder, name + (isOpen ? SegmentPlace.OpenEnding : SegmentPlace.Ending)));
                yield return new RecordedSegment(place, isOpen ? SegmentState.Open : SegmentState.NotListed, SegmentPlace.TimeOf(name) ?? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero), null, 0, 0, file.Exists ? file.Length : 0, "", null);
            }
        }
    }
}

/// <summary>Something that is not as it was written.</summary>
/// <param name="Where">SITE/CAMERA/NAME of a segment, or SITE/CAMERA/DAY of a list.</param>
/// <param name="Chunk">Number of the chunk, from 0; null where it is of the whole.</param>
public sealed record SegmentFinding(string Where, long? Chunk, string What);
