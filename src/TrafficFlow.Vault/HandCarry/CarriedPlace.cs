using TrafficFlow.Vault.Disks;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>Where a path that somebody has written really leads: a disk that was carried may hold links to anywhere, and with them no folder of the node itself, and none of the system, is meant.</summary>
public static class CarriedPlace
{
    private const int MostLinks = 40;

    private static readonly string[] s_system = ["/proc", "/sys", "/dev"];

    /// <summary>Follows each link of it, one component after another, as the kernel does.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="own">Data folder of the node.</param>
    /// <param name="followsLast">False for a file: that it is a link is found out when it is opened.</param>
    /// <returns>The same place without links and dots: use this one, since the other may lead elsewhere by then.</returns>
    /// <exception cref="FormatException">It leads into the node's own folder or into the system's, or has links without end.</exception>
    public static string Of(string path, string own, bool followsLast = true)
    {
        var (place, data) = (Follow(path, followsLast), Follow(own, followsLast: true));
        if (IsWithin(place, data)) throw new FormatException($"{Told(path, place)} is the node's own data folder: name the disk that is carried");
        return place;
    }

    /// <summary>Whether two folders lie on one disk; false where nobody can tell.</summary>
    public static bool IsOnDiskOf(string folder, string other) => FolderStat.Of(folder) is { } one && FolderStat.Of(other) is { } two && one.Device == two.Device;

    private static string Follow(string path, bool followsLast)
    {
        var root = Path.GetPathRoot(path) is { Length: > 0 } known ? known : throw new FormatException($"{path} does not begin at the root: write the whole path");
        var left = new Stack<string>(PartsOf(path[root.Length..]));
        var (at, links) = (root, 0);
        while (left.TryPop(out var part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                at = Path.GetDirectoryName(at) ?? root;
                continue;
            }

            var next = Path.Combine(at, part);
            if ((followsLast || left.Count > 0) && new FileInfo(next).LinkTarget is { } target)
            {
                if (++links > MostLinks) throw new FormatException($"{path} has links without end: look who had the disk");
                if (Path.IsPathRooted(target)) at = root;
                foreach (var one in PartsOf(target)) left.Push(one);
            }
            else
            {
                at = next;
            }

            if (s_system.FirstOrDefault(s => IsWithin(at, s)) is { } system) throw new FormatException($"{Told(path, at)} is of the system ({system}), and on no disk: name the disk that is carried");
        }

        return at;
    }

    /// <summary>The last first.</summary>
    private static IEnumerable<string> PartsOf(string path) => path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();

    private static bool IsWithin(string place, string folder) => place == folder || place.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Told(string path, string place) => Path.TrimEndingDirectorySeparator(path) == place ? place : $"{path} leads to {place}, which";
}
