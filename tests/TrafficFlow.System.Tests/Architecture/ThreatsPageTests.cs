using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>deploy/THREATS.md names the test that shows each promise: a test that was renamed or removed must not leave an empty one.</summary>
public sealed class ThreatsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "THREATS.md"));

    [Fact]
    public void Every_test_class_that_the_page_names_exists() => Assert.Empty(NamedTests.Of(s_page).Absent);

    [Fact]
    public void Every_row_ends_with_the_test_that_shows_it() => Assert.All(
        s_page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| reach", StringComparison.Ordinal)),
        row => Assert.True(row.TrimEnd().EndsWith("Tests` |", StringComparison.Ordinal) || row.TrimEnd().EndsWith("Tests |", StringComparison.Ordinal), row));
}
