using System.Globalization;
using System.Text;

namespace TrafficFlow.Vault.Disks;

/// <summary>One line of /proc/PID/mountinfo.</summary>
/// <param name="Device">MAJOR:MINOR.</param>
/// <param name="Options">Of the file system, behind its source.</param>
internal sealed record Mount(int Id, int Parent, string Device, string Point, string FileSystem, string Source, string Options)
{
    /// <summary>The value of KEY=VALUE among the options; null where it does not stand there.</summary>
    public string? Option(string key) => Options.Split(',').Where(o => o.StartsWith($"{key}=", StringComparison.Ordinal)).Select(o => o[(key.Length + 1)..]).FirstOrDefault();
}

/// <summary>The mounts that a process sees, and which of them a path lies on.</summary>
internal sealed class MountTable(IReadOnlyList<Mount> mounts)
{
    /// <summary>Lines that are none are left out.</summary>
    public static MountTable Parse(string text) => new([.. text.Split('\n').Select(ParseLine).OfType<Mount>()]);

    /// <param name="path">Absolute, without links.</param>
    /// <param name="id">The mount's number, where the kernel has told it.</param>
    public Mount? Of(string path, int? id = null)
    {
        if (id is { } known && mounts.LastOrDefault(m => m.Id == known) is { } told) return told;
        // As the kernel walks: from the root, at each step into what is mounted there. A mount below a place that was mounted over later is not reached.
        var ids = mounts.Select(m => m.Id).ToHashSet();
        var current = mounts.LastOrDefault(m => m.Point == "/" && (m.Parent == m.Id || !ids.Contains(m.Parent))) ?? mounts.LastOrDefault(m => m.Point == "/");
        for (var steps = 0; current is not null && steps < mounts.Count; steps++)
        {
            var next = mounts.Where(m => m.Parent == current.Id && m.Id != current.Id && m.Point.Length >= current.Point.Length && IsWithin(path, m.Point)).ToList();
            if (next.Count == 0) break;
            current = next.Where(m => m.Point.Length == next.Min(n => n.Point.Length)).Last();
        }

        return current;
    }

    private static bool IsWithin(string path, string point) =>
        point == "/" || (path.StartsWith(point, StringComparison.Ordinal) && (path.Length == point.Length || path[point.Length] == '/'));

    private static Mount? ParseLine(string line)
    {
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var separator = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (fields.Length < 9 || separator < 0 || fields.Length < separator + 3) return null;
        if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)) return null;
        return new Mount(id, parent, fields[2], Unescape(fields[4]), fields[separator + 1], Unescape(fields[separator + 2]), fields.Length > separator + 3 ? Unescape(fields[separator + 3]) : "");
    }

    /// <summary>Blanks, tabs, line ends and backslashes are written as \ and three octal digits.</summary>
    internal static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal)) return field;
        var bytes = new List<byte>(Encoding.UTF8.GetByteCount(field));
        var source = Encoding.UTF8.GetBytes(field);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '\\' && i + 3 < source.Length && IsOctal(source[i + 1]) && IsOctal(source[i + 2]) && IsOctal(source[i + 3]))
            {
                bytes.Add((byte)(((source[i + 1] - '0') << 6) | ((source[i + 2] - '0') << 3) | (source[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static bool IsOctal(byte b) => b is >= (byte)'0' and <= (byte)'7';
}
