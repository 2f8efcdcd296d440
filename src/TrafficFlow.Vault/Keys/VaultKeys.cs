using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

public enum VaultState
{
    /// <summary>It has no key yet: nothing can be recorded.</summary>
    Absent = 0,

    /// <summary>Somebody has to bring the key: nothing can be recorded or opened.</summary>
    Locked = 1,

    Open = 2,
}

/// <summary>
/// The keys of one vault folder: the master, wrapped for its slots (<see cref="MasterFile"/>); a key for each site, wrapped by the master; one for each camera and day (UTC), wrapped by the site's. Each lies in a file of its
/// own, so that destroying the file destroys what it opens. One process at a time changes them. Thread-safe.
/// </summary>
public sealed partial class VaultKeys : IDisposable
{
    private const string SiteFile = "site.key";
    private const string DayFile = "day.key";
    private const int MostHeldDays = 64;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Func<DateTimeOffset> _passed;
    private readonly Dictionary<string, LockedBytes> _sites = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LockedBytes> _days = new(StringComparer.Ordinal);
    private LockedBytes? _master;
    private MasterFile? _file;
    private bool _isTidy;

    /// <param name="passed">A time that has surely passed: nothing ends by a later one. Null where the clock is believed.</param>
    /// <exception cref="VaultFileException">The file of the master cannot be read.</exception>
    public VaultKeys(string folder, TimeProvider time, Func<DateTimeOffset>? passed = null)
    {
        (Folder, _time, _passed) = (folder, time, passed ?? time.GetUtcNow);
        Registers = new SealedFiles(folder, _lock, () => _master);
        _file = MasterFile.Read(folder);
    }

    public string Folder { get; }

    public VaultState State
    {
        get
        {
            lock (_lock) return _master is not null ? VaultState.Open : _file is not null ? VaultState.Locked : VaultState.Absent;
        }
    }

    /// <summary>Of the master: its id, the number of its rotations, when it was made, and the ways to it.</summary>
    public MasterSummary? Master
    {
        get
        {
            lock (_lock) return _file is { } file ? new MasterSummary(file.Id, file.Generation, file.Made, [.. file.Slots.Select(s => new SlotSummary(s.Id, s.Kind, s.Label, s.Made, s.Needed, s.Of))]) : null;
        }
    }

    /// <summary>What decides, and needs the master to be believed.</summary>
    internal SealedFiles Registers { get; }

    internal string SitesFolder => Path.Combine(Folder, "sites");

    /// <summary>Makes the master and its first slots, and opens the vault.</summary>
    /// <returns>Shares, to be handed to custodians and kept nowhere else.</returns>
    /// <exception cref="VaultKeyException">There is one already.</exception>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public IReadOnlyList<string> Create(IReadOnlyList<SlotRequest> requests)
    {
        if (requests.Count == 0) throw new ArgumentException("a vault needs a way to its key", nameof(requests));
        lock (_lock)
        {
            if (_file is not null || MasterFile.Read(Folder) is not null) throw new VaultKeyException($"{Folder} has a key already: unlock it, or add another way to it");
            PrivateFile.MakeFolder(Folder);
            var master = LockedBytes.Random(KeyWrap.KeyBytes);
            var id = KeyWrap.IdOf(master);
            var made = requests.Select(r => r.Make(master, id, _time.GetUtcNow())).ToList();
            // What is left of a vault before this one decides nothing in it.
            foreach (var left in RegistersOfBefore()) Shredding.Move(left, left + ".before");
            Registers.Begin(master);
            var file = new MasterFile(MasterFile.FormatOfNow, id, 1, _time.GetUtcNow(), null, [.. made.Select(m => m.Slot)], []).CheckedWith(master);
            file.Write(Folder);
            (_master, _file, _isTidy) = (master, file, true);
            return [.. made.SelectMany(m => m.Shares)];
        }
    }

