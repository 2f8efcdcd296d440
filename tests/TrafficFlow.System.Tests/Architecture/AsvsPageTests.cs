using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>deploy/ASVS.md names the test that shows a point, or the reason: a test that was renamed or removed must not leave an empty promise.</summary>
public sealed partial class AsvsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "ASVS.md"));

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(SharedFiles.Repository, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText);
        var named = Test().Matches(s_page).Select(m => (Class: m.Groups[1].Value, Method: m.Groups[2].Value)).Distinct().ToList();

        Assert.InRange(named.Count, 40, 500);
        Assert.DoesNotContain(named, t => !sources[t.Class].Any(text => t.Method.Length == 0 || text.Contains($" {t.Method}(", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_point_has_a_test_or_a_reason() => Assert.All(
        s_page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| point", StringComparison.Ordinal)),
        row => Assert.True(row.Trim().Trim('|').Split('|') is [var point, var shown] && char.IsAsciiDigit(point.Trim()[0]) && shown.Trim().Length > 3, row));

    [GeneratedRegex(@"`([A-Za-z]+Tests)(?:\.([A-Za-z_0-9]+))?`")]
    private static partial Regex Test();
}
