using System.Buffers.Binary;
using System.Text;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>Finds rows of a picture in bytes, wherever they begin: raw, and as base64.</summary>
internal sealed class MarkedRows
{
    /// <summary>So many bytes in a row are no coincidence.</summary>
    public const int Run = 48;

    private const int Window = sizeof(ulong);

    private readonly List<byte[]> _patterns = [];
    private readonly Dictionary<ulong, (int Pattern, int Offset)> _windows = [];

    public MarkedRows(IEnumerable<byte[]> rows)
    {
        foreach (var row in rows)
        {
            Add(row);
            // A row inside a longer text begins at any of three places of a group.
            for (var shift = 0; shift < 3; shift++) Add(Encoding.ASCII.GetBytes(Convert.ToBase64String(row.AsSpan(shift, (row.Length - shift) / 3 * 3))));
        }
    }

    public bool IsIn(ReadOnlySpan<byte> bytes)
    {
        // Of each run of 48 bytes, one window of 8 begins at a multiple of 8 of the file.
        for (var at = 0; at + Window <= bytes.Length; at += Window)
        {
            if (_windows.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]), out var found) && Around(bytes, at, found) >= Run) return true;
        }

        return false;
    }

    private void Add(byte[] pattern)
    {
        for (var i = 0; i + Window <= pattern.Length; i++)
            _windows.TryAdd(BinaryPrimitives.ReadUInt64LittleEndian(pattern.AsSpan(i)), (_patterns.Count, i));
        _patterns.Add(pattern);
    }

    private int Around(ReadOnlySpan<byte> bytes, int at, (int Pattern, int Offset) found)
    {
        var pattern = _patterns[found.Pattern];
        var (before, after) = (0, 0);
        while (at - before > 0 && found.Offset - before > 0 && bytes[at - before - 1] == pattern[found.Offset - before - 1]) before++;
        while (at + after < bytes.Length && found.Offset + after < pattern.Length && bytes[at + after] == pattern[found.Offset + after]) after++;
        return before + after;
    }
}
