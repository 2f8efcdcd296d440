using System.Globalization;
using System.Text;
using TrafficFlow.Vault.Disks;

namespace TrafficFlow.SystemTests.Disks;

/// <summary>A folder that looks like /proc and /sys of a machine with the given disks: links and files as Linux has them.</summary>
internal sealed class FakeMachine : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("trafficflow-machine-").FullName;
    private readonly StringBuilder _mounts = new();
    private readonly Dictionary<string, string> _places = [];
    private int _lastMount = 20;

    public FakeMachine() => Write("/proc/swaps", "Filename\tType\tSize\tUsed\tPriority\n");

    public FolderStat? Stat { get; set; }

    public DiskVerdict Look(string folder)
    {
        Write("/proc/self/mountinfo", _mounts.ToString());
        return new DiskSurvey(_root, _ => Stat).Look(folder);
    }

    public FakeMachine Disk(string name, string number, string? rotational = "0") => Block($"/sys/devices/pci0000:00/block/{name}", name, number, rotational is null ? [] : [("queue/rotational", rotational)]);

    public FakeMachine Partition(string disk, string name, string number) => Block($"{_places[disk]}/{name}", name, number, [("partition", "1")]);

    public FakeMachine Mapped(string name, string number, string mapping, string uuid, params string[] slaves) =>
        Block($"/sys/devices/virtual/block/{name}", name, number, [("dm/name", mapping), ("dm/uuid", uuid), ("queue/rotational", "0")]).Slaves(name, slaves);

    public FakeMachine Raid(string name, string number, string level, params string[] slaves) => Block($"/sys/devices/virtual/block/{name}", name, number, [("md/level", level)]).Slaves(name, slaves);

    public FakeMachine Loop(string name, string number, string? file)
    {
        Block($"/sys/devices/virtual/block/{name}", name, number, file is null ? [] : [("loop/backing_file", file)]);
        Directory.CreateDirectory(Under($"/sys/devices/virtual/block/{name}/loop"));
        return this;
    }

    public FakeMachine Virtual(string name, string number, params (string File, string Text)[] files) => Block($"/sys/devices/virtual/block/{name}", name, number, files);

    public FakeMachine Btrfs(string uuid, params string[] devices)
    {
        Directory.CreateDirectory(Under($"/sys/fs/btrfs/{uuid}/devices"));
        foreach (var device in devices) File.CreateSymbolicLink(Under($"/sys/fs/btrfs/{uuid}/devices/{device}"), Under(_places[device]));
        return this;
    }

    /// <param name="parent">The number of the mount in which it is; the one before it where not given.</param>
    public FakeMachine Mount(string device, string point, string system, string source, string options = "rw", int? parent = null, string root = "/")
    {
        _lastMount++;
        _mounts.Append(CultureInfo.InvariantCulture, $"{_lastMount} {parent ?? (_lastMount == 21 ? 1 : 21)} {device} {root} {point} rw,relatime shared:1 - {system} {source} {options}\n");
        return Folder(MountTable.Unescape(point));
    }

    public FakeMachine Swap(string place, string type = "partition")
    {
        File.AppendAllText(Under("/proc/swaps"), $"{place}\t\t{type}\t1048572\t\t0\t\t-2\n");
        return this;
    }

    public FakeMachine Folder(string path)
    {
        Directory.CreateDirectory(Under(path));
        return this;
    }

    public FakeMachine Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Under(path))!);
        Directory.CreateSymbolicLink(Under(path), target);
        return this;
    }

    public FakeMachine Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Under(path))!);
        File.WriteAllText(Under(path), text);
        return this;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private FakeMachine Block(string place, string name, string number, (string File, string Text)[] files)
    {
        _places[name] = place;
        Write($"{place}/dev", $"{number}\n");
        foreach (var (file, text) in files) Write($"{place}/{file}", $"{text}\n");
        foreach (var link in new[] { $"/sys/dev/block/{number}", $"/sys/class/block/{name.Replace('/', '!')}" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Under(link))!);
            File.CreateSymbolicLink(Under(link), Path.GetRelativePath(Path.GetDirectoryName(Under(link))!, Under(place)));
        }

        return this;
    }

    private FakeMachine Slaves(string name, string[] slaves)
    {
        var folder = Under($"{_places[name]}/slaves");
        Directory.CreateDirectory(folder);
        foreach (var slave in slaves) File.CreateSymbolicLink(Path.Combine(folder, slave), Path.GetRelativePath(folder, Under(_places[slave])));
        return this;
    }

    private string Under(string path) => Path.Combine(_root, path.TrimStart('/'));
}
