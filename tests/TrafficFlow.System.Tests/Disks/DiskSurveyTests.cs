using TrafficFlow.Vault.Disks;
using Xunit;

namespace TrafficFlow.SystemTests.Disks;

public sealed class DiskSurveyTests
{
    private const string Luks = "CRYPT-LUKS2-1f0e2d3c4b5a69788796a5b4c3d2e1f0-luks";

    private const string Data = "/srv/data";

    /// <summary>Each a machine whose folder /srv/data is looked at.</summary>
    private static readonly Dictionary<string, (Func<FakeMachine> Build, DiskProtection Protection, DiskMedium Medium, string Told)> s_machines = new()
    {
        ["a plain partition"] = (() => Root(), DiskProtection.NotEncrypted, DiskMedium.Flash, "sda is a disk without dm-crypt above it"),
        ["a magnetic disk"] = (() => new FakeMachine().Disk("sda", "8:0", "1").Partition("sda", "sda1", "8:1").Mount("8:1", "/", "ext4", "/dev/sda1"), DiskProtection.NotEncrypted, DiskMedium.Magnetic, "sda1 is a partition of sda"),
        ["LUKS on a partition"] = (() => Root().Partition("sda", "sda3", "8:3").Mapped("dm-0", "253:0", "data", Luks, "sda3").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Flash, "dm-0 data is dm-crypt (LUKS2)"),
        ["LUKS of the first version"] = (() => Root().Mapped("dm-0", "253:0", "data", "CRYPT-LUKS1-1f0e-data", "sda1").Mount("253:0", Data, "xfs", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Flash, "(LUKS1)"),
        ["dm-crypt without a header"] = (() => Root().Mapped("dm-0", "253:0", "data", "CRYPT-PLAIN-data", "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Flash, "(PLAIN)"),
        ["integrity alone, which encrypts nothing"] = (() => Root().Mapped("dm-0", "253:0", "data", "CRYPT-INTEGRITY-data", "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.NotEncrypted, DiskMedium.Flash, "dm-0 data (CRYPT) lies on sda1"),
        ["verity alone"] = (() => Root().Mapped("dm-0", "253:0", "data", "CRYPT-VERITY-1f0e-data", "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.NotEncrypted, DiskMedium.Flash, "lies on sda1"),
        ["LVM on LUKS"] = (() => Root().Partition("sda", "sda3", "8:3").Mapped("dm-0", "253:0", "pv", Luks, "sda3").Mapped("dm-1", "253:1", "vg-data", "LVM-abc", "dm-0").Mount("253:1", Data, "ext4", "/dev/mapper/vg-data"), DiskProtection.Encrypted, DiskMedium.Flash, "dm-1 vg-data (LVM) lies on dm-0"),
        ["LUKS on LVM"] = (() => Root().Mapped("dm-0", "253:0", "vg-lv", "LVM-abc", "sda1").Mapped("dm-1", "253:1", "data", Luks, "dm-0").Mount("253:1", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Flash, "dm-1 data is dm-crypt"),
        ["LVM without LUKS"] = (() => Root().Mapped("dm-0", "253:0", "vg-data", "LVM-abc", "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/vg-data"), DiskProtection.NotEncrypted, DiskMedium.Flash, "dm-0 vg-data (LVM) lies on sda1"),
        ["LVM over an encrypted and an open disk"] = (() => Root().Disk("sdb", "8:16", "1").Mapped("dm-0", "253:0", "pv", Luks, "sda1").Mapped("dm-1", "253:1", "vg-data", "LVM-abc", "dm-0", "sdb").Mount("253:1", Data, "ext4", "/dev/mapper/vg-data"), DiskProtection.NotEncrypted, DiskMedium.Mixed, "lies on dm-0, sdb"),
        ["a RAID of encrypted disks"] = (() => Root().Disk("sdb", "8:16").Mapped("dm-0", "253:0", "a", Luks, "sda1").Mapped("dm-1", "253:1", "b", Luks, "sdb").Raid("md0", "9:0", "raid1", "dm-0", "dm-1").Mount("9:0", Data, "ext4", "/dev/md0"), DiskProtection.Encrypted, DiskMedium.Flash, "md0 (md raid1) lies on dm-0, dm-1"),
        ["an encrypted RAID"] = (() => Root().Disk("sdb", "8:16", "1").Raid("md0", "9:0", "raid1", "sda1", "sdb").Mapped("dm-0", "253:0", "data", Luks, "md0").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Mixed, "is dm-crypt"),
        ["a RAID of which one disk is open"] = (() => Root().Disk("sdb", "8:16").Mapped("dm-0", "253:0", "a", Luks, "sda1").Raid("md0", "9:0", "raid1", "dm-0", "sdb").Mount("9:0", Data, "ext4", "/dev/md0"), DiskProtection.NotEncrypted, DiskMedium.Flash, "sdb is a disk without"),
        ["a partition of a RAID"] = (() => Root().Disk("sdb", "8:16").Raid("md0", "9:0", "raid1", "sda1", "sdb").Partition("md0", "md0p1", "259:0").Mount("259:0", Data, "ext4", "/dev/md0p1"), DiskProtection.NotEncrypted, DiskMedium.Flash, "md0p1 is a partition of md0"),
        ["multipath below LUKS"] = (() => Root().Disk("sdb", "8:16").Mapped("dm-0", "253:0", "mpatha", "mpath-3600", "sda", "sdb").Mapped("dm-1", "253:1", "data", Luks, "dm-0").Mount("253:1", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Flash, "is dm-crypt"),
        ["something mapped by hand"] = (() => Root().Mapped("dm-0", "253:0", "mine", "", "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/mine"), DiskProtection.Unknown, DiskMedium.Flash, "dmsetup table mine shows it"),
        ["something mapped by hand over LUKS"] = (() => Root().Mapped("dm-0", "253:0", "pv", Luks, "sda1").Mapped("dm-1", "253:1", "mine", "", "dm-0").Mount("253:1", Data, "ext4", "/dev/mapper/mine"), DiskProtection.Encrypted, DiskMedium.Flash, "is dm-crypt"),
        ["a subvolume of btrfs on LUKS"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Btrfs("11-22", "dm-0").Mount("0:45", Data, "btrfs", "/dev/mapper/data", "rw,subvol=/data", root: "/data"), DiskProtection.Encrypted, DiskMedium.Flash, "on btrfs at /srv/data"),
        ["btrfs over an encrypted and an open disk"] = (() => Root().Disk("sdb", "8:16").Mapped("dm-0", "253:0", "data", Luks, "sda1").Btrfs("11-22", "dm-0", "sdb").Mount("0:45", Data, "btrfs", "/dev/mapper/data"), DiskProtection.NotEncrypted, DiskMedium.Flash, "btrfs has 2 devices"),
        ["btrfs whose other devices are not told"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("0:45", Data, "btrfs", "/dev/mapper/data"), DiskProtection.Unknown, DiskMedium.Flash, "whether btrfs has other devices, too, is not told"),
        ["an overlay on LUKS"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/var/lib/docker", "ext4", "/dev/mapper/data").Folder("/var/lib/docker/overlay2/a/diff").Mount("0:50", Data, "overlay", "overlay", "rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/a/diff,workdir=/w"), DiskProtection.Encrypted, DiskMedium.Flash, "overlay writes to /var/lib/docker/overlay2/a/diff"),
        ["an overlay within a container"] = (() => new FakeMachine().Mount("0:50", "/", "overlay", "overlay", "rw,lowerdir=/l,upperdir=/var/lib/docker/overlay2/a/diff,workdir=/w"), DiskProtection.Unknown, DiskMedium.Unknown, "which is not seen from here"),
        ["a volume that is bound into a container"] = (() => new FakeMachine().Disk("sda", "8:0").Mapped("dm-0", "253:0", "data", Luks, "sda").Mount("0:50", "/", "overlay", "overlay", "rw,upperdir=/gone").Mount("253:0", Data, "ext4", "/dev/mapper/data", root: "/volumes/a"), DiskProtection.Encrypted, DiskMedium.Flash, "is dm-crypt"),
        ["an overlay whose upper folder is itself on an overlay, without end"] = (() => new FakeMachine().Folder("/up").Mount("0:50", "/", "overlay", "overlay", "rw,upperdir=/up"), DiskProtection.Unknown, DiskMedium.Unknown, "layers without end"),
        ["a loop device over a file on LUKS"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/var/images", "ext4", "/dev/mapper/data").Loop("loop0", "7:0", "/var/images/a.img").Mount("7:0", Data, "ext4", "/dev/loop0"), DiskProtection.Encrypted, DiskMedium.Flash, "loop0 is a loop device over /var/images/a.img"),
        ["a loop device over a file in the clear"] = (() => Root().Loop("loop0", "7:0", "/home/a.img").Mount("7:0", Data, "ext4", "/dev/loop0"), DiskProtection.NotEncrypted, DiskMedium.Flash, "loop device over /home/a.img"),
        ["LUKS in a loop device"] = (() => Root().Loop("loop0", "7:0", "/home/a.img").Mapped("dm-0", "253:0", "data", Luks, "loop0").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Flash, "is dm-crypt"),
        ["a loop device over a deleted file"] = (() => Root().Loop("loop0", "7:0", "/home/a.img (deleted)").Mount("7:0", Data, "ext4", "/dev/loop0"), DiskProtection.Unknown, DiskMedium.Unknown, "a file that was deleted"),
        ["a loop device over a file that is not told"] = (() => Root().Loop("loop0", "7:0", null).Mount("7:0", Data, "ext4", "/dev/loop0"), DiskProtection.Unknown, DiskMedium.Unknown, "a file that is not told"),
        ["tmpfs without swap"] = (() => Root().Mount("0:30", Data, "tmpfs", "tmpfs"), DiskProtection.NoDisk, DiskMedium.Memory, "tmpfs lies in memory"),
        ["tmpfs that may be swapped in the clear"] = (() => Root().Partition("sda", "sda2", "8:2").Swap("/dev/sda2").Mount("0:30", Data, "tmpfs", "tmpfs"), DiskProtection.NotEncrypted, DiskMedium.Memory, "may be swapped to /dev/sda2, which is not encrypted"),
        ["tmpfs with encrypted swap"] = (() => Root().Mapped("dm-0", "253:0", "cryptswap", "CRYPT-PLAIN-cryptswap", "sda1").Swap("/dev/dm-0").Mount("0:30", Data, "tmpfs", "tmpfs"), DiskProtection.NoDisk, DiskMedium.Memory, "tmpfs lies in memory"),
        ["ramfs, which is never swapped"] = (() => Root().Partition("sda", "sda2", "8:2").Swap("/dev/sda2").Mount("0:30", Data, "ramfs", "ramfs"), DiskProtection.NoDisk, DiskMedium.Memory, "ramfs lies in memory"),
        ["a disk in memory"] = (() => Root().Virtual("ram0", "1:0").Mount("1:0", Data, "ext4", "/dev/ram0"), DiskProtection.NoDisk, DiskMedium.Memory, "ram0 lies in memory"),
        ["NFS"] = (() => Root().Mount("0:60", Data, "nfs4", "server:/export"), DiskProtection.Unknown, DiskMedium.Network, "nfs4 lies on another machine"),
        ["a share of Windows"] = (() => Root().Mount("0:60", Data, "cifs", "//server/share"), DiskProtection.Unknown, DiskMedium.Network, "cifs lies on another machine"),
        ["a folder of the host of a virtual machine"] = (() => Root().Mount("0:60", Data, "virtiofs", "share"), DiskProtection.Unknown, DiskMedium.Network, "virtiofs lies on another machine"),
        ["a block device of another machine"] = (() => Root().Virtual("nbd0", "43:0").Mount("43:0", Data, "ext4", "/dev/nbd0"), DiskProtection.Unknown, DiskMedium.Network, "nbd0 lies on another machine"),
        ["LUKS on a block device of another machine"] = (() => Root().Virtual("nbd0", "43:0").Mapped("dm-0", "253:0", "data", Luks, "nbd0").Mount("253:0", Data, "ext4", "/dev/mapper/data"), DiskProtection.Encrypted, DiskMedium.Network, "is dm-crypt"),
        ["ZFS"] = (() => Root().Mount("0:61", Data, "zfs", "tank/data"), DiskProtection.Unknown, DiskMedium.Unknown, "zfs get encryption,keystatus tank/data"),
        ["eCryptfs"] = (() => Root().Mount("0:62", Data, "ecryptfs", "/srv/.data", "rw,ecryptfs_cipher=aes"), DiskProtection.Encrypted, DiskMedium.Flash, "ecryptfs encrypts each file"),
        ["gocryptfs"] = (() => Root().Mount("0:62", Data, "fuse.gocryptfs", "/srv/.data"), DiskProtection.Encrypted, DiskMedium.Unknown, "fuse.gocryptfs encrypts each file"),
        ["another file system in user space"] = (() => Root().Mount("0:62", Data, "fuse.mergerfs", "/a:/b"), DiskProtection.Unknown, DiskMedium.Unknown, "fuse.mergerfs does not show"),
        ["fscrypt"] = (() => With(Root(), m => m.Stat = new FolderStat(true, null)), DiskProtection.Encrypted, DiskMedium.Flash, "encrypted by its file system (fscrypt)"),
        ["a disk of a virtual machine"] = (() => new FakeMachine().Disk("vda", "254:0", "1").Mount("254:0", "/", "ext4", "/dev/vda"), DiskProtection.NotEncrypted, DiskMedium.Magnetic, "whose host may encrypt it, unseen from here"),
        ["a disk of which the kernel tells little"] = (() => new FakeMachine().Disk("sda", "8:0", null).Mount("8:0", "/", "ext4", "/dev/sda"), DiskProtection.NotEncrypted, DiskMedium.Unknown, "sda is a disk"),
        ["a device without /sys"] = (() => new FakeMachine().Mount("8:1", "/", "ext4", "/dev/sda1"), DiskProtection.Unknown, DiskMedium.Unknown, "the kernel shows no block device 8:1"),
        ["no table of mounts"] = (() => new FakeMachine().Folder(Data), DiskProtection.Unknown, DiskMedium.Unknown, "/proc/self/mountinfo cannot be read"),
        ["a link into LUKS"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/mnt/safe", "ext4", "/dev/mapper/data").Folder("/mnt/safe/data").Link(Data, "../mnt/safe/data"), DiskProtection.Encrypted, DiskMedium.Flash, "/mnt/safe/data is on ext4 at /mnt/safe"),
        ["a link out of LUKS"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/srv", "ext4", "/dev/mapper/data").Folder("/home/data").Link(Data, "../home/data"), DiskProtection.NotEncrypted, DiskMedium.Flash, "/home/data is on ext4 at / "),
        ["LUKS that was mounted over by an open disk"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/data").Disk("sdb", "8:16").Mount("8:16", Data, "ext4", "/dev/sdb", parent: 22), DiskProtection.NotEncrypted, DiskMedium.Flash, "/dev/sdb"),
        ["LUKS below a folder that was mounted over later"] = (() => Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", Data, "ext4", "/dev/mapper/data").Disk("sdb", "8:16").Mount("8:16", "/srv", "ext4", "/dev/sdb", parent: 21), DiskProtection.NotEncrypted, DiskMedium.Flash, "at /srv (/dev/sdb)"),
        ["a mount that the kernel names by number"] = (() => With(Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/elsewhere", "ext4", "/dev/mapper/data"), m => m.Stat = new FolderStat(false, 22)), DiskProtection.Encrypted, DiskMedium.Flash, "is dm-crypt"),
        ["a name with a blank"] = (() => Root().Mapped("dm-0", "253:0", "my-data", Luks, "sda1").Mount("253:0", "/srv\\040x", "ext4", "/dev/mapper/my-data").Folder("/srv x/data").Link(Data, "../srv x/data"), DiskProtection.Encrypted, DiskMedium.Flash, "at /srv x"),
        ["lines that are none"] = (() => With(Root(), m => m.Mount("x", "/z", "-", "- - -")), DiskProtection.NotEncrypted, DiskMedium.Flash, "sda"),
    };

    public static TheoryData<string> Machines => [.. s_machines.Keys];

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_machine_is_told_for_what_it_is(string name)
    {
        var (build, protection, medium, told) = s_machines[name];
        using var machine = build().Folder(Data);

        var verdict = machine.Look(Data);

        Assert.True((protection, medium) == (verdict.Protection, verdict.Medium), verdict.Summary);
        Assert.Contains(told, string.Join("; ", verdict.FoundFrom));
        Assert.Equal(verdict.IsProtected && verdict.OpenSwap.Count == 0, verdict.Problem is null);
    }

    [Fact]
    public void A_folder_that_is_not_there_yet_is_judged_by_where_it_will_be()
    {
        using var machine = Root().Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/srv", "ext4", "/dev/mapper/data");

        Assert.Equal(DiskProtection.Encrypted, machine.Look("/srv/trafficflow/data").Protection);
    }

    [Theory]
    [InlineData("/dev/sda2", "partition", DiskProtection.NotEncrypted)]
    [InlineData("/dev/dm-0", "partition", DiskProtection.Encrypted)]
    [InlineData("/dev/mapper/data", "partition", DiskProtection.Encrypted)]
    [InlineData("/dev/zram0", "partition", DiskProtection.NoDisk)]
    [InlineData("/dev/zram1", "partition", DiskProtection.NotEncrypted)]
    [InlineData("/swapfile", "file", DiskProtection.NotEncrypted)]
    [InlineData("/srv/my\\040swap", "file", DiskProtection.Encrypted)]
    [InlineData("/dev/gone", "partition", DiskProtection.Unknown)]
    public void Swap_is_judged_as_well(string place, string type, DiskProtection protection)
    {
        using var machine = Root().Partition("sda", "sda2", "8:2").Mapped("dm-0", "253:0", "data", Luks, "sda1").Mount("253:0", "/srv", "ext4", "/dev/mapper/data")
            .Virtual("zram0", "252:0", ("backing_dev", "none")).Virtual("zram1", "252:1", ("backing_dev", "/dev/sda2")).Swap(place, type);

        var verdict = machine.Look("/srv");

        Assert.Equal(protection, Assert.Single(verdict.Swap).Protection);
        Assert.True(verdict.IsProtected);
        if (protection is DiskProtection.Encrypted or DiskProtection.NoDisk) Assert.Null(verdict.Problem);
        else Assert.Matches("^memory may be swapped to .*(in the clear|cannot be told).*: switch that off \\(swapoff", verdict.Problem);
    }

    [Fact]
    public void A_problem_says_what_to_do()
    {
        using var machine = Root();

        var problem = machine.Look("/srv/data").Problem;

        Assert.StartsWith("/srv/data lies on a disk that is not encrypted (sda is a disk without dm-crypt above it): move the data folder onto dm-crypt", problem);
        Assert.Contains("custody.require-encrypted-disk", problem);
    }

    [Fact]
    public void Devices_that_lie_on_each_other_in_a_circle_end()
    {
        using var machine = Root().Mapped("dm-0", "253:0", "a", "LVM-a", "sda1");
        machine.Mapped("dm-1", "253:1", "b", "LVM-b", "dm-0").Link("/sys/devices/virtual/block/dm-0/slaves/dm-1", "../../dm-1").Mount("253:1", "/srv", "ext4", "/dev/mapper/b");

        var verdict = machine.Look("/srv");

        Assert.Equal(DiskProtection.NotEncrypted, verdict.Protection);
        Assert.True(verdict.FoundFrom.Count < 100);
    }

    private static FakeMachine Root() => new FakeMachine().Disk("sda", "8:0").Partition("sda", "sda1", "8:1").Mount("8:1", "/", "ext4", "/dev/sda1");

    private static FakeMachine With(FakeMachine machine, Action<FakeMachine> change)
    {
        change(machine);
        return machine;
    }
}
