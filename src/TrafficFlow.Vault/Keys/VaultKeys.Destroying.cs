using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>Keys that are given up: overwritten in place, so that what they wrapped opens with nothing any more.</summary>
public sealed partial class VaultKeys
{
    /// <summary>Destroys the key of a camera's day. Nothing that it wrapped can be opened afterwards.</summary>
    /// <param name="id">Of the key that is meant; another one, made since, stays.</param>
    /// <returns>False where another one is there.</returns>
    /// <exception cref="VaultFileException">It cannot be overwritten.</exception>
    internal bool DestroyDay(SiteId site, CameraId camera, DateOnly day, string id)
    {
        lock (_lock)
        {
            if (IsAnother(IdOfDay(FolderOf(site, camera, day)), id)) return false;
            if (_days.Remove(NameOf(site, camera, day), out var key)) key.Dispose();
            Shredding.Delete(Path.Combine(FolderOf(site, camera, day), DayFile));
            return true;
        }
    }

    /// <summary>Destroys the key of a site.</summary>
    /// <param name="id">Of the key that is meant; another one, made since, stays.</param>
    /// <exception cref="VaultFileException">It cannot be overwritten.</exception>
    internal void DestroySite(SiteId site, string id)
    {
        lock (_lock)
        {
            if (IsAnother(IdOfSite(site), id)) return;
            if (_sites.Remove(site.Value, out var key)) key.Dispose();
            Forget(_days);
            Shredding.Delete(PathOf(site));
        }
    }

    /// <summary>Destroys the master and closes the vault.</summary>
    /// <param name="id">Of the master that is meant; another one, made since, stays.</param>
    /// <exception cref="VaultFileException">It cannot be overwritten.</exception>
    internal void DestroyMaster(string id)
    {
        lock (_lock)
        {
            if (IsAnother(MasterFile.Read(Folder)?.Id ?? "", id)) return;
            Lock();
            foreach (var own in OwnKeys()) Shredding.Delete(own);
            Shredding.Delete(Path.Combine(Folder, MasterFile.Name));
            _file = null;
        }
    }

    /// <summary>Leaves nothing of a master that is destroyed, whatever a crash has cut of that. Where there is one, it does nothing.</summary>
    /// <exception cref="VaultFileException">A file cannot be overwritten or removed.</exception>
    internal void ForgetMaster()
    {
        lock (_lock)
        {
            if (_file is not null || MasterFile.Read(Folder) is not null) return;
            Shredding.Finish(Folder);
            foreach (var own in OwnKeys()) Shredding.Delete(own);
            // They say nothing any more: what they were of is gone, and nobody could check them.
            File.Delete(Path.Combine(Folder, SealedHead.Name));
            if (Directory.Exists(Path.Combine(Folder, ErasedFolder))) Directory.Delete(Path.Combine(Folder, ErasedFolder), recursive: true);
        }
    }

    /// <summary>One that is gone, or of which the id is not known, is the one that is meant.</summary>
    private static bool IsAnother(string there, string meant) => there.Length > 0 && meant.Length > 0 && there != meant;
}