    /// <summary>Opens the vault, and ends what a crash has cut.</summary>
    /// <exception cref="VaultKeyException">It has no key, or this is none of its.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    public void Unlock(UnlockSecret secret)
    {
        lock (_lock)
        {
            _file = MasterFile.Read(Folder) ?? throw new VaultKeyException($"{Folder} has no key yet: trafficflow vault init makes one");
            var master = OpenedBy(_file, secret) ?? throw new VaultKeyException(WhyNot(_file, secret));
            if (!_file.IsOf(master))
            {
                master.Dispose();
                throw new VaultFileException(Changed);
            }

            _master?.Dispose();
            _master = master;
            // Once, before anything is written: drafts that are there later are somebody's who writes now.
            if (!_isTidy) Shredding.Finish(Folder);
            _isTidy = true;
            FinishRotation();
            Registers.Settle();
            DropRetired();
        }
    }

    /// <summary>Forgets the keys.</summary>
    public void Lock()
    {
        lock (_lock)
        {
            _master?.Dispose();
            _master = null;
            Forget(_sites);
            Forget(_days);
        }
    }

    /// <summary>Adds a way to the key.</summary>
    /// <returns>Shares, to be handed to custodians and kept nowhere else.</returns>
    /// <exception cref="VaultKeyException">The vault is not open, or has as many as it can.</exception>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public IReadOnlyList<string> AddSlot(SlotRequest request)
    {
        lock (_lock)
        {
            var (master, file) = Opened();
            RefuseChanged();
            if (file.Slots.Count >= MasterFile.MostSlots) throw new VaultKeyException($"there are {file.Slots.Count} ways to the key already: remove one");
            var (slot, shares) = request.Make(master, file.Id, _time.GetUtcNow());
            Write(file with { Slots = [.. file.Slots, slot] });
            return shares;
        }
    }

    /// <summary>Removes a way to the key. Whoever has its secret and a copy of the file as it was can still open what was sealed to it: rotate the master, too.</summary>
    /// <exception cref="VaultKeyException">There is none such, or it is the last.</exception>
    /// <exception cref="VaultFileException">It cannot be written.</exception>
    public void RemoveSlot(string id)
    {
        lock (_lock)
        {
            var (_, file) = Opened();
            RefuseChanged();
            if (file.Slots.All(s => s.Id != id)) throw new VaultKeyException($"there is no slot {id}: there are {string.Join(", ", file.Slots.Select(s => s.Id))}");
            if (file.Slots.Count == 1) throw new VaultKeyException($"slot {id} is the only way to the key: add another one first");
            Write(file with { Slots = [.. file.Slots.Where(s => s.Id != id)] });
        }
    }

    /// <summary>Sites of which something is kept.</summary>
    public IReadOnlyList<SiteId> Sites => [.. FoldersIn(SitesFolder).Where(f => File.Exists(Path.Combine(f, SiteFile))).Select(f => new SiteId(Path.GetFileName(f)))];

    /// <summary>Sites of which there are folders, be their keys destroyed.</summary>
    internal IReadOnlyList<SiteId> SitesWithSegments => [.. FoldersIn(SitesFolder).Select(f => new SiteId(Path.GetFileName(f)))];

    /// <summary>Whether all that is kept can be opened with the master as it lies on the disk.</summary>
    /// <param name="secret">What is at hand; null tries the keys below the master alone.</param>
    /// <returns>What cannot be opened; empty where all can.</returns>
    public IReadOnlyList<string> Prove(UnlockSecret? secret)
    {
        lock (_lock)
        {
            if (_master is null) return ["the vault is not open: what it holds cannot be tried"];
            var problems = new List<string>();
            try
            {
                if (MasterFile.Read(Folder) is not { } file) return [$"{Path.Combine(Folder, MasterFile.Name)} is gone: the key in memory is the last one. Put the file back from a backup before the node ends, or rotate the master now"];
                if (!file.IsOf(_master)) problems.Add(Changed);
                problems.AddRange(Registers.Problems());
                if (secret is not null)
                {
                    using var opened = OpenedBy(file, secret);
                    if (opened is null) problems.Add(WhyNot(file, secret));
                    else if (KeyWrap.IdOf(opened) != KeyWrap.IdOf(_master)) problems.Add("the key at hand opens another master than the one in use: which vault is it of?");
                }

                foreach (var site in Sites) problems.AddRange(WhyNot(site));
            }
            catch (VaultFileException e)
            {
                problems.Add(e.Message);
            }

            return problems;
        }
    }

