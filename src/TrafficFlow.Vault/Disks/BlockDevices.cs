namespace TrafficFlow.Vault.Disks;

/// <summary>What was found about a device and all that it lies on.</summary>
/// <param name="Mediums">Of the disks beneath.</param>
internal sealed record DeviceFinding(DiskProtection Protection, IReadOnlyCollection<DiskMedium> Mediums, IReadOnlyList<string> Steps);

/// <summary>
/// Walks from a block device down to the disks, by what /sys shows: dm-crypt, LVM, md, multipath, partitions, loop devices, memory. Encrypted is what passes dm-crypt on every way down.
/// </summary>
/// <param name="file">Judges the place of a file, for loop devices.</param>
internal sealed class BlockDevices(KernelFiles files, Func<string, int, DeviceFinding> file)
{
    /// <summary>A real stack has five layers or so.</summary>
    internal const int Deepest = 24;

    /// <summary>Forms of dm-crypt by what cryptsetup writes into the mapping's UUID. Integrity and verity alone do not encrypt.</summary>
    private static readonly string[] s_ciphers = ["CRYPT-LUKS1-", "CRYPT-LUKS2-", "CRYPT-PLAIN-", "CRYPT-LOOPAES-", "CRYPT-TCRYPT-", "CRYPT-BITLK-", "CRYPT-FVAULT2-"];

    private static readonly string[] s_passing = ["LVM-", "mpath-", "DMRAID-", "part", "CRYPT-VERITY-", "CRYPT-INTEGRITY-", "CRYPT-SUBDEV-", "stratis-"];

    /// <param name="device">MAJOR:MINOR.</param>
    public DeviceFinding Of(string device, int depth = 0)
    {
        var link = $"/sys/dev/block/{device}";
        if (depth > Deepest) return Unknown($"{device}: more than {Deepest} layers");
        if (!files.HasFolder(link)) return Unknown($"the kernel shows no block device {device}");
        var place = files.Resolve(link);
        var name = Path.GetFileName(place);

        if (files.Text($"{place}/dm/uuid") is { } uuid) return Mapped(place, name, uuid, depth);
        if (files.Text($"{place}/loop/backing_file") is { } backing)
        {
            if (backing.EndsWith(" (deleted)", StringComparison.Ordinal)) return Unknown($"{name} is a loop device over a file that was deleted");
            var below = file(backing, depth + 1);
            return below with { Steps = [$"{name} is a loop device over {backing}", .. below.Steps] };
        }

        if (files.HasFolder($"{place}/loop")) return Unknown($"{name} is a loop device over a file that is not told");
        if (name.StartsWith("zram", StringComparison.Ordinal)) return Compressed(place, name, depth);
        if (IsNumbered(name, "ram") || IsNumbered(name, "pmem")) return IsNumbered(name, "ram")
            ? new DeviceFinding(DiskProtection.NoDisk, [DiskMedium.Memory], [$"{name} lies in memory"])
            : new DeviceFinding(DiskProtection.NotEncrypted, [DiskMedium.Flash], [$"{name} is persistent memory without dm-crypt"]);
        if (files.Text($"{place}/partition") is not null)
        {
            var parent = Path.GetDirectoryName(place)!;
            return files.Text($"{parent}/dev") is { } whole ? After($"{name} is a partition of {Path.GetFileName(parent)}", Of(whole, depth + 1)) : Unknown($"{name} is a partition of a disk that is not told");
        }

        if (files.Names($"{place}/slaves") is { Count: > 0 } slaves) return Beneath(place, $"{name} ({(files.HasFolder($"{place}/md") ? $"md {files.Text($"{place}/md/level")}" : "of several")})", slaves, depth);
        return Disk(place, name);
    }

    /// <summary>The device of a name as /dev and mount tables have it; null where there is none.</summary>
    public string? NumberOf(string source)
    {
        if (!source.StartsWith("/dev/", StringComparison.Ordinal)) return null;
        var name = source["/dev/".Length..];
        if (files.Text($"/sys/class/block/{name.Replace('/', '!')}/dev") is { } number) return number;
        if (!name.StartsWith("mapper/", StringComparison.Ordinal)) return null;
        var mapped = name["mapper/".Length..];
        return files.Names("/sys/class/block").Where(d => files.Text($"/sys/class/block/{d}/dm/name") == mapped).Select(d => files.Text($"/sys/class/block/{d}/dev")).FirstOrDefault();
    }

