using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>New keys in the place of old ones: what they wrap is wrapped anew, and the old one is kept beside the new one until all of it is.</summary>
public sealed partial class VaultKeys
{
    /// <summary>A new master: site keys are wrapped anew, nothing else is written. Nobody's secret is needed.</summary>
    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">It cannot be written; <see cref="Unlock"/> ends what was begun.</exception>
    public void RotateMaster()
    {
        lock (_lock)
        {
            FinishRotation();
            var (old, file) = Opened();
            RefuseUnfinished(file.Previous, Path.Combine(Folder, MasterFile.Name));
            RefuseChanged();
            // Its registers go on under the new master, and so must be sound.
            _ = Registers.Head();
            var master = LockedBytes.Random(KeyWrap.KeyBytes);
            var id = KeyWrap.IdOf(master);
            var next = new MasterFile(
                MasterFile.FormatOfNow, id, file.Generation + 1, _time.GetUtcNow(), KeyWrap.Wrap(master, MasterFile.NameOfPrevious, old), [.. file.Slots.Select(s => s.With(master, id))], []).CheckedWith(master);
            next.Write(Folder);
            (_master, _file) = (master, next);
            old.Dispose();
            FinishRotation();
            RefuseUnfinished(_file?.Previous, Path.Combine(Folder, MasterFile.Name));
        }
    }

    /// <summary>A new key of a site: its day keys are wrapped anew, nothing else is written.</summary>
    /// <exception cref="VaultKeyException">The vault is not open, or has nothing of this site.</exception>
    /// <exception cref="VaultFileException">It cannot be written; <see cref="Unlock"/> ends what was begun.</exception>
    public void RotateSite(SiteId site)
    {
        lock (_lock)
        {
            var (master, _) = Opened();
            FinishRotation(site);
            RefuseUnfinished(KeyFile.Read(PathOf(site), NameOf(site))?.Previous, PathOf(site));
            var old = SiteKey(site, make: false) ?? throw new VaultKeyException($"the vault holds nothing of site {site}");
            var key = LockedBytes.Random(KeyWrap.KeyBytes);
            // Where that fails, whichever of the two lies there then is read anew.
            _sites.Remove(site.Value);
            using (old) KeyFile.Of(NameOf(site), key, master, _time.GetUtcNow(), previous: old).Write(PathOf(site));
            _sites[site.Value] = key;
            FinishRotation(site);
            RefuseUnfinished(KeyFile.Read(PathOf(site), NameOf(site))?.Previous, PathOf(site));
        }
    }

    /// <summary>Wraps what the key before this one wraps, and gives that up.</summary>
    private void FinishRotation()
    {
        var (master, file) = Opened();
        if (file.Previous is { } wrapped)
        {
            using var old = KeyWrap.Unwrap(master, MasterFile.NameOfPrevious, wrapped) ?? throw new VaultFileException($"{Path.Combine(Folder, MasterFile.Name)} is damaged: a rotation was under way, and the master before it does not open; put the file back from a backup");
            var left = false;
            foreach (var site in Sites)
            {
                var key = ReadOrLeave(PathOf(site), NameOf(site), ref left);
                if (key is null || key.Parent == file.Id) continue;
                using var opened = key.Open(old);
                // One that neither opens was not this vault's before, or is damaged: the key before is not given up while that is so.
                if (opened is null) left = true;
                else (key with { Parent = file.Id, Wrapped = KeyWrap.Wrap(master, key.Name, opened) }).Write(PathOf(site));
            }

            foreach (var path in OwnKeys())
            {
                var own = KeyFile.Parse(PrivateFile.Read(path, KeyFile.Longest) ?? []);
                if (own?.Parent == file.Id) continue;
                using var opened = own?.Open(old);
                if (opened is null) left = true;
                else (own! with { Parent = file.Id, Wrapped = KeyWrap.Wrap(master, own.Name, opened) }).Write(path);
            }

            if (!Registers.Reseal(old, master)) left = true;
            if (!left) Write(file with { Previous = null });
        }

        foreach (var site in Sites)
        {
            try
            {
                FinishRotation(site);
            }
            catch (Exception e) when (e is VaultFileException or VaultKeyException)
            {
                // One site that cannot be opened keeps the others from nothing: Prove tells it.
            }
        }
    }

    private void FinishRotation(SiteId site)
    {
        if (KeyFile.Read(PathOf(site), NameOf(site)) is not { Previous: { } wrapped } file) return;
        if (SiteKey(site, make: false) is not { } key) return;
        using var old = KeyWrap.Unwrap(key, KeyFile.NameOfPrevious(file.Name), wrapped) ?? throw new VaultFileException($"{PathOf(site)} is damaged: a rotation was under way, and the key before it does not open; put the file back from a backup");
        var left = false;
        foreach (var (path, name) in DaysOf(site))
        {
            var day = ReadOrLeave(path, name, ref left);
            if (day is null || day.Parent == file.Id) continue;
            using var opened = day.Open(old);
            if (opened is null) left = true;
            else (day with { Parent = file.Id, Wrapped = KeyWrap.Wrap(key, name, opened) }).Write(path);
        }

        if (!left) (file with { Previous = null }).Write(PathOf(site));
    }

    /// <summary>One file that is damaged keeps the others from nothing; the key before is kept for it.</summary>
    private static KeyFile? ReadOrLeave(string path, string name, ref bool left)
    {
        try
        {
            return KeyFile.Read(path, name);
        }
        catch (VaultFileException)
        {
            left = true;
            return null;
        }
    }

    private static void RefuseUnfinished(byte[]? previous, string path)
    {
        if (previous is not null) throw new VaultKeyException($"the rotation of {path} is not ended: a key below it opens neither with the key of now nor with the one before. trafficflow vault status names it; put it back from a backup, or erase what it is of");
    }
}
