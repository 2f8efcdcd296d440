using System.Globalization;

namespace TrafficFlow.Vault.Erasure;

/// <summary>What was tried after keys were destroyed, in the words of the receipt.</summary>
internal sealed class ErasureProofs
{
    /// <summary>Wrapped keys of segments that were read back and did not unwrap any more.</summary>
    public int Segments { get; set; }

    /// <summary>Wrapped keys of segments that were overwritten, and could not be tried: the key of their day does not open.</summary>
    public int Untried { get; set; }

    /// <summary>Days of which the key does not open as it lies on the disk, with the reason.</summary>
    public List<string> ClosedDays { get; } = [];

    /// <summary>Keys of days that did not open any more.</summary>
    public int Days { get; set; }

    /// <summary>Files that were overwritten and removed.</summary>
    public int Files { get; set; }

    /// <summary>Days that keep a part, and have a new key.</summary>
    public int Renewed { get; set; }

    /// <summary>Sites of these days that have a new key.</summary>
    public List<string> Sites { get; } = [];

    /// <summary>Sites of these days whose key could not be renewed, with the reason.</summary>
    public List<string> NotRenewed { get; } = [];

    public IReadOnlyList<string> Proved(ErasurePlan plan)
    {
        var proved = new List<string>();
        if (plan.Segments.Count > 0) proved.Add(Say($"The wrapped keys of {Segments} of {plan.Segments.Count} segments were overwritten in place, read back, and did not unwrap with the key of their day; the others had been destroyed before."));
        if (Untried > 0) proved.Add(Say($"The wrapped keys of {Untried} more were overwritten in place as well; they could not be tried, for the key of their day does not open."));
        if (Renewed > 0) proved.Add(Say($"{Renewed} days of which a part stays have a new key, by which what stays was wrapped anew; the key before was overwritten in place: a wrapped key of what went, should it survive anywhere, opens with nothing."));
        if (Sites.Count > 0) proved.Add(Say($"So has site {string.Join(", ", Sites)}: an old copy of a day's key opens with nothing, too."));
        if (plan.Days.Count > 0) proved.Add(Say($"The wrapped keys of {plan.Days.Count} days of cameras were overwritten in place and removed; {Days} of these days were tried with the vault open, and did not open any more."));
        foreach (var key in plan.Sites) proved.Add(Say($"The wrapped key of {key.Name} (id {key.KeyId}) was overwritten in place and removed."));
        if (plan.Master is { } master) proved.Add(Say($"The file of the master key (id {master.KeyId}) was overwritten in place and removed: what credentials, passphrases and shares opened is gone, wherever these are."));
        proved.Add(Say($"{Files} files of ciphertext were overwritten once with random bytes, written to the disk (fsync), and removed."));
        return proved;
    }

    public IReadOnlyList<string> NotProved(ErasurePlan plan, MediumFacts medium)
    {
        var open = new List<string>();
        var survives = medium.IsFlash switch
        {
            true => "The disk is flash: it may keep old blocks where no program can read or overwrite them.",
            null => "It is not known whether the disk is flash, which may keep old blocks where no program can read or overwrite them.",
            false => null,
        };
        if (survives is not null) open.Add(survives);
        open.Add(medium.FileSystem switch
        {
            "ext4" or "ext3" or "ext2" or "xfs" => $"{medium.FileSystem} overwrites files in place unless it journals data (data=journal), snapshots below it are taken, or a disk array remembers.",
            "btrfs" or "zfs" or "bcachefs" => $"{medium.FileSystem} writes elsewhere instead of in place: old blocks stay until they are used again, and in snapshots.",
            "tmpfs" or "ramfs" => $"{medium.FileSystem} is memory: it is on no disk but for what the system swaps out.",
            _ => $"Whether the file system ({(medium.FileSystem.Length > 0 ? medium.FileSystem : "not known")}) overwrites in place is not known.",
        });
        open.Add(plan.Master is not null
            ? "Old blocks hold ciphertext and wrapped keys alone: without the master key, which is destroyed, nothing opens them. A copy of its file from before, with a secret of one of its ways, would."
            : plan.Segments.Count > 0 ? Say($"Old blocks hold ciphertext and wrapped keys alone. Should those of a segment, of its day and of its site all survive, the master of generation {plan.MasterGeneration} could open them: rotate it (trafficflow vault rotate) to end that, too.")
            : Say($"Old blocks hold ciphertext and wrapped keys alone. Should one of a wrapped key survive, the keys above it, up to the master of generation {plan.MasterGeneration}, could open it: rotate the site's key and the master (trafficflow vault rotate) to end that, too."));
        open.AddRange(ClosedDays.Select(day => $"The key of a day does not open as it lies on the disk: {day}. What stays of it has no new key."));
        open.AddRange(NotRenewed.Select(site => $"The key of a site could not be renewed with the day's, whose old copy it could open: {site}. Mend it, and then: trafficflow vault rotate."));
        if (medium.IsEncrypted == true) open.Add("The disk under it is encrypted: whoever takes it away needs its key to see even that.");
        return open;
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