    private DeviceFinding Mapped(string place, string name, string uuid, int depth)
    {
        var shown = files.Text($"{place}/dm/name") is { Length: > 0 } called ? $"{name} {called}" : name;
        var slaves = files.Names($"{place}/slaves");
        if (s_ciphers.FirstOrDefault(c => uuid.StartsWith(c, StringComparison.Ordinal)) is { } cipher)
        {
            // What lies beneath matters for the medium alone.
            var mediums = slaves.SelectMany(s => Slave(place, s, depth).Mediums).Distinct().ToList();
            return new DeviceFinding(DiskProtection.Encrypted, mediums, [$"{shown} is dm-crypt ({cipher[6..^1]})"]);
        }

        if (slaves.Count == 0) return Unknown($"{shown} is mapped to devices that are not told");
        // dm-crypt that was mapped by hand looks the same as anything else: what it is stands in its table alone.
        var isKnown = s_passing.Any(p => uuid.StartsWith(p, StringComparison.Ordinal));
        var below = Beneath(place, isKnown ? $"{shown} ({uuid.Split('-')[0]})" : $"{shown} (device mapper)", slaves, depth);
        return isKnown || below.Protection != DiskProtection.NotEncrypted ? below
            : below with { Protection = DiskProtection.Unknown, Steps = [.. below.Steps, $"what maps {shown} is not told: dmsetup table {shown.Split(' ')[^1]} shows it"] };
    }

    private DeviceFinding Beneath(string place, string shown, IReadOnlyList<string> slaves, int depth)
    {
        var all = slaves.Select(s => Slave(place, s, depth)).ToList();
        // One way in the clear is enough.
        var worst = all.FirstOrDefault(d => d.Protection == DiskProtection.NotEncrypted) ?? all.FirstOrDefault(d => d.Protection == DiskProtection.Unknown)
            ?? all.FirstOrDefault(d => d.Protection == DiskProtection.Encrypted) ?? all[0];
        return new DeviceFinding(worst.Protection, [.. all.SelectMany(d => d.Mediums).Distinct()], [$"{shown} lies on {string.Join(", ", slaves)}", .. worst.Steps]);
    }

    private DeviceFinding Slave(string place, string slave, int depth) =>
        files.Text($"{files.Resolve($"{place}/slaves/{slave}")}/dev") is { } number ? Of(number, depth + 1) : Unknown($"{slave} is not told");

    private DeviceFinding Compressed(string place, string name, int depth)
    {
        if (files.Text($"{place}/backing_dev") is not { Length: > 0 } backing || backing == "none") return new DeviceFinding(DiskProtection.NoDisk, [DiskMedium.Memory], [$"{name} lies in memory, compressed"]);
        return NumberOf(backing) is { } number ? After($"{name} writes what memory has no room for to {backing}", Of(number, depth + 1)) : Unknown($"{name} writes what memory has no room for to {backing}, which is not told");
    }

    private DeviceFinding Disk(string place, string name)
    {
        if (new[] { "nbd", "rbd", "drbd" }.Any(n => IsNumbered(name, n))) return new DeviceFinding(DiskProtection.Unknown, [DiskMedium.Network], [$"{name} lies on another machine"]);
        DiskMedium[] medium = files.Text($"{place}/queue/rotational") switch
        {
            "1" => [DiskMedium.Magnetic],
            "0" => [DiskMedium.Flash],
            _ => [DiskMedium.Unknown],
        };
        var isVirtual = name.StartsWith("vd", StringComparison.Ordinal) || name.StartsWith("xvd", StringComparison.Ordinal);
        return new DeviceFinding(DiskProtection.NotEncrypted, medium, [$"{name} is a {(isVirtual ? "disk of a virtual machine, whose host may encrypt it, unseen from here," : "disk")} without dm-crypt above it"]);
    }

    private static DeviceFinding After(string step, DeviceFinding below) => below with { Steps = [step, .. below.Steps] };

    private static DeviceFinding Unknown(string why) => new(DiskProtection.Unknown, [], [why]);

    private static bool IsNumbered(string name, string kind) => name.Length > kind.Length && name.StartsWith(kind, StringComparison.Ordinal) && char.IsAsciiDigit(name[kind.Length]);
}