    /// <summary>The key of a camera's day. The caller disposes of it.</summary>
    /// <param name="day">UTC.</param>
    /// <param name="make">Whether a new one is made where there is none.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="VaultKeyException">The vault is not open, or the key cannot be opened.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    internal LockedBytes? DayKey(SiteId site, CameraId camera, DateOnly day, bool make)
    {
        lock (_lock)
        {
            _ = Opened();
            var name = NameOf(site, camera, day);
            var path = Path.Combine(FolderOf(site, camera, day), DayFile);
            if (_days.TryGetValue(name, out var held))
            {
                if (File.Exists(path)) return LockedBytes.CopyOf(held.Span);
                _days.Remove(name);
                held.Dispose();
            }

            if (SiteKey(site, make) is not { } parent) return null;
            LockedBytes key;
            if (KeyFile.Read(path, name) is { } file)
            {
                key = file.Open(parent) ?? throw new VaultKeyException($"{path} was wrapped by another key than that of site {site} as it is now: put back both from one backup");
            }
            else
            {
                if (!make) return null;
                PrivateFile.MakeFolder(FolderOf(site, camera, day));
                key = LockedBytes.Random(KeyWrap.KeyBytes);
                KeyFile.Of(name, key, parent, _time.GetUtcNow()).Write(path);
            }

            if (_days.Count >= MostHeldDays) Forget(_days);
            _days[name] = LockedBytes.CopyOf(key.Span);
            return key;
        }
    }

    /// <returns>Id of a day's key by its file; empty where there is none, or it cannot be read.</returns>
    internal static string IdOfDay(string folder)
    {
        try
        {
            return KeyFile.Parse(PrivateFile.Read(Path.Combine(folder, DayFile), KeyFile.Longest) ?? [])?.Id ?? "";
        }
        catch (VaultFileException)
        {
            return "";
        }
    }

    /// <returns>Id of a site's key by its file; empty where there is none.</returns>
    internal string IdOfSite(SiteId site) => KeyFile.Parse(PrivateFile.Read(PathOf(site), KeyFile.Longest) ?? [])?.Id ?? "";

    internal string FolderOf(SiteId site, CameraId camera, DateOnly day) => Path.Combine(SitesFolder, site.Value, camera.Value, TextOf(day));

    public void Dispose() => Lock();

    internal static string NameOf(SiteId site) => $"site:{site}";

    internal static string NameOf(SiteId site, CameraId camera, DateOnly day) => $"day:{site}/{camera}/{TextOf(day)}";

