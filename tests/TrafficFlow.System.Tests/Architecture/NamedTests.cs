using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Settings;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>Tests that a page of the manual names: one that was renamed or removed must not leave an empty promise.</summary>
internal static partial class NamedTests
{
    /// <returns>How many the page names, and those of them that there are not.</returns>
    public static (int Named, IReadOnlyList<string> Absent) Of(string page)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(SharedFiles.Repository, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText);
        var named = Test().Matches(page).Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).Distinct().ToList();
        return (named.Count, [.. named.Where(t => !sources[t.Class].Any(text => t.Method.Length == 0 || text.Contains($" {t.Method}(", StringComparison.Ordinal))).Select(t => $"{t.Class}.{t.Method}")]);
    }

    [GeneratedRegex(@"`([A-Za-z]+Tests)(?:\.([A-Za-z_0-9]+))?`")]
    private static partial Regex Test();
}
