namespace TrafficFlow.Vault.Disks;

/// <summary>
/// Finds out whether what is written to a folder reaches a disk in the clear, from /proc and /sys of Linux. Reads and changes nothing; takes milliseconds. Where this machine does not
/// show it, the verdict says so, and never guesses.
/// </summary>
public sealed class DiskSurvey
{
    private static readonly string[] s_network = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "9p", "virtiofs", "afs", "lustre", "glusterfs", "ocfs2", "gfs2", "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.ceph", "fuse.davfs"];
    private static readonly string[] s_encrypting = ["ecryptfs", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.securefs"];

    private readonly KernelFiles _files;
    private readonly Func<string, FolderStat?> _stat;
    private readonly BlockDevices _devices;

    public DiskSurvey()
        : this("/", FolderStat.Of)
    {
    }

    /// <param name="root">Under which proc and sys lie.</param>
    internal DiskSurvey(string root, Func<string, FolderStat?> stat)
    {
        (_files, _stat) = (new KernelFiles(root), stat);
        _devices = new BlockDevices(_files, (path, depth) => Below(path, depth).Finding);
    }

    /// <param name="folder">Need not be there yet: the nearest folder above it is looked at.</param>
    public DiskVerdict Look(string folder)
    {
        var nearest = Path.GetFullPath(folder);
        while (!_files.HasFolder(nearest) && Path.GetDirectoryName(nearest) is { Length: > 0 } parent) nearest = parent;
        var (finding, system) = Below(nearest, 0);
        var swap = SwapAreas();
        if (finding is { Protection: DiskProtection.NoDisk } && system == "tmpfs" && swap.FirstOrDefault(s => s.Protection is DiskProtection.NotEncrypted or DiskProtection.Unknown) is { } open)
            finding = finding with { Protection = open.Protection, Steps = [.. finding.Steps, $"and may be swapped to {open.Place}, which is {(open.Protection == DiskProtection.NotEncrypted ? "not encrypted" : "not known to be encrypted")}"] };
        return new DiskVerdict(folder, finding.Protection, Medium(finding.Mediums), system, finding.Steps, swap);
    }

    private (DeviceFinding Finding, string FileSystem) Below(string path, int depth)
    {
        if (depth > BlockDevices.Deepest) return (Unknown("layers without end"), "");
        var real = RealPath(path);
        if (_files.Text("/proc/self/mountinfo") is not { Length: > 0 } table) return (Unknown("/proc/self/mountinfo cannot be read"), "");
        var stat = _stat(_files.PathOf(real));
        if (MountTable.Parse(table).Of(real, stat?.Mount) is not { } mount) return (Unknown($"no mount holds {real}"), "");
        var step = $"{real} is on {mount.FileSystem} at {mount.Point} ({mount.Source})";
        var finding = stat?.IsEncrypted == true
            ? new DeviceFinding(DiskProtection.Encrypted, OnDevice(mount, depth).Mediums, ["the folder is encrypted by its file system (fscrypt)"])
            : OfFileSystem(mount, depth);
        return (finding with { Steps = [step, .. finding.Steps] }, mount.FileSystem);
    }

    private DeviceFinding OfFileSystem(Mount mount, int depth)
    {
        var system = mount.FileSystem;
        if (system is "tmpfs" or "ramfs" or "devtmpfs") return new DeviceFinding(DiskProtection.NoDisk, [DiskMedium.Memory], [$"{system} lies in memory"]);
        if (s_encrypting.Contains(system))
        {
            var below = system == "ecryptfs" && mount.Source.StartsWith('/') && mount.Source != mount.Point ? Below(mount.Source, depth + 1).Finding.Mediums : [];
            return new DeviceFinding(DiskProtection.Encrypted, below, [$"{system} encrypts each file"]);
        }

        if (s_network.Contains(system)) return new DeviceFinding(DiskProtection.Unknown, [DiskMedium.Network], [$"{system} lies on another machine, whose disks are not seen from here"]);
        if (system == "overlay") return Overlay(mount, depth);
        if (system == "zfs") return Unknown($"zfs does not show it here: zfs get encryption,keystatus {mount.Source} does");
        if (system.StartsWith("fuse.", StringComparison.Ordinal)) return Unknown($"{system} does not show where it keeps what is written");
        return OnDevice(mount, depth);
    }

    /// <summary>Anonymous numbers, as btrfs has them for its subvolumes, are of no device: the source names it, and /sys all others of the same file system.</summary>
    private DeviceFinding OnDevice(Mount mount, int depth)
    {
        if (!mount.Device.StartsWith("0:", StringComparison.Ordinal)) return _devices.Of(mount.Device, depth);
        if (_devices.NumberOf(mount.Source) is not { } number) return Unknown($"{mount.FileSystem} names no block device ({mount.Source})");
        if (mount.FileSystem != "btrfs") return _devices.Of(number, depth);
        var members = _files.Names("/sys/fs/btrfs").Select(u => _files.Names($"/sys/fs/btrfs/{u}/devices").Select(d => _files.Text($"/sys/class/block/{d}/dev")).OfType<string>().ToList()).FirstOrDefault(m => m.Contains(number));
        if (members is null) return _devices.Of(number, depth) is { Protection: DiskProtection.Encrypted } only ? only with { Protection = DiskProtection.Unknown, Steps = [.. only.Steps, "whether btrfs has other devices, too, is not told"] } : _devices.Of(number, depth);
        var all = members.Select(m => _devices.Of(m, depth)).ToList();
        var worst = all.FirstOrDefault(d => d.Protection == DiskProtection.NotEncrypted) ?? all.FirstOrDefault(d => d.Protection != DiskProtection.Encrypted) ?? all[0];
        return worst with { Mediums = [.. all.SelectMany(d => d.Mediums).Distinct()], Steps = all.Count > 1 ? [$"btrfs has {all.Count} devices", .. worst.Steps] : worst.Steps };
    }

    /// <summary>What is written to an overlay goes to its upper folder, which a container does not see as a rule.</summary>
    private DeviceFinding Overlay(Mount mount, int depth)
    {
        if (mount.Option("upperdir") is not { } upper) return Unknown("overlay without an upper folder");
        if (!_files.HasFolder(upper)) return Unknown($"overlay writes to {upper}, which is not seen from here: a container's volume, or a look on its host, tells more");
        var below = Below(upper, depth + 1).Finding;
        return below with { Steps = [$"overlay writes to {upper}", .. below.Steps] };
    }

    private List<SwapArea> SwapAreas()
    {
        // Filename  Type  Size  Used  Priority, below a heading.
        if (_files.Text("/proc/swaps") is not { } table) return [new SwapArea("/proc/swaps cannot be read", DiskProtection.Unknown)];
        return [.. table.Split('\n').Skip(1).Select(l => l.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(f => f.Length >= 2).Select(f => Area(MountTable.Unescape(f[0]), f[1]))];
    }

    private SwapArea Area(string place, string type)
    {
        if (type == "file") return new SwapArea(place, Below(Path.GetDirectoryName(place) ?? "/", 0).Finding.Protection);
        return new SwapArea(place, _devices.NumberOf(place) is { } number ? _devices.Of(number).Protection : DiskProtection.Unknown);
    }

    /// <summary>Without links, each step of the way looked at: what is mounted lies at the end of them.</summary>
    private string RealPath(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries)) real = _files.Resolve(real == "/" ? $"/{part}" : $"{real}/{part}");
        return real;
    }

    private static DiskMedium Medium(IReadOnlyCollection<DiskMedium> mediums)
    {
        var all = mediums.Distinct().ToList();
        return all switch
        {
            [] => DiskMedium.Unknown,
            [var only] => only,
            _ => all.Contains(DiskMedium.Unknown) ? DiskMedium.Unknown : DiskMedium.Mixed,
        };
    }

    private static DeviceFinding Unknown(string why) => new(DiskProtection.Unknown, [], [why]);
}