    internal static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static IEnumerable<string> FoldersIn(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : [];

    private string PathOf(SiteId site) => Path.Combine(SitesFolder, site.Value, SiteFile);

    private (LockedBytes Master, MasterFile File) Opened() =>
        _master is { } master && _file is { } file ? (master, file)
        : throw new VaultKeyException(_file is null ? $"{Folder} has no key yet: trafficflow vault init makes one" : "the vault is locked: trafficflow vault unlock opens it");

    private string Changed => $"{Path.Combine(Folder, MasterFile.Name)} opens, and what it says of the ways to the key was changed by one who had not the key: nothing is opened or sealed by it. Put the file back as it was";

    /// <summary>What somebody else has written there is not written over unseen; one that is gone is.</summary>
    private void RefuseChanged()
    {
        if (MasterFile.Read(Folder) is { } file && !file.IsOf(_master!)) throw new VaultFileException(Changed);
    }

    private void Write(MasterFile file)
    {
        file = file.CheckedWith(_master!);
        file.Write(Folder);
        _file = file;
    }

    private LockedBytes? SiteKey(SiteId site, bool make)
    {
        if (_sites.TryGetValue(site.Value, out var held)) return held;
        var (master, _) = Opened();
        LockedBytes key;
        if (KeyFile.Read(PathOf(site), NameOf(site)) is { } file)
        {
            key = file.Open(master) ?? throw new VaultKeyException($"{PathOf(site)} was wrapped by master {file.Parent}, and the vault's is {KeyWrap.IdOf(master)}: put back both from one backup");
        }
        else
        {
            if (!make) return null;
            PrivateFile.MakeFolder(Path.GetDirectoryName(PathOf(site))!);
            key = LockedBytes.Random(KeyWrap.KeyBytes);
            KeyFile.Of(NameOf(site), key, master, _time.GetUtcNow()).Write(PathOf(site));
        }

        return _sites[site.Value] = key;
    }

    private IEnumerable<(string Path, string Name)> DaysOf(SiteId site) =>
        from camera in FoldersIn(Path.Combine(SitesFolder, site.Value))
        from day in FoldersIn(camera)
        let path = Path.Combine(day, DayFile)
        where File.Exists(path) && DateOnly.TryParseExact(Path.GetFileName(day), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        select (path, NameOf(site, new CameraId(Path.GetFileName(camera)), DateOnly.ParseExact(Path.GetFileName(day), "yyyy-MM-dd", CultureInfo.InvariantCulture)));

    private IEnumerable<string> WhyNot(SiteId site)
    {
        using var key = KeyFile.Read(PathOf(site), NameOf(site))?.Open(_master!);
        if (key is null)
        {
            yield return $"the key of site {site} does not open: nothing of it can be played or exported; put back {PathOf(site)} from a backup";
            yield break;
        }

        foreach (var (path, name) in DaysOf(site))
        {
            using var day = KeyFile.Read(path, name)?.Open(key);
            if (day is null) yield return $"{path} does not open: nothing of this day can be played or exported; put it back from a backup";
        }
    }

    private static LockedBytes? OpenedBy(MasterFile file, UnlockSecret secret) => file.Slots.Select(s => s.Open(secret, file.Id)).FirstOrDefault(m => m is not null);

    private static string WhyNot(MasterFile file, UnlockSecret secret)
    {
        var ways = $"this vault opens with {string.Join(", ", file.Slots.Select(s => $"{s.Kind.ToString().ToLowerInvariant()} \"{s.Label}\""))}";
        if (file.Slots.All(s => s.Kind != secret.Kind)) return $"no {secret.Kind.ToString().ToLowerInvariant()} opens this vault: {ways}";
        return secret switch
        {
            PassphraseSecret => "this passphrase does not open the vault: is it typed as it was set, and is the keyboard's layout the same?",
            SharesSecret shares when file.Slots.FirstOrDefault(s => s.Id == shares.Slot) is { } slot => shares.Count < slot.Needed
                ? $"{shares.Count} of the {slot.Needed} shares that slot {slot.Id} needs were given: another custodian has to bring theirs"
                : $"these shares do not open slot {slot.Id}: are they of an older one with the same name?",
            SharesSecret shares => $"there is no slot {shares.Slot}, of which these shares are: {ways}",
            _ => $"this credential does not open the vault, whose way \"{file.Slots.First(s => s.Kind == secret.Kind).Label}\" was made with another one: which file does the unit's LoadCredentialEncrypted= name?",
        };
    }

    private static void Forget(Dictionary<string, LockedBytes> keys)
    {
        foreach (var key in keys.Values) key.Dispose();
        keys.Clear();
    }
}

/// <summary>What is known of a master key, without the key.</summary>
public sealed record MasterSummary(string Id, int Generation, DateTimeOffset Made, IReadOnlyList<SlotSummary> Slots);

/// <param name="Needed">Of shares; else 0.</param>
/// <param name="Of">The same.</param>
public sealed record SlotSummary(string Id, SlotKind Kind, string Label, DateTimeOffset Made, int Needed, int Of);
