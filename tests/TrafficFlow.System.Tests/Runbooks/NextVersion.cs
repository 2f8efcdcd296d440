using System.Reflection;
using System.Text;
using TrafficFlow.Node;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>
/// The program as its next version would be, since a test has only one at hand: a copy of its folder, whose own libraries give a higher version.
/// All else in them is the same, so that data, journal and wire are as they are: FormerVersionTests reads what an older one has really written.
/// </summary>
internal static class NextVersion
{
    /// <summary>As `trafficflow --version` and `health show` tell it.</summary>
    public static string Version => Next(Own).Split('+')[0];

    /// <summary>Of the program that is tested.</summary>
    public static string Former => Own.Split('+')[0];

    private static string Own => typeof(ExitCodes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <returns>A folder that `apt install` of a test takes for a package.</returns>
    public static string MakeIn(string folder)
    {
        var program = Path.GetDirectoryName(typeof(ExitCodes).Assembly.Location)!;
        Directory.CreateDirectory(folder);
        foreach (var entry in Directory.EnumerateFileSystemEntries(program))
        {
            var to = Path.Combine(folder, Path.GetFileName(entry));
            // What finds the others by its own place must lie beside them; the rest is large.
            if (IsOwn(Path.GetFileName(entry))) File.Copy(entry, to);
            else File.CreateSymbolicLink(to, entry);
        }

        foreach (var library in Directory.GetFiles(folder, "*.dll").Where(f => new FileInfo(f).LinkTarget is null)) Rename(library);
        return folder;
    }

    private static bool IsOwn(string file) =>
        file.StartsWith("trafficflow", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".pdb", StringComparison.Ordinal) && !file.Contains(".Tests", StringComparison.Ordinal)
        && !file.Contains(".Benchmarks", StringComparison.Ordinal);

    private static void Rename(string library)
    {
        var bytes = File.ReadAllBytes(library);
        // The attribute's value: its length, then the text.
        byte[] own = [(byte)Own.Length, .. Encoding.UTF8.GetBytes(Own)];
        var at = bytes.AsSpan().IndexOf(own);
        if (at < 0) throw new InvalidOperationException($"{library} does not say that it is {Own}");
        Encoding.UTF8.GetBytes(Next(Own)).CopyTo(bytes, at + 1);
        File.WriteAllBytes(library, bytes);
    }

    /// <summary>As long as the other: 0.1.0 becomes 1.1.0.</summary>
    private static string Next(string version) => version[0] < '9' ? $"{(char)(version[0] + 1)}{version[1..]}" : throw new InvalidOperationException($"{version} has no next one of the same length");
}
