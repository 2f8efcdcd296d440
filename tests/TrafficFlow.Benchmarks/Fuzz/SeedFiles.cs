using System.Text;
using System.Text.Json;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>
/// The kept corpus: Corpus/READER.txt has an input a line, in hexadecimal or as a JSON string; # begins a comment. Genuine inputs, and
/// those that once did harm, which every run tries first.
/// </summary>
internal static class SeedFiles
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fuzz", "Corpus");

    public static IReadOnlyList<byte[]> Of(string reader)
    {
        var file = Path.Combine(Folder, $"{reader}.txt");
        return File.Exists(file) ? [.. File.ReadLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(Line)] : [];
    }

    /// <summary>Of files that have MANIFEST HEX in each line.</summary>
    public static IReadOnlyList<(string Manifest, byte[] Bytes)> Manifests(string name)
    {
        var file = Path.Combine(Folder, $"{name}.txt");
        return File.Exists(file)
            ? [.. File.ReadLines(file).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(' ')).Select(l => (l[0], Convert.FromHexString(l.ElementAtOrDefault(1) ?? "")))]
            : [];
    }

    public static IReadOnlyList<byte[]> Words(params IEnumerable<string> words) => [.. words.Select(Encoding.UTF8.GetBytes)];

    private static byte[] Line(string line) =>
        line[0] == '"' ? Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(line)!) : Convert.FromHexString(line.Split(' ')[0]);
}
