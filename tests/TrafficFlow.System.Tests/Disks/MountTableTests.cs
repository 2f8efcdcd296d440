using System.Text;
using TrafficFlow.Vault.Disks;
using Xunit;

namespace TrafficFlow.SystemTests.Disks;

public sealed class MountTableTests
{
    private const string Table = """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        22 21 0:5 / /dev rw,nosuid shared:2 master:3 - devtmpfs devtmpfs rw,size=4k
        23 21 253:0 /@data /srv/my\040data rw - btrfs /dev/mapper/a\134b rw,subvol=/@data
        24 23 0:40 / /srv/my\040data/in rw propagate_from:2 - tmpfs tmpfs rw
        """;

    [Theory]
    [InlineData("/", 21)]
    [InlineData("/srv/my", 21)]
    [InlineData("/srv/my data", 23)]
    [InlineData("/srv/my data/x/y", 23)]
    [InlineData("/srv/my database", 21)]
    [InlineData("/srv/my data/in", 24)]
    [InlineData("/srv/my data/inside", 23)]
    [InlineData("/dev/shm", 22)]
    public void A_path_lies_on_the_mount_that_holds_it(string path, int mount) => Assert.Equal(mount, MountTable.Parse(Table).Of(path)!.Id);

    [Fact]
    public void Fields_are_read_as_the_kernel_writes_them()
    {
        var mount = MountTable.Parse(Table).Of("/srv/my data")!;

        Assert.Equal(("253:0", "/srv/my data", "btrfs", "/dev/mapper/a\\b", "/@data"), (mount.Device, mount.Point, mount.FileSystem, mount.Source, mount.Option("subvol")));
        Assert.Null(mount.Option("upperdir"));
        Assert.Equal("日本", MountTable.Unescape("\\346\\227\\245\\346\\234\\254"));
        Assert.Equal("a\\04", MountTable.Unescape("a\\04"));
    }

    /// <summary>Whatever stands in the table, something is answered, or nothing: no exception, and no endless walk.</summary>
    [Fact]
    public void Tables_that_are_damaged_in_any_way_are_read_as_far_as_they_go()
    {
        var random = new Random(1);
        var whole = Encoding.UTF8.GetBytes(Table);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = whole.ToArray();
            for (var j = random.Next(12); j >= 0; j--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var table = MountTable.Parse(Encoding.UTF8.GetString(bytes.AsSpan(0, random.Next(bytes.Length + 1))));

            var found = table.Of("/srv/my data/in/x", random.Next(4) == 0 ? random.Next(30) : null);

            Assert.True(found is null || found.FileSystem.Length > 0);
        }

        // Mounts that are each other's parents.
        Assert.NotNull(MountTable.Parse("1 2 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / / rw - ext4 /dev/b rw").Of("/x"));
    }
}
