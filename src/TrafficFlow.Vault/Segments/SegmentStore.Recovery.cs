using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>Segments that were not closed: what is sound of them is kept.</summary>
public sealed partial class SegmentStore
{
    /// <summary>Ends what a crash has cut, and what could not be closed, as on a full disk. Recording may go on beside it.</summary>
    /// <param name="isLeft">Segments that are left as they are, for an erasure that was begun names them; null for none.</param>
    /// <param name="isFirst">The vault was opened just now. Later what is being carried in is left alone: it may be on its way.</param>
    /// <returns>What was found and done, for the log.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    public IReadOnlyList<string> Recover(Func<SegmentPlace, bool>? isLeft = null, bool isFirst = true)
    {
        var told = new List<string>();
        foreach (var site in keys.Sites)
        {
            foreach (var (camera, day, folder) in SegmentFolders.Of(keys, site))
            {
                // A segment that was listed and not yet named is whole; any other is carried in again.
                foreach (var path in isFirst ? Directory.EnumerateFiles(folder, "*" + SegmentPlace.ImportEnding).ToList() : []) told.Add(TryRecover(new SegmentPlace(site, camera, day, Path.GetFileNameWithoutExtension(path)), path, folder));
                foreach (var path in Directory.EnumerateFiles(folder, "*" + SegmentPlace.OpenEnding).Order(StringComparer.Ordinal).ToList())
                {
                    var place = new SegmentPlace(site, camera, day, Path.GetFileNameWithoutExtension(path));
                    if (isLeft?.Invoke(place) == true) continue;
                    // Recording goes on beside it: what is being written now, or was a moment ago, is nothing that was cut.
                    lock (_lock)
                    {
                        if (_writers.Values.Any(w => w.Place == place) || !File.Exists(path)) continue;
                    }

                    told.Add(TryRecover(place, path, folder));
                }
            }
        }

        return told;
    }

    private string TryRecover(SegmentPlace place, string path, string folder)
    {
        try
        {
            return Recover(place, path, folder);
        }
        catch (Exception e) when (e is VaultFileException or VaultKeyException or SegmentStoreException or IOException or UnauthorizedAccessException)
        {
            return $"segment {place} was not closed, and stays as it is: {e.Message}";
        }
    }

    private string Recover(SegmentPlace place, string path, string folder)
    {
        using var dayKey = keys.DayKey(place.Site, place.Camera, place.Day, make: false);
        if (dayKey is null)
        {
            // Nobody can open it any more: what is left to do is to remove it.
            Shredding.Delete(path);
            return $"segment {place} was not closed, and the key of its day is destroyed: it is removed";
        }

        if (SegmentList.Read(folder, dayKey).ByName().TryGetValue(place.Name, out var listed)) return FinishListed(place, path, listed);
        if (path.EndsWith(SegmentPlace.ImportEnding, StringComparison.Ordinal))
        {
            Shredding.Delete(path);
            return $"segment {place} was being carried in, and is carried in anew with its bundle";
        }

        SegmentFile file;
        try
        {
            file = SegmentFile.Open(path, place, dayKey, isOpen: true);
        }
        catch (SegmentStoreException e) when (e.InnerException is null)
        {
            Shredding.Delete(path);
            return $"segment {place} was cut before its first picture, and is removed ({e.Message})";
        }

        // Never another end under the same key: what is sound goes into a segment of its own.
        using (file) return Salvage(place, path, file, dayKey);
    }

    private static string FinishListed(SegmentPlace place, string path, SegmentLine listed)
    {
        if (listed.Event == SegmentEvent.Erased)
        {
            Shredding.Delete(path);
            return $"segment {place} was erased while it was written, and is removed";
        }

        File.Move(path, Path.ChangeExtension(path, null) + SegmentPlace.Ending);
        Shredding.Sync(Path.GetDirectoryName(path)!);
        return $"segment {place} was whole, and has its name now";
    }

    private string Salvage(SegmentPlace place, string path, SegmentFile file, LockedBytes dayKey)
    {
        var chunks = 0L;
        while (chunks < file.Pictures.Chunks - 1 && file.Pictures.IsSound(chunks)) chunks++;
        var header = file.Header;
        if (chunks == 0)
        {
            Shredding.Delete(path);
            return $"segment {place} was cut before its first whole chunk, and is removed";
        }

        // Not among those that record: the camera may record beside it.
        SegmentWriter made;
        lock (_lock) made = Make(new SegmentStart(place.Site, place.Camera, header.From, header.Frame, header.SiteHash, header.Detector));
        using var writer = made;
        var block = new byte[ChunkedEncryption.ChunkBytes];
        var copy = Path.Combine(Path.GetDirectoryName(path)!, made.Place.Name);
        try
        {
            file.Pictures.Position = 0;
            for (var chunk = 0L; chunk < chunks; chunk++)
            {
                file.Pictures.ReadExactly(block);
                writer.Write(block);
            }

            writer.Dispose();
            if (!File.Exists(copy + SegmentPlace.Ending)) throw new SegmentStoreException("what is sound of it cannot be written: is the disk full?");
        }
        catch
        {
            // Else each try would leave another one.
            writer.Dispose();
            if (!SegmentList.Read(Path.GetDirectoryName(path)!, dayKey).ByName().ContainsKey(made.Place.Name)) Shredding.Delete(copy + SegmentPlace.OpenEnding);
            throw;
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(block);
        }

        Shredding.Delete(path);
        return $"segment {place} was not closed: {chunks * ChunkedEncryption.ChunkBytes} bytes of it are kept as {writer.Place.Name}";
    }
}
