using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>deploy/THREATS.md names the test that shows each promise: a test that was renamed or removed must not leave an empty one.</summary>
public sealed partial class ThreatsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "THREATS.md"));

    [Fact]
    public void Every_test_class_that_the_page_names_exists()
    {
        var classes = Directory.EnumerateFiles(Path.Combine(SharedFiles.Repository, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).ToHashSet();

        Assert.DoesNotContain(Named(), n => !classes.Contains(n));
    }

    [Fact]
    public void Every_row_ends_with_the_test_that_shows_it() => Assert.All(
        s_page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| reach", StringComparison.Ordinal)),
        row => Assert.True(row.TrimEnd().EndsWith("Tests` |", StringComparison.Ordinal) || row.TrimEnd().EndsWith("Tests |", StringComparison.Ordinal), row));

    private static IEnumerable<string> Named() => TestClass().Matches(s_page).Select(m => m.Groups[1].Value).Distinct();

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex TestClass();
}
