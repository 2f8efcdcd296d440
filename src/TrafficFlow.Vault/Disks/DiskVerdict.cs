namespace TrafficFlow.Vault.Disks;

/// <summary>Whether what is written reaches a disk in the clear.</summary>
public enum DiskProtection
{
    /// <summary>This machine does not show it.</summary>
    Unknown = 0,

    /// <summary>Encrypted on its way to every disk that it may reach.</summary>
    Encrypted = 1,

    /// <summary>In the clear, as far as this machine shows: what a drive or a host encrypts by itself is not seen.</summary>
    NotEncrypted = 2,

    /// <summary>It reaches no disk: it lies in memory.</summary>
    NoDisk = 3,
}

/// <summary>What the bits lie on. Overwriting in place is only certain to hit the same place on magnetic disks.</summary>
public enum DiskMedium
{
    Unknown = 0,
    Magnetic = 1,
    Flash = 2,

    /// <summary>Disks of both kinds.</summary>
    Mixed = 3,
    Memory = 4,

    /// <summary>Another machine's.</summary>
    Network = 5,
}

/// <summary>One area to which memory may be swapped.</summary>
/// <param name="Place">As /proc/swaps has it.</param>
public sealed record SwapArea(string Place, DiskProtection Protection);

/// <summary>What was found out about the disk under a folder.</summary>
/// <param name="Folder">The folder that was looked at.</param>
/// <param name="FileSystem">As the kernel names it, such as ext4; empty where nothing is known.</param>
/// <param name="FoundFrom">What was read, step by step, for whoever must answer for the verdict; English.</param>
/// <param name="Swap">Every area in use.</param>
public sealed record DiskVerdict(string Folder, DiskProtection Protection, DiskMedium Medium, string FileSystem, IReadOnlyList<string> FoundFrom, IReadOnlyList<SwapArea> Swap)
{
    /// <summary>Nothing of the folder reaches a disk in the clear.</summary>
    public bool IsProtected => Protection is DiskProtection.Encrypted or DiskProtection.NoDisk;

    /// <summary>Swap areas to which memory, with pictures and keys in it, may be written in the clear.</summary>
    public IReadOnlyList<SwapArea> OpenSwap => [.. Swap.Where(s => s.Protection is not (DiskProtection.Encrypted or DiskProtection.NoDisk))];

    /// <summary>What is missing for a folder that must not reach a disk in the clear, with what to do; null where nothing is.</summary>
    public string? Problem
    {
        get
        {
            var folder = Protection switch
            {
                DiskProtection.NotEncrypted => $"{Folder} lies on a disk that is not encrypted ({FoundFrom[^1]}): move the data folder onto dm-crypt (cryptsetup luksFormat, deploy/CUSTODY-SITE.md), or set custody.require-encrypted-disk otherwise in the site file",
                DiskProtection.Unknown => $"whether {Folder} lies on an encrypted disk cannot be told ({FoundFrom[^1]}): move the data folder onto dm-crypt of this machine, or set custody.require-encrypted-disk otherwise in the site file and keep with it how it is encrypted",
                _ => null,
            };
            var swap = OpenSwap.Count == 0 ? null
                : $"memory may be swapped to {string.Join(", ", OpenSwap.Select(s => s.Place))} {(OpenSwap.Any(s => s.Protection == DiskProtection.NotEncrypted) ? "in the clear" : "of which it cannot be told whether it is encrypted")}: switch that off (swapoff, /etc/fstab), or encrypt it (/etc/crypttab, option swap)";
            return folder is null ? swap : swap is null ? folder : $"{folder}; {swap}";
        }
    }

    /// <summary>The verdict in a line.</summary>
    public string Summary
    {
        get
        {
            var disk = Protection switch
            {
                DiskProtection.Encrypted => "encrypted",
                DiskProtection.NotEncrypted => "not encrypted",
                DiskProtection.NoDisk => "in memory, on no disk",
                _ => "cannot tell whether encrypted",
            };
            var swap = Swap.Count == 0 ? "no swap" : OpenSwap.Count == 0 ? "swap encrypted or in memory" : $"swap {string.Join(", ", OpenSwap.Select(s => s.Place))} not known to be encrypted";
            return $"{Folder}: {disk} ({string.Join("; ", FoundFrom)}); {Medium.ToString().ToLowerInvariant()} medium; {swap}";
        }
    }
}
