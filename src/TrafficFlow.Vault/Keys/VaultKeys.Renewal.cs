using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>New keys of days of which a part was erased: wrapped keys of that part which survive somewhere, and an old copy of the day's key, open nothing in this vault any more.</summary>
public sealed partial class VaultKeys
{
    /// <summary>Renews the key of a camera's day. While it is done nobody else is given the key.</summary>
    /// <param name="rewrap">Wraps with the second key what the first one has wrapped, on the disk when it returns; what a crash has cut is given to it again.</param>
    /// <returns>False where there is no such key.</returns>
    /// <exception cref="VaultKeyException">The vault is not open, or the key cannot be opened.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written; <see cref="FinishDay"/> goes on.</exception>
    internal bool RenewDay(SiteId site, CameraId camera, DateOnly day, Action<LockedBytes, LockedBytes> rewrap)
    {
        lock (_lock)
        {
            FinishDay(site, camera, day, rewrap);
            var (name, path) = (NameOf(site, camera, day), Path.Combine(FolderOf(site, camera, day), DayFile));
            if (SiteKey(site, make: false) is not { } parent || KeyFile.Read(path, name) is not { } file) return false;
            using var old = Open(file, path, parent);
            using var key = LockedBytes.Random(KeyWrap.KeyBytes);
            Forget(name);
            KeyFile.Of(name, key, parent, _time.GetUtcNow(), previous: old).Write(path);
            FinishDay(site, camera, day, rewrap);
            return true;
        }
    }

    /// <summary>Ends a renewal that was cut.</summary>
    /// <inheritdoc cref="RenewDay"/>
    internal void FinishDay(SiteId site, CameraId camera, DateOnly day, Action<LockedBytes, LockedBytes> rewrap)
    {
        lock (_lock)
        {
            _ = Opened();
            var (name, path) = (NameOf(site, camera, day), Path.Combine(FolderOf(site, camera, day), DayFile));
            if (KeyFile.Read(path, name) is not { Previous: { } wrapped } file || SiteKey(site, make: false) is not { } parent) return;
            using var key = Open(file, path, parent);
            using var old = KeyWrap.Unwrap(key, KeyFile.NameOfPrevious(name), wrapped) ?? throw new VaultFileException($"{path} is damaged: its renewal was under way, and the key before it does not open; what it opens cannot be opened without it");
            Forget(name);
            rewrap(old, key);
            (file with { Previous = null }).Write(path);
        }
    }

    /// <returns>Why the key of a day does not open as it lies on the disk, though it may be held in memory still; null where it does, or there is none.</returns>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    internal string? WhyDayDoesNotOpen(SiteId site, CameraId camera, DateOnly day)
    {
        lock (_lock)
        {
            _ = Opened();
            var (name, path) = (NameOf(site, camera, day), Path.Combine(FolderOf(site, camera, day), DayFile));
            try
            {
                if (SiteKey(site, make: false) is not { } parent || KeyFile.Read(path, name) is not { } file) return null;
                using var key = Open(file, path, parent);
                using var old = file.Previous is { } wrapped ? KeyWrap.Unwrap(key, KeyFile.NameOfPrevious(name), wrapped) : null;
                return file.Previous is not null && old is null ? $"{path} is damaged: its renewal was under way, and the key before it does not open" : null;
            }
            catch (Exception e) when (e is VaultKeyException or VaultFileException)
            {
                return e.Message;
            }
        }
    }

    /// <summary>Gives the key of a day, which nobody renews until it returns.</summary>
    /// <param name="use">Null: there is no such key, or the vault is not open.</param>
    internal T WithDayKey<T>(SiteId site, CameraId camera, DateOnly day, Func<LockedBytes?, T> use)
    {
        lock (_lock)
        {
            using var key = _master is null ? null : DayKey(site, camera, day, make: false);
            return use(key);
        }
    }

    private static LockedBytes Open(KeyFile file, string path, LockedBytes parent) => file.Open(parent) ?? throw new VaultKeyException($"{path} was wrapped by another key than that of its site as it is now: put back both from one copy");

    private void Forget(string day)
    {
        if (_days.Remove(day, out var held)) held.Dispose();
    }
}
