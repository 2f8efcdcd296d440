using System.Buffers.Binary;
using System.Text;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>Finds rows of a picture in bytes, wherever they begin: raw, and as base64.</summary>
internal sealed class MarkedRows
{
    /// <summary>So many bytes in a row are no coincidence.</summary>
    public const int Run = 48;

    private const int Window = sizeof(ulong);

    /// <summary>Of two pieces of a file that are looked at one after the other: what lies across their border is found.</summary>
    private const int Overlap = 4096;

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

    /// <summary>Looks into every file of a folder.</summary>
    /// <returns>Names of the files that hold a part of a row, and of all that were looked at.</returns>
    public (IReadOnlyList<string> Found, IReadOnlyList<string> Searched) In(string folder)
    {
        var (found, searched) = (new List<string>(), new List<string>());
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            // The lock, and the runtime's pipes and sockets, which would be waited on for ever.
            if (new FileInfo(file).Length == 0) continue;
            searched.Add(Path.GetFileName(file));
            if (IsInFile(file)) found.Add(Path.GetFileName(file));
        }

        return (found, searched);
    }

    /// <summary>Piece by piece, so that a dump of a process's memory can be looked through.</summary>
    public bool IsInFile(string file)
    {
        const int Piece = 16 << 20;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[Piece + Overlap];
        for (var kept = 0; ;)
        {
            var read = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            if (IsIn(buffer.AsSpan(0, kept + read))) return true;
            if (read < buffer.Length - kept) return false;
            kept = Overlap;
            buffer.AsSpan(Piece).CopyTo(buffer);
        }
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
