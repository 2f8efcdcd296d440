using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Architecture;

/// <summary>deploy/ASVS.md names the test that shows a point, or the reason: a test that was renamed or removed must not leave an empty promise.</summary>
public sealed class AsvsPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "ASVS.md"));

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var (named, absent) = NamedTests.Of(s_page);

        Assert.InRange(named, 40, 500);
        Assert.Empty(absent);
    }

    [Fact]
    public void Every_point_has_a_test_or_a_reason() => Assert.All(
        s_page.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| point", StringComparison.Ordinal)),
        row => Assert.True(row.Trim().Trim('|').Split('|') is [var point, var shown] && char.IsAsciiDigit(point.Trim()[0]) && shown.Trim().Length > 3, row));
}
